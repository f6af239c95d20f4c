import { data } from "@actions/expressions";
import type { FunctionDefinition } from "@actions/expressions/funcs/info";

/** What the status functions of a condition answer from; `names` are the arguments a job's condition may give. */
export interface Status {
  success(names: readonly string[]): boolean;
  failure(names: readonly string[]): boolean;
  cancelled(): boolean;
}

/** `success()`, `failure()`, `always()` and `cancelled()`, which the expression library leaves to the runner. */
export function statusFunctions(status: Status): FunctionDefinition[] {
  return [
    define("success", (names) => status.success(names)),
    define("failure", (names) => status.failure(names)),
    define("cancelled", () => status.cancelled()),
    define("always", () => true),
  ];
}

function define(name: string, answer: (names: string[]) => boolean): FunctionDefinition {
  return {
    name,
    minArgs: 0,
    maxArgs: Number.MAX_SAFE_INTEGER,
    call: (...args) => new data.BooleanData(answer(args.map((arg) => arg.coerceString()))),
  };
}
