import type { Action } from "./action.js";
import { githubWorkflow } from "./github-workflow/github-workflow.js";
import { manual } from "./manual.js";

/** Every kind of move there is. What is not in here cannot be planned, whoever asks. */
export const catalogue: ReadonlyMap<string, Action> = new Map([githubWorkflow, manual].map((action) => [action.name, action]));
