/** Made-up clusters: kinds of faults that no recording at hand has, and known kinds in a system of another make. */
import { describe, expect, it } from "vitest";
import { answer, lookAtCluster, type Answer } from "../../../bench/eval/cluster/answer.js";
import type { Recording } from "../../../bench/eval/cluster/recording.js";
import { createRunbookAnalyst } from "../../../src/diagnosis/runbook/analyst.js";
import { shippedRunbooks } from "../../diagnosis/support/shipped.js";
import { KNOWN, RARE } from "../../fixtures/clusters/faults.js";
import { RAILWAY } from "../../fixtures/clusters/railway.js";
import { SHOP } from "../../fixtures/clusters/shop.js";
import { recordOf } from "../../fixtures/clusters/world.js";

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
