import { type Call, type Handlers, need, ok } from "../api/operation.js";
import { renderDeployment } from "../render/deployment.js";
import { renderEnvironmentName, renderReviewers } from "../render/environment.js";
import { renderUser } from "../render/user.js";
import { type Answer, actorOf, HttpError, timestamp } from "../site.js";
import { runOf } from "./runs.js";

const read = need("actions", "read", "read");

export const reviewHandlers: Handlers = {
  "actions/get-pending-deployments-for-run": { needs: read, handle: getPending },
  "actions/get-reviews-for-run": { needs: read, handle: getReviews },
  "actions/review-pending-deployments-for-run": { needs: need("deployments", "write", "read"), handle: review },
};

function getPending(call: Call): Answer {
  const { site } = call;
  const actor = actorOf(call.caller);
  const pending = site.engine().pending(runOf(call).id);
  const rendered = pending.map((gate) => ({
    environment: renderEnvironmentName(site, gate.environment),
    wait_timer: 0,
    wait_timer_started_at: null,
    current_user_can_approve: call.caller.job === null && gate.currentUserCanApprove(actor),
    reviewers: renderReviewers(site, gate.environment),
  }));
  return ok(rendered);
}

function getReviews(call: Call): Answer {
  const { site } = call;
  const rendered = runOf(call).reviews.map((entry) => ({
    state: entry.state,
    comment: entry.comment,
    user: renderUser(site, entry.user),
    environments: entry.environments.map((reviewed) => {
      const known = [...site.state.environments.values()].find((environment) => environment.id === reviewed.id);
      const at = timestamp(known?.createdAt ?? site.state.createdAt);
      return { ...renderEnvironmentName(site, reviewed), created_at: at, updated_at: at };
    }),
  }));
  return ok(rendered);
}

/** Only a person who is a required reviewer releases a gate; no token of a job does. */
function review(call: Call): Answer {
  const { site, caller, body } = call;
  if (caller.job) throw new HttpError(403, "Resource not accessible by integration");
  const run = runOf(call);
  const ids = body["environment_ids"] as number[];
  const state = body["state"] as "approved" | "rejected";
  const waiting = site
    .engine()
    .pending(run.id)
    .filter(({ environment }) => ids.includes(environment.id));
  if (waiting.length === 0 || !site.engine().review(run.id, ids, state, String(body["comment"]), actorOf(caller))) {
    throw new HttpError(
      422,
      "There are no pending deployment requests for this run or you are not among its required reviewers.",
    );
  }
  const names = waiting.map(({ environment }) => environment.name);
  const deployments = site.state.deployments.filter(({ sha, environment }) => sha === run.headSha && names.includes(environment));
  return ok(deployments.map((deployment) => renderDeployment(site, deployment)));
}
