import type { LoggedRequest } from "../../model.js";
import { type Caller, type Site, timestamp } from "../site.js";

export interface ValidationCounts {
  checked: number; // requests and answers held against a schema
  violations: number; // of them: those that do not fit, and answers GitHub's description does not know
  without_schema: number; // of the violations: no schema for the operation or the status answered
}
export interface ValidationProblem {
  readonly operation: string;
  readonly status: number | null; // null: the request itself
  readonly problem: string;
}
export interface Validation extends ValidationCounts {
  readonly by_operation: Record<string, ValidationCounts>;
  readonly problems: ValidationProblem[];
}

export interface RequestLog {
  readonly requests: LoggedRequest[];
  readonly validation: Validation;
  open(caller: Caller | null, operation: string, method: string, path: string): LoggedRequest;
  /** Notes the outcome of holding a message against its schema; null: there is none. */
  check(entry: LoggedRequest, status: number | null, problems: readonly string[] | null): void;
}

export function createLog(site: Pick<Site, "clock">): RequestLog {
  const requests: LoggedRequest[] = [];
  const validation: Validation = { checked: 0, violations: 0, without_schema: 0, by_operation: {}, problems: [] };
  return {
    requests,
    validation,
    open(caller, operation, method, path) {
      const job = caller?.job?.job ?? null;
      const entry: LoggedRequest = {
        n: requests.length + 1,
        at: timestamp(site.clock.now()),
        run_id: job?.runId ?? null,
        job: job?.key ?? null,
        operation,
        method,
        path,
        status: 0,
        valid: true,
        problems: [],
      };
      requests.push(entry);
      return entry;
    },
    check: (entry, status, problems) => count(validation, entry, status, problems),
  };
}

function count(validation: Validation, entry: LoggedRequest, status: number | null, problems: readonly string[] | null): void {
  const own = (validation.by_operation[entry.operation] ??= { checked: 0, violations: 0, without_schema: 0 });
  const found = problems ?? [
    `GitHub's description has no schema for ${entry.operation}${status === null ? "" : ` answering ${status}`}`,
  ];
  for (const counts of [validation, own]) {
    counts.checked += 1;
    if (found.length > 0) counts.violations += 1;
    if (problems === null) counts.without_schema += 1;
  }
  if (found.length === 0) return;
  entry.valid = false;
  entry.problems.push(...found);
  validation.problems.push(...found.map((problem) => ({ operation: entry.operation, status, problem })));
}
