/** The incident that the tests ask about: a release shrank the connection pool. And answers a model could give. */
import { redact } from "../../../../src/outside/redact.js";
import type { DiagnosisInput, ProposalInput } from "../../../../src/ports.js";
import { aChange, aLog, aMetric, anInput } from "../../support/observed.js";

export const OBSERVATIONS = [
  aMetric("E1", "error-ratio", "rose"),
  aLog("E2", "ERROR timeout: no free connection in pool (size=<*>, waiting=<*>)"),
  aMetric("E3", "pool-waiting", "rose", { now: 38 }),
  aChange("E4", "deployment"),
  aChange("E5", "config"),
];

export function poolInput(overrides: Partial<DiagnosisInput> = {}): DiagnosisInput {
  return anInput(OBSERVATIONS, overrides);
}

export const CAUSE_ANSWER = {
  hypotheses: [
    {
      cause: "The pool of connections is too small",
      because: "v1.5.0 changed the pool's settings two minutes before requests began to wait",
      runbook: "connection-pool-exhausted",
      for: ["E2", "E3", "E5"],
      against: [],
      tellApart: "the time of a single query: it stays short",
      likelihood: 0.9,
    },
    {
      cause: "The release broke something else",
      because: "errors began after it",
      runbook: "bad-deploy",
      for: ["E4", "E1"],
      against: ["E2"],
      tellApart: null,
      likelihood: 0.3,
    },
  ],
  openQuestions: ["How long does one query take?"],
  verdict: "cause",
  doubt: "none",
  healthy: [],
  confidence: 0.9,
};

export function poolProposal(overrides: Partial<ProposalInput> = {}): ProposalInput {
  return {
    ...poolInput(),
    diagnosis: {
      kind: "cause",
      hypotheses: [
        {
          runbook: "connection-pool-exhausted",
          cause: redact("checkout has more work than database connections: the pool shrank"),
          for: ["E2", "E3", "E5"],
          against: [],
          likelihood: 0.9,
          tellApart: null,
        },
      ],
      confidence: { claimed: 0.9, caps: [], value: 0.9 },
      openQuestions: [],
    },
    ...overrides,
  };
}
