import type { TemplateToken } from "@actions/workflow-parser/templates/tokens/template-token";
import {
  isBasicExpression,
  isBoolean,
  isLiteral,
  isMapping,
  isNumber,
  isSequence,
  isString,
} from "@actions/workflow-parser/templates/tokens/type-guards";

/** An expression of a workflow file, without its `${{ }}`. Text around expressions is already folded in as `format(…)`. */
export class Expression {
  constructor(readonly source: string) {}
}

export type Tree = null | boolean | number | string | Expression | readonly Tree[] | TreeMap;
export type TreeMap = ReadonlyMap<string, Tree>;

export const emptyMap: TreeMap = new Map();

/** The parser's tokens as plain values with expressions left in place. Keeps `with`, `shell` and `permissions`, which the converter drops. */
export function toTree(token: TemplateToken): Tree {
  if (isMapping(token)) return toMap(token);
  if (isSequence(token)) return [...token].map(toTree);
  if (isBasicExpression(token)) return new Expression(token.expression);
  if (isString(token) || isBoolean(token) || isNumber(token)) return token.value;
  if (isLiteral(token)) return null;
  throw new Error(`The lab's runner does not know ${token.typeName()} values; write them out.`);
}

function toMap(token: Iterable<{ key: TemplateToken; value: TemplateToken }>): TreeMap {
  const map = new Map<string, Tree>();
  for (const { key, value } of token) {
    const name = toTree(key);
    if (typeof name !== "string") throw new Error("The lab's runner does not know expressions as keys; write them out.");
    map.set(name, toTree(value));
  }
  return map;
}

export function isTreeMap(tree: Tree | undefined): tree is TreeMap {
  return tree instanceof Map;
}

/** The map at this key, empty when absent. */
export function mapAt(map: TreeMap, key: string): TreeMap {
  const value = map.get(key);
  return isTreeMap(value) ? value : emptyMap;
}

/** The text at this key; the fallback when it is absent or no text. */
export function textAt(map: TreeMap, key: string, fallback: string): string {
  const value = map.get(key);
  return typeof value === "string" ? value : fallback;
}

/** The value at this key; null when absent. */
export function valueAt(map: TreeMap, key: string): Tree {
  return map.get(key) ?? null;
}
