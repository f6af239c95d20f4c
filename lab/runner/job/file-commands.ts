import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The files through which a step hands values back, by the name of their variable without `GITHUB_`. */
export const fileCommandNames = ["OUTPUT", "ENV", "PATH", "STATE", "STEP_SUMMARY"] as const;
export type FileCommandName = (typeof fileCommandNames)[number];
export type FileCommands = Readonly<Record<FileCommandName, string>>; // paths

export class BadFileCommand extends Error {
  override readonly name = "BadFileCommand";
}

/** Creates the empty files for one step. */
export function createFileCommands(temp: string, id: number): FileCommands {
  const folder = join(temp, "_runner_file_commands");
  mkdirSync(folder, { recursive: true });
  const paths = fileCommandNames.map((name) => [name, join(folder, `${name.toLowerCase()}_${id}`)] as const);
  for (const [, path] of paths) writeFileSync(path, "");
  return Object.fromEntries(paths) as Record<FileCommandName, string>;
}

/** The pairs in a file of `name=value` lines and `name<<DELIMITER` blocks. @throws {BadFileCommand} on anything else */
export function readPairs(path: string): Map<string, string> {
  return parsePairs(readFileSync(path, "utf8"));
}

export function parsePairs(text: string): Map<string, string> {
  const pairs = new Map<string, string>();
  const lines = text.split(/\r?\n/);
  while (lines.length > 0) {
    const line = lines.shift() ?? "";
    if (line === "") continue;
    const [name, value] = parsePair(line, lines);
    pairs.set(name, value);
  }
  return pairs;
}

function parsePair(line: string, rest: string[]): [string, string] {
  const equals = line.indexOf("=");
  const heredoc = line.indexOf("<<");
  if (equals >= 0 && (heredoc < 0 || equals < heredoc)) return [named(line.slice(0, equals), line), line.slice(equals + 1)];
  if (heredoc < 0) throw new BadFileCommand(`Invalid format '${line}'`);
  return [named(line.slice(0, heredoc), line), readBlock(line.slice(heredoc + 2), rest)];
}

function named(name: string, line: string): string {
  if (name === "") throw new BadFileCommand(`Invalid format '${line}'. Name must not be empty`);
  return name;
}

function readBlock(delimiter: string, rest: string[]): string {
  const end = rest.indexOf(delimiter);
  if (delimiter === "" || end < 0) throw new BadFileCommand(`Invalid value. Matching delimiter not found '${delimiter}'`);
  const block = rest.splice(0, end + 1);
  return block.slice(0, -1).join("\n");
}

/** Non-empty lines, for `GITHUB_PATH`. */
export function readLines(path: string): string[] {
  return readFileSync(path, "utf8")
    .split(/\r?\n/)
    .filter((line) => line !== "");
}
