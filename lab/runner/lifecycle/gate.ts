import type { Actor, LabEnvironment } from "../../model.js";
import { shortRef } from "../facts.js";
import { matchesGlob } from "../schedule/glob.js";
import type { RunState } from "./state.js";

/** GitHub fails a job whose reviewers did not answer in this time. */
export const longestWaitMs = 30 * 24 * 60 * 60 * 1000;

/**
 * What an environment's branch policy says to this ref. The lab protects only the default branch, so that is all that
 * "protected branches" admits.
 * @returns GitHub's message when the ref is refused, null when it may deploy
 */
export function refusalOf(environment: LabEnvironment, ref: string, defaultBranch: string): string | null {
  const { branchPolicy } = environment;
  if (branchPolicy === null) return null;
  const isBranch = ref.startsWith("refs/heads/");
  const name = shortRef(ref);
  const allowed = isBranch && (branchPolicy === "protected" ? name === defaultBranch : matchesGlob(name, branchPolicy.patterns));
  if (allowed) return null;
  return `${isBranch ? "Branch" : "Tag"} "${name}" is not allowed to deploy to ${environment.name} due to environment protection rules.`;
}

export function mayReview(environment: LabEnvironment, state: RunState, user: Actor): boolean {
  const isReviewer = environment.reviewers.some((reviewer) => reviewer.id === user.id);
  return isReviewer && !(environment.preventSelfReview && state.facts.run.actor.id === user.id);
}
