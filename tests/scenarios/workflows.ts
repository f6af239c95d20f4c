/** The three workflow files as code: which job runs after which, under which `if:`, with what it is handed. */
import type { Outcome } from "../../src/app/app.js";
import type { RunRecord } from "../fakes/world.js";
import { runAlarm, runJob, type Cast, type JobRequest } from "./jobs.js";

export type Event =
  | { readonly name: "repository_dispatch"; readonly payload: Readonly<Record<string, unknown>> }
  | {
      readonly name: "issues";
      readonly payload: Readonly<Record<string, unknown>>;
      readonly incident: number;
      readonly opens: boolean;
    }
  | { readonly name: "issue_comment"; readonly incident: number }
  | { readonly name: "workflow_dispatch"; readonly incident: number };

interface Job {
  readonly result: "success" | "failure" | "skipped";
  readonly outcome: Outcome | null;
}
class DeadError extends Error {
  override readonly name = "DeadError";
}
const SKIPPED: Job = { result: "skipped", outcome: null };

export interface Workflows {
  incident(event: Event, runId: number): Promise<void>;
  remediate(run: RunRecord): Promise<void>;
  sweep(runId: number): Promise<void>;
}

/** @param tell - one line about each job that ran */
export function createWorkflows(cast: Cast, tell: (line: string) => void): Workflows {
  const { github } = cast;

  async function job(name: string, subject: number | null, work: () => Promise<Outcome>): Promise<Job> {
    const label = subject === null ? name : `${name} #${subject}`;
    try {
      const done = await work();
      if (github.isDead) throw new DeadError(); // something swallowed its death
      tell(`${label}: ${inWords(done)}`);
      return { result: done.failed ? "failure" : "success", outcome: done };
    } catch (error) {
      tell(`${label}: ${github.isDead ? "died" : `broke: ${error instanceof Error ? error.message : String(error)}`}`);
      return { result: "failure", outcome: null };
    } finally {
      // Only then: it would also forget a death to come.
      if (github.isDead) {
        github.revive();
        cast.onDeath();
      }
    }
  }
  const run = (request: JobRequest): Promise<Job> => job(request.command, request.incident, () => runJob(request, cast));

  return {
    async incident(event, runId) {
      const opens = event.name === "repository_dispatch" || (event.name === "issues" && event.opens);
      const open = opens ? await run({ command: "open", incident: null, runId, event: asEvent(event) }) : SKIPPED;
      const subject = open.outcome?.incident ?? ("incident" in event && !opens ? event.incident : null);
      const mind = subject === null ? SKIPPED : await run({ command: "respond", incident: subject, runId });
      const next = mind.outcome?.next ?? null;
      const archive = next === "archive" ? await run({ command: "archive", incident: subject, runId }) : SKIPPED;
      const hands = next === "gate" || open.outcome?.next === "gate" || archive.result === "success";
      const again = archive.result === "success" && open.outcome?.next !== "gate" ? "wake" : "hand-over";
      const handOver = hands ? await run({ command: again, incident: subject, runId }) : SKIPPED;
      const failed = Object.entries({ open, respond: mind, "hand-over": handOver, archive }).find(
        ([, { result }]) => result === "failure",
      );
      if (!failed) return;
      const payload = event.name === "repository_dispatch" ? event.payload : null;
      const incident = open.outcome?.incident ?? ("incident" in event ? event.incident : null);
      const request = { incident, failed: { job: failed[0], result: "failure" as const }, workflow: "incident", runId, payload };
      await job("alarm", incident, () => runAlarm(request, cast));
    },

    async remediate({ id: runId, inputs }) {
      const request = {
        incident: Number(inputs["incident"]),
        digest: inputs["plan"] ?? "",
        environment: inputs["environment"] ?? "",
        runId,
      };
      const check = await run({ command: "check", ...request });
      const hands = check.outcome?.go === true ? await run({ command: "remediate", ...request }) : SKIPPED;
      const wake = await run({ command: "wake", incident: request.incident, runId });
      await cast.beforeRunEnds();
      const failed = [check, hands, wake].some(({ result }) => result === "failure");
      github.endRun(runId, failed ? "failure" : "success");
    },

    async sweep(runId) {
      await run({ command: "sweep", incident: null, runId });
    },
  };
}

function asEvent(event: Event): { readonly name: string; readonly payload: Readonly<Record<string, unknown>> } {
  if (event.name === "repository_dispatch") return { name: event.name, payload: { client_payload: event.payload } };
  return { name: event.name, payload: "payload" in event ? event.payload : {} };
}

/** "did triage, page → awaiting-approval, next wait" */
function inWords({ happened, phase, next, go, reason, failed }: Outcome): string {
  const parts = [
    ...happened,
    ...(phase === null ? [] : [`→ ${phase}`]),
    ...(go === null ? [] : [`go ${go}`]),
    ...(reason === null ? [] : [`(${reason})`]),
    ...(next === null || next === "wait" ? [] : [`next ${next}`]),
    ...(failed ? ["FAILED"] : []),
  ];
  return parts.join(" ");
}
