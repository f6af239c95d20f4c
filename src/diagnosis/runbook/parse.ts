import { basename } from "node:path/posix";
import { checkShape } from "../../config/phrase.js";
import { describeProblems, type Place } from "../../config/problems.js";
import type { TrustedFile } from "../../ports.js";
import { draftRunbook } from "./draft.js";
import { readFrontMatter } from "./front-matter.js";
import type { Runbook } from "./runbook.js";
import { RunbookFile } from "./schema.js";

export type ParsedRunbook = { readonly ok: true; readonly runbook: Runbook } | { readonly ok: false; readonly message: string };

/**
 * Reads one runbook: YAML front matter between two lines of `---`, then prose.
 * @returns the runbook, or one message with every problem of the file, a line each: `path:line:column: what is wrong. What would be right.`
 */
export function parseRunbook(file: TrustedFile): ParsedRunbook {
  const front = readFrontMatter(file);
  if (front === null) {
    const says = "there is no front matter. Begin the file with a line ---, the keys of the runbook, and another line ---.";
    return refuse(file, [{ place: { line: 1, column: 1 }, says }]);
  }
  const { yaml, body } = front;
  if (!yaml.ok) return refuse(file, yaml.found);

  const shape = checkShape(RunbookFile, yaml.value);
  const found = shape.ok ? [] : shape.problems.map((problem) => ({ place: yaml.locate(problem), says: problem.says }));
  const named = checkName(file, yaml.value).map((says) => ({ place: yaml.locate({ path: ["id"], at: "value" }), says }));
  if (!shape.ok || named.length > 0) return refuse(file, [...found, ...named]);
  return { ok: true, runbook: draftRunbook(file, shape.value, body) };
}

function checkName(file: TrustedFile, value: unknown): readonly string[] {
  const name = basename(file.path).replace(/\.md$/, "");
  const id: unknown = typeof value === "object" && value !== null && "id" in value ? value.id : undefined;
  return typeof id === "string" && id !== name
    ? [`id is ${JSON.stringify(id.slice(0, 60))}. Write "${name}", the file's name.`]
    : [];
}

function refuse(file: TrustedFile, found: readonly { readonly place: Place; readonly says: string }[]): ParsedRunbook {
  return { ok: false, message: describeProblems(file.path, found) };
}
