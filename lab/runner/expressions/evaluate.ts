import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import type { FunctionDefinition } from "@actions/expressions/funcs/info";
import { falsy } from "@actions/expressions/result";
import { Expression, isTreeMap, type Tree, type TreeMap } from "../workflow/tree.js";
import { fromData, toData } from "./data.js";

/** What an expression can see: contexts by name as plain values, and functions beyond GitHub's built-in ones. */
export interface Scope {
  readonly contexts: Readonly<Record<string, unknown>>;
  readonly functions: readonly FunctionDefinition[];
}

type ExpressionData = ReturnType<typeof toData>;

export class ExpressionFailed extends Error {
  override readonly name = "ExpressionFailed";
  constructor(source: string, cause: unknown) {
    super(`The expression "${source}" failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** @throws {ExpressionFailed} on bad syntax, unknown contexts or functions, and failing functions such as fromJSON */
export function isTruthy(source: string, scope: Scope): boolean {
  return !falsy(evaluate(source, scope));
}

/** The tree with its expressions replaced by their values. */
export function resolve(tree: Tree, scope: Scope): unknown {
  if (tree instanceof Expression) return fromData(evaluate(tree.source, scope));
  if (isTreeMap(tree)) return Object.fromEntries([...tree].map(([key, value]) => [key, resolve(value, scope)]));
  if (Array.isArray(tree)) return tree.map((item: Tree) => resolve(item, scope));
  return tree;
}

/** A scalar as GitHub turns it into text: null is empty, booleans and numbers as written in JSON. */
export function resolveText(tree: Tree, scope: Scope): string {
  if (tree instanceof Expression) return evaluate(tree.source, scope).coerceString();
  return toData(resolve(tree, scope)).coerceString();
}

/** An `env:` or `with:` map as text, in its order. */
export function resolveTexts(map: TreeMap, scope: Scope): Record<string, string> {
  return Object.fromEntries([...map].map(([key, value]) => [key, resolveText(value, scope)]));
}

export function resolveBoolean(tree: Tree, scope: Scope): boolean {
  return !falsy(tree instanceof Expression ? evaluate(tree.source, scope) : toData(resolve(tree, scope)));
}

/** @throws {ExpressionFailed} when the value is not a number greater than zero */
export function resolvePositive(tree: Tree, fallback: number, scope: Scope): number {
  if (tree === null) return fallback;
  const text = resolveText(tree, scope);
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new ExpressionFailed(tree instanceof Expression ? tree.source : text, `a number above zero was expected, not "${text}"`);
}

function evaluate(source: string, scope: Scope): ExpressionData {
  try {
    const { tokens } = new Lexer(source).lex();
    const tree = new Parser(tokens, Object.keys(scope.contexts), [...scope.functions]).parse();
    const contexts = new data.Dictionary(...mentioned(source, scope).map(([key, value]) => ({ key, value: toData(value) })));
    const functions = new Map(scope.functions.map((definition) => [definition.name.toLowerCase(), definition]));
    return new Evaluator(tree, contexts, functions).evaluate();
  } catch (error) {
    throw new ExpressionFailed(source, error);
  }
}

/** Only what the expression can touch: payloads are large and most expressions read a word of them. */
function mentioned(source: string, scope: Scope): [string, unknown][] {
  const text = source.toLowerCase();
  return Object.entries(scope.contexts).filter(([name]) => text.includes(name.toLowerCase()));
}
