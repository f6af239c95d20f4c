/**
 * `github.workflow`: deploys a version by starting a workflow of the service's repository and awaiting its end.
 * The state is the live version, read from GitHub's deployments. The workflow carries our key in its `run-name`,
 * because the API never returns the inputs of a run.
 */
import { z } from "zod";
import type { Clock, World } from "../../ports.js";
import type { Json } from "../../words.js";
import { DispatchUncertainError } from "../../ports.js";
import type { Action, Aim, Applied, ApplyRequest, Place } from "../action.js";
import { awaitEnd, awaitListing, findRun, type Started } from "./follow.js";
import { readHistory, ReleaseHistory } from "./history.js";
import { readAddress, resolveInputs, WorkflowAddress } from "./target.js";

/** The key names the effect of one plan; the plan's own digest is part of it, so it cannot stand in the plan. */
const KEY_TO_COME = "<key of this plan>";
const VERSION = /^[A-Za-z0-9][\w.+/-]{0,99}$/;

export const githubWorkflow: Action = {
  name: "github.workflow",
  version: 1,
  effect: "look-up-first",
  limitMs: 10 * 60_000,
  onUnchanged: "keep", // putting a suspect version back helps nobody
  byPeople: false,
  parseTarget(raw) {
    const parsed = WorkflowAddress.safeParse(raw);
    if (parsed.success) return { ok: true, address: parsed.data };
    return { ok: false, problems: parsed.error.issues.map((issue) => `${issue.path.join(".") || "target"}: ${issue.message}`) };
  },
  async observe(place, read) {
    return readHistory(await read.deployments.recent(place.repository), place);
  },
  aim: aimAtVersion,
  apply: deploy,
  holds(wanted, seen) {
    return ReleaseHistory.safeParse(seen).data?.live === wanted;
  },
};

function aimAtVersion(params: Readonly<Record<string, Json>>, seen: Json, place: Place): Aim | { readonly refused: string } {
  const history = ReleaseHistory.parse(seen);
  const { to, ...others } = params;
  const unknown = Object.keys(others);
  if (unknown.length > 0) return { refused: `github.workflow takes only "to", not ${unknown.join(", ")}` };
  if (typeof to !== "string" || !VERSION.test(to)) return { refused: "it needs to=previous or to=<version>" };
  const after = to === "previous" ? history.previous : to;
  if (after === null) return { refused: `nothing was live before ${history.live}` };
  if (after !== history.live && !history.known.includes(after))
    return { refused: `${after} was never live; known are ${history.known.join(", ")}` };
  const odd = [after, history.live].find((version) => !VERSION.test(version)); // refs of deployments can hold anything
  if (odd !== undefined)
    return { refused: `${JSON.stringify(odd)} cannot be deployed by name: it holds more than ${VERSION.source}` };
  const address = readAddress(place.target.address);
  return {
    before: history.live,
    after,
    resolved: {
      repository: place.repository,
      workflow: address.workflow,
      ref: address.ref,
      inputs: resolveInputs(address, after, KEY_TO_COME),
    },
    risk: "low",
    undo: "to-before",
    says: `deploy ${after} of ${place.service} again (live now: ${history.live}) with ${address.workflow}`,
    undoSays: `deploy ${history.live} again`,
  };
}

async function deploy(request: ApplyRequest, world: World, clock: Clock): Promise<Applied> {
  const address = readAddress(request.place.target.address);
  const started: Started = {
    repository: request.place.repository,
    workflow: address.workflow,
    key: request.key,
    intendedAt: request.intendedAt,
    lookSince: request.lookSince,
  };
  const run = await startOnce(request, started, world, clock);
  if ("outcome" in run) return run;
  return awaitEnd(started.repository, run, request.limitMs, world.runs, clock);
}

type Run = NonNullable<Awaited<ReturnType<typeof findRun>>>;

/** Looks before it starts anything that may have been started already. */
async function startOnce(request: ApplyRequest, started: Started, world: World, clock: Clock): Promise<Run | Applied> {
  if (request.earlier === "intended") return (await awaitListing(started, world.runs, clock)) ?? notListed(started);
  if (request.earlier === "perhaps") {
    const found = await findRun(started, world.runs);
    if (found) return found;
  }
  const refused = await dispatch(request, world);
  if (refused) return refused;
  return (await awaitListing(started, world.runs, clock)) ?? notListed(started);
}

/** @returns null when it was taken, or when that cannot be told: then the listing decides */
async function dispatch(request: ApplyRequest, world: World): Promise<Applied | null> {
  const address = readAddress(request.place.target.address);
  const inputs = resolveInputs(address, z.string().parse(request.state), request.key);
  try {
    await world.dispatcher.dispatch({
      repository: request.place.repository,
      workflow: address.workflow,
      ref: address.ref,
      inputs,
    });
    return null;
  } catch (error) {
    if (error instanceof DispatchUncertainError) return null;
    return {
      outcome: "failed",
      detail: `GitHub refused to start ${address.workflow}: ${error instanceof Error ? error.message : String(error)}`,
      url: null,
    };
  }
}

function notListed({ workflow, key }: Started): Applied {
  return {
    outcome: "ambiguous",
    detail: `No run of ${workflow} with the key ${key} was listed within 60 s: it may or may not have been started.`,
    url: null,
  };
}
