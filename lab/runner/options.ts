import type { Actor, Engine } from "../model.js";

export interface EngineOptions {
  /** Who starts scheduled runs: on GitHub the last to touch the schedule, here an administrator. */
  readonly scheduleActor: Actor;
  /** Folder with the `action.yml` that `gatehouse/gatehouse@<sha>` stands for; default: this checkout. */
  readonly actionPath?: string;
  /** Most jobs at one time; default 20. */
  readonly parallel?: number;
  /** Added to every job's environment, under what GitHub and the workflow set. */
  readonly extraEnv?: Readonly<Record<string, string>>;
}

/** The engine with what the lab's control server also shows. */
export interface Runner extends Engine {
  /** How long a job's steps took in real time, whatever the lab's clock did; null while it runs or never ran. */
  jobMs(jobId: number): number | null;
}
