import type { ProposalInput } from "../../../ports.js";
import type { Observation } from "../../../incident/facts.js";
import { readForMatching } from "../../../outside/match.js";
import type { Runbook } from "../../runbook/runbook.js";
import { block, observationBlock } from "../evidence-lines.js";
import type { Move } from "../moves.js";
import { DATA_RULES, type Draft } from "../prompt.js";

const SYSTEM = [
  "You choose what to do about an incident whose cause was found. A person must approve it, and code checks it before and after.",
  "You choose from numbered moves. Prefer the one that removes the cause over one that hides the symptom, the one that can be undone over one that cannot, one move over several. A second move may follow as if-not-recovered.",
  "When no move helps, or none is safe with what is known, choose none and say so: people take over.",
  DATA_RULES,
].join("\n\n");
const MAX_PROSE = 1_500;

export function draftPropose(input: ProposalInput, moves: readonly Move[], runbooks: readonly Runbook[]): Draft {
  const { diagnosis, observations, onset, service } = input;
  const [leader] = diagnosis.hypotheses;
  const cited = new Set(diagnosis.hypotheses.flatMap((each) => [...each.for, ...each.against]));
  const runbook = runbooks.find(({ id }) => id === leader?.runbook);
  return {
    system: SYSTEM,
    facts: [
      `Service: ${service.name}. Confidence in the cause: ${diagnosis.confidence.value.toFixed(2)}.`,
      `Moves:\n${moves.map(({ id, says }) => `- ${id}: ${says}`).join("\n")}`,
      runbook === undefined ? "" : `The runbook ${runbook.id} says:\n${runbook.body.slice(0, MAX_PROSE)}`,
    ],
    data: [
      block(
        "hypotheses",
        diagnosis.hypotheses.map(({ cause, runbook: id, likelihood }) => ({
          cause: readForMatching(cause),
          runbook: id,
          likelihood,
        })),
      ),
      observationBlock(
        observations.filter((each) => cited.has(each.id) || isDeployment(each)),
        onset,
      ),
    ],
    task: "Which moves, and because of which observations?",
  };
}

/** Moves name versions by the deployment that replaced them. */
function isDeployment({ detail }: Observation): boolean {
  return detail.kind === "change" && detail.of === "deployment";
}
