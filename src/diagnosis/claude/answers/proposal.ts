import { z } from "zod";
import type { Choice, Proposal } from "../../../plan/proposal.js";
import type { ProposalInput } from "../../../ports.js";
import { RISKS, type ObservationId } from "../../../words.js";
import type { Runbook } from "../../runbook/runbook.js";
import type { Move } from "../moves.js";

export const ProposalAnswer = z.strictObject({
  because: z.array(z.string().max(8)).max(40).describe("ids of observations"),
  moves: z.array(z.strictObject({ move: z.string().max(8), when: z.enum(["always", "if-not-recovered"]) })).max(2),
  risk: z.enum(RISKS),
});
export type ProposalAnswer = z.infer<typeof ProposalAnswer>;

/**
 * The moves as the catalogue has them; verification is the runbook's, else the service's default.
 * @returns null when the model chose none, or one that is not in the list: then people act
 */
export function judgeProposal(
  answer: ProposalAnswer,
  input: ProposalInput,
  moves: readonly Move[],
  runbooks: readonly Runbook[],
): Proposal | null {
  const [first, second] = answer.moves.map(({ move, when }) => toChoice(move, when, moves));
  if (first === undefined || first === null || second === null) return null;
  const [leader] = input.diagnosis.hypotheses;
  const runbook = runbooks.find(({ id }) => id === leader?.runbook) ?? null;
  const known = new Set<string>(input.observations.map(({ id }) => id));
  const because = [...new Set(answer.because)].filter((id): id is ObservationId => known.has(id));
  return {
    service: input.service.name,
    choices: [{ ...first, when: "always" }, ...(second === undefined ? [] : [second])],
    because: because.length > 0 ? because : (leader?.for ?? []),
    claimedRisk: answer.risk,
    verify: (runbook?.verify ?? []).filter(
      (criterion) => !("signal" in criterion) || input.service.signals.has(criterion.signal),
    ),
    runbook: runbook === null ? null : { id: runbook.id, sha: runbook.sha },
  };
}

function toChoice(id: string, when: Choice["when"], moves: readonly Move[]): Choice | null {
  const move = moves.find((each) => each.id === id);
  return move === undefined ? null : { action: move.action, target: move.target, params: move.params, when };
}
