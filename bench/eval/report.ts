/** What a run of the scorers looks like, to people and to programs. Pure. */
import type { Outcome, Run } from "./run.js";
import type { CaseResult, Figures, Goal } from "./scorer.js";

export const SCHEMA_VERSION = 1;

export interface EvalResult {
  readonly schema_version: typeof SCHEMA_VERSION;
  readonly commit: string | null; // null: not in a clone
  readonly results: Readonly<Record<string, unknown>>; // figures by scorer; `renamed` beside them where asked for
  readonly skipped: readonly string[];
  readonly failed: readonly string[];
}

export function toJson({ runs, skipped, failed }: Outcome, commit: string | null): EvalResult {
  const results = Object.fromEntries(
    runs.map(({ scorer, plain, renamed }) => [
      scorer.name,
      renamed === null ? plain.figures : { ...plain.figures, renamed: renamed.figures },
    ]),
  );
  return {
    schema_version: SCHEMA_VERSION,
    commit,
    results,
    skipped: skipped.map(({ name }) => name),
    failed: failed.map(({ name }) => name),
  };
}

type Cell = string | number | null;

/** One line a figure: ours, with other names, the goal, what others reached. */
export function formatTable({ runs, skipped, failed }: Outcome): string {
  const rows = [["scorer", "figure", "ours", "renamed", "±", "goal", "", "s", "published"], ...runs.flatMap(rowsOf)];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const notes = runs.flatMap(({ scorer, plain }) => plain.notes.map((note) => `${scorer.name}: ${note}`));
  const missing = skipped.map(({ name, why }) => `${name}: skipped, ${why}`);
  const broken = failed.map(({ name, why }) => `${name}: FAILED: ${why}`);
  return [...lines, ...section(notes), ...section(missing), ...section(broken)].join("\n");
}

function section(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", ...lines];
}

function rowsOf({ scorer, plain, renamed, ms }: Run): readonly (readonly string[])[] {
  const others = new Map(renamed === null ? [] : flatten(renamed.figures));
  return flatten(plain.figures).map(([figure, value], index) => {
    const other = others.get(figure) ?? null;
    const goal = scorer.goals.find((each) => each.figure === figure);
    const difference = typeof value === "number" && typeof other === "number" ? signed(other - value) : "";
    return [
      index === 0 ? scorer.name : "",
      figure,
      show(value),
      renamed === null ? "" : show(other),
      difference,
      showGoal(goal),
      mark(goal, value),
      index === 0 ? (ms / 1_000).toFixed(1) : "",
      goal?.published ?? "",
    ];
  });
}

function flatten(figures: Figures, prefix = ""): readonly (readonly [string, Cell])[] {
  return Object.entries(figures).flatMap(([name, value]) =>
    typeof value === "object" && value !== null ? flatten(value, `${prefix}${name}.`) : [[`${prefix}${name}`, value] as const],
  );
}

function show(value: Cell): string {
  if (value === null) return "–";
  return typeof value === "number" ? String(Math.round(value * 1_000) / 1_000) : value;
}

function signed(difference: number): string {
  return `${difference < 0 ? "−" : "+"}${Math.abs(difference).toFixed(3)}`;
}

function showGoal(goal: Goal | undefined): string {
  if (goal?.atLeast !== undefined) return `≥ ${goal.atLeast}`;
  return goal?.atMost === undefined ? "" : `≤ ${goal.atMost}`;
}

function mark(goal: Goal | undefined, value: Cell): string {
  if (goal === undefined || typeof value !== "number" || (goal.atLeast === undefined && goal.atMost === undefined)) return "";
  return value >= (goal.atLeast ?? -Infinity) && value <= (goal.atMost ?? Infinity) ? "✓" : "✗";
}

/** Case by case; wrong ones show what was expected. */
export function formatCases({ scorer, plain, renamed }: Run): string {
  const parts = [
    { title: scorer.name, cases: plain.cases },
    { title: `${scorer.name}, renamed`, cases: renamed?.cases ?? [] },
  ];
  return parts
    .filter(({ cases }) => cases.length > 0)
    .map(({ title, cases }) => [title, ...cases.map(formatCase)].join("\n"))
    .join("\n");
}

function formatCase({ id, right, answer, expected }: CaseResult): string {
  const sign = right === null ? " " : right ? "✓" : "✗";
  return `  ${sign} ${id}: ${answer}${right === true || expected === "" ? "" : ` (expected ${expected})`}`;
}
