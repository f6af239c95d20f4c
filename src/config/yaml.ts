import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
  type Document,
  type Node,
  type Pair,
} from "yaml";
import type { Place, Problem } from "./problems.js";

/** Far above any real configuration; keeps a file from eating the job's memory. */
const MOST_CHARACTERS = 400_000;

export type YamlReading =
  | { readonly ok: true; readonly value: unknown; locate(problem: Pick<Problem, "path" | "at">): Place }
  | { readonly ok: false; readonly found: readonly { readonly place: Place; readonly says: string }[] };

/**
 * Reads one YAML 1.2 document strictly: no duplicate keys, aliases, tags or second document.
 * @returns the plain value and where each part of it stands, or every syntax problem
 */
export function readYaml(text: string): YamlReading {
  const start = { line: 1, column: 1 };
  if (text.length > MOST_CHARACTERS) {
    return {
      ok: false,
      found: [{ place: start, says: `the file has ${text.length} characters. At most ${MOST_CHARACTERS} are read.` }],
    };
  }
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { version: "1.2", uniqueKeys: true, prettyErrors: false, lineCounter: lines });
  const [document, second] = "empty" in documents ? [] : documents;
  if (document === undefined) return { ok: false, found: [{ place: start, says: "the file is empty. Write its keys." }] };

  const found = [...syntaxProblems(document), ...featureProblems(document)].map(({ offset, says }) => ({
    place: placeOf(lines, offset),
    says,
  }));
  if (second !== undefined) {
    found.push({
      place: placeOf(lines, second.range[0]),
      says: "a second YAML document begins here. Keep one document in the file.",
    });
  }
  if (found.length > 0) return { ok: false, found };
  return {
    ok: true,
    value: document.toJS({ maxAliasCount: 0 }),
    locate: (problem) => placeOf(lines, offsetOf(document, problem)),
  };
}

interface Raw {
  readonly offset: number;
  readonly says: string;
}

function syntaxProblems(document: Document): Raw[] {
  return [...document.errors, ...document.warnings].map((error) => ({
    offset: error.pos[0],
    says: `not valid YAML: ${error.message.split("\n")[0] ?? ""}.`,
  }));
}

/** What YAML allows and this file does not: it could hide what a value is, or make it huge. */
function featureProblems(document: Document): Raw[] {
  const found: Raw[] = [];
  const refuseTag = (_: unknown, node: Node & { readonly tag?: string | undefined }) => {
    if (node.tag !== undefined)
      found.push({ offset: node.range?.[0] ?? 0, says: `the tag ${node.tag} is not accepted. Write the value without it.` });
  };
  visit(document, {
    Alias: (_, alias) =>
      void found.push({
        offset: alias.range?.[0] ?? 0,
        says: `the alias *${alias.source} is not accepted. Write the value out.`,
      }),
    Pair: (_, pair) => {
      if (keyOf(pair) === "__proto__")
        found.push({ offset: startOf(pair.key) ?? 0, says: "the key __proto__ is not accepted. Use another name." });
    },
    Scalar: refuseTag,
    Collection: refuseTag,
  });
  return found;
}

function placeOf(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** Where that path stands; where it does not exist, the nearest thing above it that does. */
function offsetOf(document: Document, { path, at }: Pick<Problem, "path" | "at">): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (const [index, part] of path.entries()) {
    const isLast = index === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find((item) => keyOf(item) === String(part));
      if (pair === undefined) return offset;
      const key = startOf(pair.key) ?? offset;
      offset = isLast && at === "value" && !isCollection(pair.value) ? (startOf(pair.value) ?? key) : key;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

function keyOf(pair: Pair): string | null {
  return isScalar(pair.key) ? String(pair.key.value) : null;
}

function startOf(node: unknown): number | null {
  return isScalar(node) || isCollection(node) || isAlias(node) ? (node.range?.[0] ?? null) : null;
}

function isCollection(node: unknown): node is Node {
  return isMap(node) || isSeq(node);
}
