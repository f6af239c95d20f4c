import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../../../lab/root.js";
import { parseRunbook } from "../../../src/diagnosis/runbook/parse.js";
import type { Runbook } from "../../../src/diagnosis/runbook/runbook.js";

/** The shipped runbooks. @throws with the parser's message when one is not valid */
export async function readLibrary(): Promise<readonly Runbook[]> {
  const folder = join(packageRoot(), "runbooks");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".md") && name !== "README.md").toSorted();
  const files = await Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, name), "utf8") })));
  return files.map(({ name, text }) => {
    const parsed = parseRunbook({ path: `runbooks/${name}`, text, sha: "0".repeat(40) });
    if (!parsed.ok) throw new Error(parsed.message);
    return parsed.runbook;
  });
}
