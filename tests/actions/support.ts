/** A target of `github.workflow` in a fake GitHub. */
import { githubWorkflow } from "../../src/actions/github-workflow/github-workflow.js";
import type { Applied, ApplyRequest, Place } from "../../src/actions/action.js";
import type { DeploymentRecord, World } from "../../src/ports.js";
import type { EffectKey } from "../../src/words.js";
import type { FakeGitHub } from "../fakes/world.js";
import * as sample from "../render/sample.js";
import { release } from "../plan/support.js";

export const KEY = "gh-0123456789abcdef-1-apply" as EffectKey;

export function placeWith(deploymentEnvironment: string | null = null): Place {
  const address = { ...(release.address as object), deploymentEnvironment };
  return { repository: "acme/shop", service: "checkout", gatedEnvironment: "production-gate", target: { ...release, address } };
}

let lastId = 0;
export function record(
  ref: string,
  state: DeploymentRecord["state"],
  minute: number,
  changes: Partial<DeploymentRecord> = {},
): DeploymentRecord {
  const at = sample.at(`03:${String(minute).padStart(2, "0")}:00`);
  lastId += 1;
  return {
    id: lastId,
    ref,
    sha: "0".repeat(40),
    environment: "production",
    state,
    at,
    createdAt: at,
    by: null,
    url: null,
    ...changes,
  };
}

export function applyTo(github: FakeGitHub, changes: Partial<ApplyRequest> = {}): Promise<Applied> {
  const { runs, deployments, dispatcher, clock } = github.ports;
  const world: World = { runs, deployments, dispatcher };
  const now = clock.now();
  const request: ApplyRequest = {
    place: placeWith(),
    state: "v141",
    key: KEY,
    intendedAt: now,
    limitMs: 10 * 60_000,
    lookSince: new Date(now.getTime() - 60_000),
    earlier: "no",
    ...changes,
  };
  return githubWorkflow.apply(request, world, clock);
}
