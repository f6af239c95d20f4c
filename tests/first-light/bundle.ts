/** The shipped bundle as a process of its own, as a runner starts it. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../lab/root.js";
import type { LabSession } from "./lab-session.js";

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: readonly string[]; // workflow commands `::error::`, unescaped
}

/** Runs `dist/index.js` once with these inputs against the lab's API, as a `workflow_dispatch` run of its repository. */
export async function runBundle(session: LabSession, inputs: Readonly<Record<string, string>>): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-bundle-"));
  try {
    for (const file of ["event", "output", "summary"]) writeFileSync(join(folder, file), file === "event" ? "{}" : "");
    const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
    return await run({ PATH: process.env["PATH"] ?? "", ...runnerVariables(session, folder), ...Object.fromEntries(given) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runnerVariables({ lab }: LabSession, folder: string): Record<string, string> {
  const { api_url, graphql_url, owner, repo } = lab.address;
  return {
    GITHUB_ACTIONS: "true",
    GITHUB_API_URL: api_url,
    GITHUB_GRAPHQL_URL: graphql_url,
    GITHUB_SERVER_URL: lab.github.urls.server,
    GITHUB_REPOSITORY: `${owner}/${repo}`,
    GITHUB_EVENT_NAME: "workflow_dispatch",
    GITHUB_EVENT_PATH: join(folder, "event"),
    GITHUB_OUTPUT: join(folder, "output"),
    GITHUB_STEP_SUMMARY: join(folder, "summary"),
    GITHUB_WORKFLOW: "incident",
    GITHUB_WORKSPACE: folder,
    GITHUB_JOB: "respond",
    GITHUB_RUN_ID: "1",
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_REF: "refs/heads/main",
    GITHUB_ACTOR: "jonas-weber",
    GITHUB_SHA: "0".repeat(40),
  };
}

function run(env: Record<string, string>): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(packageRoot(), "dist", "index.js")], { env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output, errors: readErrors(output) }));
  });
}

function readErrors(output: string): readonly string[] {
  return [...output.matchAll(/^::error.*?::(.*)$/gm)].map(([, text = ""]) =>
    text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%"),
  );
}
