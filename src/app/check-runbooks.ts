/** `gatehouse runbook check [folder]`: what is wrong in a folder of runbooks, before it is pushed. */
import { catalogue } from "../actions/catalogue.js";
import { checkRunbooks } from "../diagnosis/runbook/check.js";
import type { TrustedFile } from "../ports.js";
import { readLocalRunbooks } from "./local.js";

export interface CheckedFolder {
  readonly count: number;
  readonly problems: readonly string[]; // `path:line:column: …`
}

/**
 * @param shipped - the library that comes with Gatehouse
 * @throws {ConfigurationError} when the folder cannot be read
 */
export async function checkRunbookFolder(folder: string, shipped: readonly TrustedFile[]): Promise<CheckedFolder> {
  const files = await readLocalRunbooks(folder);
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
