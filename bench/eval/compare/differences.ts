/** What changed between two evaluations: figures side by side, then cases. Pure. */
import type { EvalResult } from "../report.js";
import type { Evaluated } from "./evaluate-at.js";

export interface Comparison {
  readonly ref: string;
  readonly before: Evaluated;
  readonly now: Evaluated;
}

/** Differs from run to run on one machine: no news. */
const SPEED = /[ ._](?:per_s|ms_per_case)$/;

export function formatComparison({ ref, before, now }: Comparison): string {
  const figures = sideBySide(flatten(before.result), flatten(now.result)).filter(({ name }) => !SPEED.test(name));
  const changed = figures.filter(({ before: was, now: is }) => was !== is);
  const cases = sideBySide(readCases(before.cases), readCases(now.cases)).filter(({ before: was, now: is }) => was !== is);
  return [
    `${changed.length} of ${figures.length} figures differ between ${ref} (${short(before.result)}) and now (${short(now.result)}).`,
    ...table(changed.map((figure) => [figure.name, show(figure.before), show(figure.now), difference(figure)])),
    `${cases.length} cases are answered differently.`,
    ...cases.flatMap(({ name, before: was, now: is }) => [`  ${name}`, `    was ${was ?? "–"}`, `    now ${is ?? "–"}`]),
    ...before.result.failed.map((name) => `${name} broke at ${ref}.`),
    ...now.result.failed.map((name) => `${name} broke now.`),
  ].join("\n");
}

interface Pair<T> {
  readonly name: string;
  readonly before: T | undefined;
  readonly now: T | undefined;
}

function sideBySide<T>(before: ReadonlyMap<string, T>, now: ReadonlyMap<string, T>): readonly Pair<T>[] {
  return [...new Set([...before.keys(), ...now.keys()])].map((name) => ({
    name,
    before: before.get(name),
    now: now.get(name),
  }));
}

/** `cluster-cases calibration.share_below` → 0.008; what is not a number is left out. */
function flatten({ results }: EvalResult): ReadonlyMap<string, number | null> {
  const figures = new Map<string, number | null>();
  const walk = (value: unknown, scorer: string, path: readonly string[]): void => {
    if (typeof value === "number" || value === null) figures.set(`${scorer} ${path.join(".")}`, value);
    else if (typeof value === "object") for (const [key, held] of Object.entries(value)) walk(held, scorer, [...path, key]);
  };
  for (const [scorer, figure] of Object.entries(results)) walk(figure, scorer, []);
  return figures;
}

const CASE = /^ {2}[✓✗ ] (.+?): /;

/** Lines of cases under the title of their scorer; everything else is skipped. */
function readCases(text: string): ReadonlyMap<string, string> {
  const cases = new Map<string, string>();
  let title = "";
  for (const line of text.split("\n")) {
    const id = CASE.exec(line)?.[1];
    if (id !== undefined) cases.set(`${title} ${id}`, line.trim());
    else if (/^[a-z][a-z-]*(?:, renamed)?$/.test(line)) title = line;
  }
  return cases;
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const all = rows.length === 0 ? [] : [["figure", "was", "now", "±"], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(0, ...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd());
}

function difference({ before, now }: Pair<number | null>): string {
  if (typeof before !== "number" || typeof now !== "number") return "";
  return `${now < before ? "−" : "+"}${Number(Math.abs(now - before).toFixed(4))}`;
}

function show(value: number | null | undefined): string {
  return typeof value === "number" ? String(Number(value.toFixed(4))) : "–";
}

function short({ commit }: EvalResult): string {
  return commit?.slice(0, 7) ?? "no commit";
}
