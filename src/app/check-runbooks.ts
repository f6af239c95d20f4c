/** `gatehouse runbook check [folder]`: what is wrong in a folder of runbooks, before it is pushed. */
import { readdir, readFile } from "node:fs/promises";
import { posix } from "node:path";
import { catalogue } from "../actions/catalogue.js";
import { checkRunbooks } from "../diagnosis/runbook/check.js";
import { sha256 } from "../plan/canonical.js";
import type { TrustedFile } from "../ports.js";

export interface CheckedFolder {
  readonly count: number;
  readonly problems: readonly string[]; // `path:line:column: …`
}

/**
 * Reads the files an incident would use: markdown directly in the folder, without its README.
 * @param shipped - the library that comes with Gatehouse
 * @throws when the folder cannot be read
 */
export async function checkRunbookFolder(folder: string, shipped: readonly TrustedFile[]): Promise<CheckedFolder> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".md") && name !== "README.md").toSorted();
  const files = await Promise.all(
    names.map(async (name): Promise<TrustedFile> => {
      const path = posix.join(folder, name);
      const text = await readFile(path, "utf8");
      return { path, text, sha: sha256(text).slice(0, 40) };
    }),
  );
  return { count: files.length, problems: checkRunbooks({ files, shipped, actions: new Set(catalogue.keys()) }) };
}

/** @returns what the terminal says, and the exit code */
export function describeCheck(
  folder: string,
  { count, problems }: CheckedFolder,
): { readonly text: string; readonly code: 0 | 1 } {
  if (count === 0) return { text: `${folder} holds no runbook: markdown files directly in it. Name another folder.`, code: 1 };
  const amount = count === 1 ? "1 runbook" : `${count} runbooks`;
  if (problems.length === 0) return { text: `${amount} in ${folder}: all is well.`, code: 0 };
  const found = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return { text: `${problems.join("\n")}\n\n${amount} in ${folder}: ${found}.`, code: 1 };
}
