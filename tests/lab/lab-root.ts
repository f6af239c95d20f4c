import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const job = "jobs: {only: {runs-on: ubuntu-latest, steps: [{run: echo hello}]}}\n";

/** Makes the folder one that the lab can set up a repository from, with workflows that know nothing of the product. */
export function writePlainRoot(root: string): string {
  const files: Record<string, string> = {
    ".github/workflows/incident.yml": `name: incident\non: {repository_dispatch: {types: [alert]}}\npermissions: {}\n${job}`,
    ".github/workflows/remediate.yml": `name: remediate\non: workflow_dispatch\npermissions: {}\n${job}`,
    ".github/workflows/sweep.yml": `name: sweep\non: {schedule: [{cron: "17 * * * *"}]}\npermissions: {}\n${job}`,
    "runbooks/example.md": "# Example\n",
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}
