/** One incident of the demo, for its figures: requests by operation, and how long people would have waited. */
import { countRequests, type RequestFigures } from "../lab/demo/figures.js";
import { silent } from "../lab/demo/account.js";
import { playStory } from "../lab/demo/story.js";
import { visit } from "../lab/demo/visitor.js";
import { startLab } from "../lab/lab.js";

export interface Lifecycle {
  readonly phase: string;
  readonly requests: RequestFigures;
  readonly alert_to_plan_ms: number;
  readonly approve_to_resolved_ms: number;
  readonly soak_ms: number; // of the plan: part of approve → resolved
}

export async function measureLifecycle(): Promise<Lifecycle> {
  const lab = await startLab();
  try {
    const story = await playStory(lab, silent, () => Promise.resolve(true));
    const visitor = visit(lab.address, "admin");
    const [runs, requests, comments] = await Promise.all([visitor.runs(), visitor.requests(), visitor.comments(1)]);
    const { incident } = story.journal;
    const asked = incident.facts.findLast((fact) => fact.fact === "asked");
    return {
      phase: incident.phase.at,
      requests: countRequests(requests, runs, comments, asked?.comment ?? 0),
      alert_to_plan_ms: story.plannedAt - story.alertedAt,
      approve_to_resolved_ms: story.resolvedAt - story.approvedAt,
      soak_ms: incident.plans.at(-1)?.plan.verify.soakMs ?? 0,
    };
  } finally {
    await lab.close();
  }
}
