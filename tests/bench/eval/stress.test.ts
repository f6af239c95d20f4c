/** Disturbed clusters: the bench changes what it says it changes, and a healthy cluster stays healthy in other words. */
import { describe, expect, it } from "vitest";
import { answer, lookAtCluster } from "../../../bench/eval/cluster/answer.js";
import { Recording } from "../../../bench/eval/cluster/recording.js";
import { DISTURBANCES } from "../../../bench/eval/cluster/stress/disturbances.js";
import { createRandom } from "../../../bench/eval/rename.js";
import { createRunbookAnalyst } from "../../../src/diagnosis/runbook/analyst.js";
import { shippedRunbooks } from "../../diagnosis/support/shipped.js";
import { KNOWN } from "../../fixtures/clusters/faults.js";
import { RAILWAY } from "../../fixtures/clusters/railway.js";
import { recordOf } from "../../fixtures/clusters/world.js";

const library = shippedRunbooks();
const analyst = createRunbookAnalyst(library);
const names = new Set(library.map(({ id }) => id.replaceAll("-", "_")));
const healthy = recordOf("healthy", RAILWAY);
/** What these clusters do not have, and so cannot lose or change. */
const UNTOUCHED = new Set([
  "as recorded",
  "no connection, node or dependency tools",
  "no tools beside kubectl at all",
  "no measurements and alerts",
  "kubectl alone, no measurements",
  "messages of an older scheduler",
  "messages of a newer scheduler",
  "messages of Docker",
  "image errors at another moment",
  "other container names",
  "the last 20 lines of logs alone",
]);

describe("a disturbance", () => {
  it.each(DISTURBANCES)("$name leaves what it was given, and a recording behind", ({ name, disturb }) => {
    const before = JSON.stringify(healthy);
    const disturbed = disturb(healthy, createRandom(7));
    expect(JSON.stringify(healthy)).toBe(before);
    expect(Recording.safeParse(disturbed).success).toBe(true);
    expect(UNTOUCHED.has(name) || JSON.stringify(disturbed) !== before).toBe(true);
  });

  it.each(DISTURBANCES)("$name blames nobody in a healthy cluster", async ({ disturb }) => {
    const recording = disturb(healthy, createRandom(7));
    const evidence = await lookAtCluster(recording);
    const { confidence } = await answer({ recording, evidence, analyst, runbooks: library, names });
    expect(confidence).toBeLessThan(0.7);
  });
});

describe("evidence that is gone", () => {
  it.each(DISTURBANCES.filter(({ name }) => /refused|aged out|no logs/.test(name)))(
    "$name is not made up: what is still said for sure is true",
    async ({ disturb }) => {
      const made: string[] = [];
      for (const { name, world, runbook, object } of KNOWN) {
        const recording = disturb(recordOf(name, world), createRandom(11));
        const evidence = await lookAtCluster(recording);
        const { guesses, confidence } = await answer({ recording, evidence, analyst, runbooks: library, names });
        const isTrue = guesses[0]?.rootCause === runbook.replaceAll("-", "_") && guesses[0].object === object;
        if (confidence >= 0.7 && !isTrue) made.push(name);
      }
      expect(made).toEqual([]);
    },
  );
});
