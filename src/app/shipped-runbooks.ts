import { readdir, readFile, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { sha256 } from "../plan/canonical.js";
import type { TrustedFile } from "../ports.js";

/** The folder `runbooks/` beside `dist/` (or `lib/src/`) of the action that runs now: GitHub fetched both at one commit. */
export async function readShippedRunbooks(): Promise<readonly TrustedFile[]> {
  const called = process.argv[1] ?? ".";
  const program = await realpath(called).catch(() => called); // npx starts a link, from a folder of its own
  const folder = await findFolder(dirname(program));
  const names = (await readdir(folder)).filter((name) => name.endsWith(".md") && name !== "README.md").sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), "utf8");
      return { path: `runbooks/${name}`, text, sha: sha256(text).slice(0, 40) };
    }),
  );
}

async function findFolder(from: string): Promise<string> {
  for (const up of ["..", "../..", "../../.."]) {
    const folder = join(from, up, "runbooks");
    const found = await readdir(folder).then(
      () => true,
      () => false,
    );
    if (found) return folder;
  }
  throw new Error(`The folder runbooks/ of the action is missing beside ${from}. Check out the action as a whole.`);
}
