import pLimit from "p-limit";
import type { Host, LabRun } from "../model.js";
import { packageRoot } from "../root.js";
import { Activity } from "./lifecycle/activity.js";
import type { Floor } from "./lifecycle/floor.js";
import { statusOfRun } from "./lifecycle/outcome.js";
import { cancelRun } from "./lifecycle/run.js";
import type { Leg, RunState } from "./lifecycle/state.js";
import type { EngineOptions, Runner } from "./options.js";
import { ConcurrencyGroups } from "./schedule/concurrency.js";
import { Reviews } from "./reviews.js";
import { Sources } from "./source.js";
import { Starter } from "./start.js";

const defaultParallel = 20;

/** Starts workflows of the host's repository on its events and runs their jobs as child processes. */
export function createEngine(host: Host, options: EngineOptions): Runner {
  const states = new Map<number, RunState>();
  const floor = createFloor(options);
  const sources = new Sources(host.repository);
  const starter = new Starter({ host, floor, sources, states, scheduleActor: options.scheduleActor });
  const reviews = new Reviews(states);
  host.events.on("event", starter.onEvent);
  return {
    dispatch: async (...request) => starter.dispatch(...request),
    workflows: async () => starter.workflows(),
    cancel: (runId) => cancel(floor, states.get(runId)),
    review: (...request) => reviews.review(...request),
    pending: (runId) => reviews.pending(runId),
    kill: (jobId) => findLeg(states, jobId)?.control.kill(),
    async tick() {
      reviews.expire(host.clock.now());
      return starter.tick();
    },
    idle: () => floor.activity.idle(),
    jobMs: (jobId) => floor.jobMs.get(jobId) ?? null,
    async stop() {
      host.events.off("event", starter.onEvent);
      starter.stopped = true;
      for (const state of states.values()) stopRun(floor, state);
      await floor.activity.idle();
    },
  };
}

function createFloor(options: EngineOptions): Floor {
  let lastJobId = 25_000_000_000;
  return {
    activity: new Activity(),
    groups: new ConcurrencyGroups(),
    machines: pLimit(options.parallel ?? defaultParallel),
    machine: { gatehousePath: options.actionPath ?? packageRoot(), extraEnv: options.extraEnv ?? {} },
    jobMs: new Map(),
    nextJobId: () => (lastJobId += 1),
    changed: showStatus,
  };
}

function showStatus({ facts: { run, host } }: RunState): void {
  if (run.status === "completed") return;
  run.status = run.jobs.length === 0 ? run.status : statusOfRun(run.jobs);
  run.updatedAt = host.clock.now();
}

function cancel(floor: Floor, state: RunState | undefined): ReturnType<Runner["cancel"]> {
  if (!state) return "not-found";
  if (state.facts.run.status === "completed") return "already-completed";
  cancelRun(floor, state, "The run was canceled.");
  return "accepted";
}

/** Unlike a cancellation this leaves no step time to react. */
function stopRun(floor: Floor, state: RunState): void {
  const run: LabRun = state.facts.run;
  if (run.status === "completed") return;
  for (const node of state.nodes.values()) for (const leg of node.legs) leg.control.kill();
  cancelRun(floor, state, "The lab is shutting down.");
}

function findLeg(states: ReadonlyMap<number, RunState>, jobId: number): Leg | undefined {
  for (const state of states.values()) {
    for (const node of state.nodes.values()) {
      const leg = node.legs.find(({ job }) => job.id === jobId);
      if (leg) return leg;
    }
  }
  return undefined;
}
