import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { data } from "@actions/expressions";
import type { FunctionDefinition } from "@actions/expressions/funcs/info";
import { matchesGlob } from "../schedule/glob.js";

/** `hashFiles(pattern…)` over a workspace: SHA-256 of the SHA-256s of matching files, empty when none match; `!` excludes. */
export function hashFilesFunction(workspace: string): FunctionDefinition {
  return {
    name: "hashFiles",
    minArgs: 1,
    maxArgs: 255,
    call: (...patterns) =>
      new data.StringData(
        hashFiles(
          workspace,
          patterns.map((pattern) => pattern.coerceString()),
        ),
      ),
  };
}

function hashFiles(workspace: string, patterns: readonly string[]): string {
  const files = readdirSync(workspace, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(workspace, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith(".git/") && matchesGlob(path, patterns))
    .sort();
  if (files.length === 0) return "";
  const whole = createHash("sha256");
  for (const file of files)
    whole.update(
      createHash("sha256")
        .update(readFileSync(join(workspace, file)))
        .digest(),
    );
  return whole.digest("hex");
}
