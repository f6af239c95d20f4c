/** Analysts that propose what the shipped runbooks would not. */
import type { Analyst } from "../../src/ports.js";
import type { Choice } from "../../src/plan/proposal.js";
import type { NonEmpty, Risk } from "../../src/words.js";

export const RELEASE: Choice = { action: "github.workflow", target: "release", params: { to: "previous" }, when: "always" };
export const FLAGS_OFF: Choice = { action: "github.workflow", target: "flags", params: { to: "off" }, when: "always" };

/** The runbooks reason, but the plan has these steps. */
export function proposing(choices: NonEmpty<Choice>, claimedRisk: Risk = "low"): (runbooks: Analyst) => Analyst {
  return (runbooks) => ({
    ...runbooks,
    propose: async (input) => {
      const proposal = await runbooks.propose(input);
      return proposal && { ...proposal, choices, claimedRisk };
    },
  });
}
