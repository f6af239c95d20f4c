/** Made-up clusters: kinds of faults that no recording at hand has, and known kinds in a system of another make. */
import { describe, expect, it } from "vitest";
import { answer, lookAtCluster, type Answer } from "../../../bench/eval/cluster/answer.js";
import type { Recording } from "../../../bench/eval/cluster/recording.js";
import { createRunbookAnalyst } from "../../../src/diagnosis/runbook/analyst.js";
import { shippedRunbooks } from "../../diagnosis/support/shipped.js";
import { KNOWN, RARE } from "../../fixtures/clusters/faults.js";
import { RAILWAY } from "../../fixtures/clusters/railway.js";
import { SHOP } from "../../fixtures/clusters/shop.js";
import { recordOf, withApp, withContainer, type World } from "../../fixtures/clusters/world.js";
import { findNoIncident } from "../../../src/diagnosis/no-incident.js";
import { anAlert } from "../../evidence/support/world.js";
import { anInput } from "../../diagnosis/support/observed.js";

const library = shippedRunbooks();
const names = new Set(library.map(({ id }) => id.replaceAll("-", "_")));

async function ask(recording: Recording): Promise<Answer> {
  const evidence = await lookAtCluster(recording);
  return answer({ recording, evidence, analyst: createRunbookAnalyst(library), runbooks: library, names });
}

describe("a made-up fault is named first, with its object", () => {
  it.each([...RARE, ...KNOWN])("$name", async ({ name, runbook, object, world }) => {
    const { guesses } = await ask(recordOf(name, world));
    expect(guesses[0]).toEqual({ rootCause: runbook.replaceAll("-", "_"), object });
  });
});

describe("a made-up cluster without a fault", () => {
  it.each([
    { name: "shop", world: SHOP },
    { name: "railway, with restarts of yesterday and grumbling logs", world: RAILWAY },
  ])("$name blames nobody", async ({ name, world }) => {
    expect((await ask(recordOf(name, world))).guesses).toEqual([]);
  });
});

describe("a made-up cluster whose alert is over", () => {
  const restarted = (ago: string): World =>
    withApp(SHOP, "catalog", (app) => ({
      ...withContainer(app, {
        restarts: 1,
        state: "State:          Running\n    Last State:     Terminated\n      Reason:       Error\n      Exit Code:    1",
      }),
      pods: [{ restarts: `1 (${ago} ago)`, age: "5h" }],
    }));
  const look = async (world: World) => {
    const { observations } = await lookAtCluster(recordOf("over", world));
    return findNoIncident(anInput(observations, { alerts: [anAlert({ state: "resolved" })] }));
  };

  it.each([
    { name: "is well", world: SHOP, why: "everything in the cluster runs and is ready" },
    { name: "was restarted yesterday", world: RAILWAY, why: "everything in the cluster runs and is ready" },
    { name: "recovered a while ago", world: restarted("25m"), why: "everything in the cluster runs and is ready" },
  ])("is no incident when it $name", async ({ world, why }) => {
    expect(await look(world)).toMatchObject({ kind: "no-incident", why: expect.stringContaining(why) });
  });

  it("may be one when something ended minutes ago", async () => {
    expect(await look(restarted("3m"))).toBeNull();
  });
});
