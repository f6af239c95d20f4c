/** `kubectl describe` as a tree of indented keys. Pure, and forgiving: what has another form is left out, never guessed. */
import { cleanCell } from "./table.js";

export interface Node {
  readonly key: string;
  readonly value: string; // of its own line; empty when there is only a block
  readonly lines: readonly string[]; // below it, indented as they came
}

/** The objects of one output: `kubectl describe` separates several by two empty lines and begins each with `Name:`. */
export function splitObjects(text: string): readonly string[] {
  return text
    .split(/\n(?=Name:[ ]{2,})/)
    .map((part) => part.trimEnd())
    .filter((part) => part.startsWith("Name:"));
}

/** Keys at the smallest indent of these lines, each with what is indented further. */
export function readNodes(lines: readonly string[]): readonly Node[] {
  const filled = lines.filter((line) => line.trim() !== "");
  const indent = Math.min(...filled.map(indentOf));
  const nodes: { key: string; value: string; lines: string[] }[] = [];
  for (const line of filled) {
    const found = indentOf(line) === indent ? /^\s*([^:\s][^:]*):(?:\s+(.*))?$/.exec(line) : null;
    if (found) nodes.push({ key: (found[1] ?? "").trim(), value: cleanCell((found[2] ?? "").trim()), lines: [] });
    else nodes.at(-1)?.lines.push(line);
  }
  return nodes;
}

export function readObject(text: string): readonly Node[] {
  return readNodes(text.split("\n"));
}

export function nodeOf(nodes: readonly Node[], key: string): Node | null {
  return nodes.find((each) => each.key === key) ?? null;
}

export function valueOf(nodes: readonly Node[], key: string): string {
  return nodeOf(nodes, key)?.value ?? "";
}

/** The value and the lines below it: `Labels`, `Node-Selectors`, `Tolerations`, `Taints`. */
export function listOf(nodes: readonly Node[], key: string): readonly string[] {
  const found = nodeOf(nodes, key);
  if (found === null) return [];
  return [found.value, ...found.lines.map((line) => cleanCell(line.trim()))].filter((item) => item !== "");
}

/** `a=b` items, comma-separated or a line each. */
export function pairsOf(items: readonly string[]): ReadonlyMap<string, string> {
  const pairs = items.flatMap((item) => item.split(",")).map((item) => item.trim());
  return new Map(
    pairs.flatMap((pair) => {
      const at = pair.indexOf("=");
      return at > 0 ? [[pair.slice(0, at), pair.slice(at + 1)] as const] : [];
    }),
  );
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
