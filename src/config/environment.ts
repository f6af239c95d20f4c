import { z } from "zod";
import { baseUrl, repository, text } from "./fields.js";
import { INPUTS, type InputName } from "./inputs.js";
import { checkShape } from "./phrase.js";

/** The variables of one process. Rooms are given this record; only `main.ts` and `cli.ts` know the real one. */
export type Variables = Readonly<Record<string, string | undefined>>;

const count = (right: string) => text(/^[1-9]\d{0,15}$/, right).transform(Number);
const someText = (right: string) => z.string({ error: right }).min(1, right);

/** What the runner says about the run, in its own words. */
export const RunnerVariables = z
  .object({
    GITHUB_REPOSITORY: repository,
    GITHUB_RUN_ID: count("the id of the run"),
    GITHUB_RUN_ATTEMPT: count("the attempt, a number from 1"),
    GITHUB_EVENT_NAME: someText("the name of the event"),
    GITHUB_EVENT_PATH: someText("the path of the event's payload"),
    GITHUB_API_URL: baseUrl,
    GITHUB_GRAPHQL_URL: baseUrl,
    GITHUB_SERVER_URL: baseUrl,
    GITHUB_REF: someText("the ref of the run"),
    GITHUB_SHA: text(/^[0-9a-f]{40}$/, "a commit id of 40 hex characters"),
    GITHUB_WORKSPACE: someText("the folder of the job"),
    GITHUB_ACTOR: someText("the login of who started the run"),
    GITHUB_WORKFLOW: someText("the name of the workflow"),
    GITHUB_JOB: someText("the id of the job"),
    GITHUB_OUTPUT: z.string().default(""),
    GITHUB_STEP_SUMMARY: z.string().default(""),
  })
  .transform((given) => {
    const [owner = "", name = ""] = given.GITHUB_REPOSITORY.split("/");
    return {
      repository: { owner, name, fullName: given.GITHUB_REPOSITORY },
      runId: given.GITHUB_RUN_ID,
      runAttempt: given.GITHUB_RUN_ATTEMPT,
      eventName: given.GITHUB_EVENT_NAME,
      eventPath: given.GITHUB_EVENT_PATH,
      apiUrl: withoutSlash(given.GITHUB_API_URL),
      graphqlUrl: withoutSlash(given.GITHUB_GRAPHQL_URL),
      serverUrl: withoutSlash(given.GITHUB_SERVER_URL),
      ref: given.GITHUB_REF,
      sha: given.GITHUB_SHA,
      workspace: given.GITHUB_WORKSPACE,
      actor: given.GITHUB_ACTOR,
      workflow: given.GITHUB_WORKFLOW,
      job: given.GITHUB_JOB,
      outputPath: given.GITHUB_OUTPUT === "" ? null : given.GITHUB_OUTPUT,
      summaryPath: given.GITHUB_STEP_SUMMARY === "" ? null : given.GITHUB_STEP_SUMMARY,
    };
  });
export type Environment = z.output<typeof RunnerVariables>;

/** @returns what the runner gave, or every variable that is missing or wrong in one message, a line each */
export function readEnvironment(
  variables: Variables,
): { readonly ok: true; readonly environment: Environment } | { readonly ok: false; readonly message: string } {
  const checked = checkShape(RunnerVariables, definedOnly(variables));
  if (checked.ok) return { ok: true, environment: checked.value };
  const lines = checked.problems.map((problem) => `Environment variable ${problem.says}`);
  return {
    ok: false,
    message: [...lines, "These are set by the GitHub Actions runner: run this as a step of a workflow."].join("\n"),
  };
}

/** The inputs as the runner hands them over: `plan-digest` is in `INPUT_PLAN-DIGEST`. */
export function readInputs(variables: Variables): Readonly<Partial<Record<InputName, string>>> {
  return Object.fromEntries(INPUTS.map(({ name }) => [name, variables[`INPUT_${name.toUpperCase()}`] ?? ""]));
}

/** A secret that the config names; null when the variable is not set or empty. */
export function readSecret(variables: Variables, name: string | null): string | null {
  const value = name === null ? "" : (variables[name]?.trim() ?? "");
  return value === "" ? null : value;
}

/** Where the runner hands out the job's GitHub token; null in a job without `id-token: write`. */
export function readIdTokenRequest(variables: Variables): { readonly url: string; readonly token: string } | null {
  const url = readSecret(variables, "ACTIONS_ID_TOKEN_REQUEST_URL");
  const token = readSecret(variables, "ACTIONS_ID_TOKEN_REQUEST_TOKEN");
  return url === null || token === null ? null : { url, token };
}

function definedOnly(variables: Variables): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined || value === "" ? [] : [[name, value]])),
  );
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
