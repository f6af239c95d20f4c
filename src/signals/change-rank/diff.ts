/** Reads a diff: which lines went and came, in which file. Pure. */

export interface FileDiff {
  readonly path: string; // "" where the diff does not say
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** Added and unchanged lines in order: the file as it is around the change. */
  readonly now: readonly string[];
  readonly was: readonly string[];
}

export const MAX_DIFF = 200_000; // characters
/** What is longer was not written by hand, and costs too much to look through. */
export const MAX_LINE = 600;

/**
 * Reads `git diff` output, and patches cut down to hunks (`@@ path @@`), as code hosts show them.
 *
 * Hunk headers only tell where one is; what stands in them was not changed.
 */
export function readDiff(diff: string, files: readonly string[]): readonly FileDiff[] {
  const open: OpenFile[] = [];
  let current = startFile(files.length === 1 ? (files[0] ?? "") : "");
  for (const line of diff.slice(0, MAX_DIFF).split("\n")) {
    const path = pathOf(line, files);
    if (path !== null && path !== current.path) {
      open.push(current);
      current = startFile(path);
    }
    if (!isHeader(line)) takeLine(line, current);
  }
  return [...open, current].filter(({ removed, added }) => removed.length + added.length > 0);
}

interface OpenFile {
  readonly path: string;
  readonly removed: string[];
  readonly added: string[];
  readonly now: string[];
  readonly was: string[];
}

function startFile(path: string): OpenFile {
  return { path, removed: [], added: [], now: [], was: [] };
}

function isHeader(line: string): boolean {
  return /^(?:@@|diff --git |index |--- |\+\+\+ |new file|deleted file|similarity|rename |Binary files )/.test(line);
}

function pathOf(line: string, files: readonly string[]): string | null {
  const [, plain] = /^\+\+\+ (?:b\/)?(\S+)/.exec(line) ?? [];
  if (plain !== undefined) return plain === "/dev/null" ? null : plain;
  if (!line.startsWith("@@")) return null;
  return files.find((file) => line.includes(file)) ?? null;
}

function takeLine(line: string, { removed, added, now, was }: OpenFile): void {
  const text = line.slice(1, MAX_LINE);
  if (line.startsWith("-")) {
    removed.push(text);
    was.push(text);
  } else if (line.startsWith("+")) {
    added.push(text);
    now.push(text);
  } else {
    now.push(text);
    was.push(text);
  }
}

const COMMENT = /^\s*(?:\/\/|#(?!\s*(?:include|define|if|endif|pragma)\b|\[)|--\s|\/\*|\*(?:\s|\/|$)|<!--|;|rem\s)/i;

/** Without comments, blank lines and lines that only moved: what was really taken away and brought in. */
export function realChange({ removed, added }: FileDiff): {
  readonly removed: readonly string[];
  readonly added: readonly string[];
} {
  const [out, into] = [removed.filter(isCode), added.filter(isCode)];
  return { removed: without(out, into), added: without(into, out) };
}

function isCode(line: string): boolean {
  return line.trim() !== "" && !COMMENT.test(line);
}

function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const other of others) counts.set(squeeze(other), (counts.get(squeeze(other)) ?? 0) + 1);
  return lines.filter((line) => {
    const left = counts.get(squeeze(line)) ?? 0;
    counts.set(squeeze(line), left - 1);
    return left <= 0;
  });
}

/** White space is layout. */
function squeeze(line: string): string {
  return line.replace(/\s+/g, "");
}
