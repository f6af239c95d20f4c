import { oneLine } from "./clean.js";
import type { Outside } from "./outside.js";

const MAX_LOG_LINE = 4_000;

/**
 * One line for a job log that the runner does not take for a workflow command. It reads `::name` at the start of a line and
 * `##[name]` anywhere in it; a zero-width space between the signs stops both.
 * @see https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function logLine(text: Outside | string): string {
  const line = oneLine(typeof text === "string" ? text : text.outside);
  const inert = line.replace(/^:(?=:)/, ":\u200b").replace(/##(?=\[)/g, "##\u200b");
  return inert.length <= MAX_LOG_LINE ? inert : `${inert.slice(0, MAX_LOG_LINE - 1)}…`;
}
