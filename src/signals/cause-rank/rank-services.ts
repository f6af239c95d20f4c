/** Which service is the cause: every kind of evidence has its say, and the ranking says why. Pure. */
import { createCallGraph } from "./call-graph.js";
import { weighFlows } from "./from-flows.js";
import { weighLogs } from "./from-logs.js";
import { weighMachine } from "./from-machine.js";
import { weighTraces } from "./from-traces.js";
import type { RankedService, ServiceReason, ServiceEvidence } from "./model.js";

/** Likeliest cause first; services that nothing speaks for are last, in the order given. */
export function rankServices(evidence: ServiceEvidence): readonly RankedService[] {
  const graph = createCallGraph(evidence.calls);
  const flows = weighFlows(evidence, graph);
  const machine = weighMachine(evidence.series, evidence.window);
  const logs = weighLogs(evidence.logs, evidence.services, graph);
  const traces = weighTraces(evidence.visits, evidence.ways);
  return evidence.services
    .map((service) => {
      const found = flows.get(service);
      const reasons = [...(found?.for ?? []), ...[machine, logs, traces].flatMap((each) => each.get(service) ?? [])];
      return {
        service,
        score: eitherOf(reasons),
        for: reasons.toSorted((a, b) => b.strength - a.strength),
        against: found?.against ?? [],
      };
    })
    .toSorted((a, b) => b.score - a.score);
}

/** Independent reasons add up without ever passing 1. */
function eitherOf(reasons: readonly ServiceReason[]): number {
  return 1 - reasons.reduce((none, { strength }) => none * (1 - Math.min(1, strength)), 1);
}
