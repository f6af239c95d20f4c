import { Hono } from "hono";
import { BadInput, ClockMove, Deploy, FaultInput, parseInput } from "./control-input.js";
import type { Fault, LabClock, LabJob, LabRun, LoggedRequest } from "./model.js";
import type { WorldState } from "./world/world.js";

/** What the control server steers and shows. */
export interface Controls {
  readonly clock: LabClock;
  readonly runs: readonly LabRun[];
  readonly requests: readonly LoggedRequest[];
  readonly faults: { set(fault: Fault): void; clear(): void };
  world(): WorldState;
  /** Starts what fell due with the clock. @returns ids of the runs */
  tick(): Promise<readonly number[]>;
  /** Dispatches the shop's deploy workflow. @returns the run's id */
  deploy(version: "good" | "bad"): Promise<number>;
  jobMs(jobId: number): number | null;
}

/** The lab's control server: how tests and the demo move the clock, break the world and look behind the scenes. */
export function createControlServer(controls: Controls): Hono {
  const app = new Hono();
  app.post("/clock", async (context) => {
    const { advance_seconds } = parseInput(ClockMove, await context.req.text());
    controls.clock.advance(advance_seconds);
    const started = await controls.tick();
    return context.json({ now: controls.clock.now().toISOString(), started });
  });
  app.post("/world/deploy", async (context) => {
    const { version } = parseInput(Deploy, await context.req.text());
    return context.json({ run_id: await controls.deploy(version) }, 202);
  });
  app.get("/world", (context) => {
    const { release, version, error_rate, effects } = controls.world();
    return context.json({ release, version, error_rate, effects });
  });
  app.get("/runs", (context) => context.json({ runs: controls.runs.map((run) => showRun(run, controls)) }));
  app.get("/runs/:id/jobs/:name/log", (context) => {
    const job = findJob(controls.runs, context.req.param("id"), context.req.param("name"));
    return typeof job === "string" ? context.json({ error: job }, 404) : context.text(job.log);
  });
  app.get("/requests", (context) => context.json({ requests: controls.requests }));
  app.post("/faults", async (context) => {
    controls.faults.set(parseInput(FaultInput, await context.req.text()));
    return context.body(null, 204);
  });
  app.delete("/faults", (context) => {
    controls.faults.clear();
    return context.body(null, 204);
  });
  app.notFound((context) =>
    context.json({ error: `${context.req.method} ${context.req.path} is not part of the lab's controls.` }, 404),
  );
  app.onError((error, context) => context.json({ error: error.message }, error instanceof BadInput ? 400 : 500));
  return app;
}

function showRun(run: LabRun, controls: Controls): Record<string, unknown> {
  const { id, workflowName: workflow, name, event, status, conclusion } = run;
  const jobs = run.jobs.map((job) => ({
    name: job.name,
    status: job.status,
    conclusion: job.conclusion,
    ms: controls.jobMs(job.id),
  }));
  return { id, workflow, name, event, status, conclusion, jobs };
}

/** The job of that title, or else of that key. @returns what is missing, when it is */
function findJob(runs: readonly LabRun[], id: string, name: string): LabJob | string {
  const run = runs.find((candidate) => String(candidate.id) === id);
  if (!run) return `There is no run ${id}.`;
  const job = run.jobs.find((candidate) => candidate.name === name) ?? run.jobs.find((candidate) => candidate.key === name);
  return (
    job ??
    `Run ${id} has no job "${name}"; it has ${run.jobs.map((candidate) => `"${candidate.name}"`).join(", ") || "none yet"}.`
  );
}
