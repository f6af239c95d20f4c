/** One run of the action, composed: what it was asked, what GitHub holds, and every port. The jobs take only what their types name. */
import type { Config } from "../config/config.js";
import type { Environment, Variables } from "../config/environment.js";
import type { Inputs } from "../config/inputs.js";
import type { Runbook } from "../diagnosis/runbook/runbook.js";
import type { GitHubPorts } from "../github/ports.js";
import type { Deployments, History, Snapshot } from "../ports.js";

export interface App {
  readonly inputs: Inputs;
  readonly environment: Environment;
  readonly variables: Variables;
  readonly event: Readonly<Record<string, unknown>>; // the payload GitHub gave the run
  readonly github: GitHubPorts;
  /** Both speak of the same answer: asked once for the whole run, again only for an earlier time. */
  readonly history: History;
  readonly deployments: Deployments;
  readonly snapshot: Snapshot; // of the start: the config is in it
  readonly config: Config;
  readonly runbooks: readonly Runbook[];
  readonly log: Log;
}
export interface Log {
  info(text: string): void;
  warning(text: string): void;
  /** Nothing that is printed from now on may show it. */
  mask(secret: string): void;
}

/** How a job ended: closed words for the workflow, sentences for people. */
export interface Outcome {
  readonly incident: number | null;
  readonly phase: string | null;
  readonly next: "wait" | "gate" | "archive" | null;
  readonly go: boolean | null;
  readonly reason: string | null; // a reason code
  readonly happened: readonly string[];
  readonly comesNext: string;
  /** A refusal that people must see: the job fails and the alarm says so. */
  readonly failed: boolean;
}

export function outcome(parts: Partial<Outcome> & Pick<Outcome, "happened" | "comesNext">): Outcome {
  return { incident: null, phase: null, next: null, go: null, reason: null, failed: false, ...parts };
}

/** The person must put something right: a file, an input, a setting. Nothing has been changed. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}
