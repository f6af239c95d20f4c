import type { LabRun } from "../../model.js";

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Filters of the run lists; newest first. `status` names a status or a conclusion. */
export function selectRuns(runs: readonly LabRun[], query: Query): LabRun[] {
  const tests: Readonly<Record<string, (run: LabRun, value: string) => boolean>> = {
    actor: (run, value) => run.actor.login.toLowerCase() === value.toLowerCase(),
    branch: (run, value) => run.headBranch === value,
    event: (run, value) => run.event === value,
    head_sha: (run, value) => run.headSha === value,
    status: (run, value) => run.status === value || run.conclusion === value,
    check_suite_id: (run, value) => run.id === Number(value),
    created: (run, value) => isCreatedWithin(run.createdAt, value),
  };
  const wanted = Object.entries(tests).filter(([name]) => query[name] !== undefined);
  return runs.filter((run) => wanted.every(([name, test]) => test(run, String(query[name])))).sort((a, b) => b.id - a.id);
}

/** GitHub's date search: `>=2024-01-01`, `2024-01-01..2024-01-31T10:00:00Z`, `*..2024-01-01`, or one day or moment. */
function isCreatedWithin(at: Date, expression: string): boolean {
  const moment = Math.floor(at.getTime() / 1000) * 1000;
  if (expression.includes("..")) {
    const [from = "*", to = "*"] = expression.split("..");
    return (from === "*" || moment >= startOf(from)) && (to === "*" || moment <= endOf(to));
  }
  const [, operator = "", date = ""] = /^(>=|<=|>|<)?(.*)$/.exec(expression) ?? [];
  if (operator === ">=") return moment >= startOf(date);
  if (operator === "<=") return moment <= endOf(date);
  if (operator === ">") return moment > endOf(date);
  if (operator === "<") return moment < startOf(date);
  return moment >= startOf(date) && moment <= endOf(date);
}

function startOf(date: string): number {
  return Date.parse(date);
}

/** A bare date means the whole day. */
function endOf(date: string): number {
  return Date.parse(date) + (/^\d{4}-\d{2}-\d{2}$/.test(date) ? 86_399_000 : 0);
}
