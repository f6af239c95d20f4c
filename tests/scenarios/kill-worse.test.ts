import { describe, expect, it } from "vitest";
import { liveVersion } from "../fakes/world.js";
import { BAD, SICK, type Health } from "./shop.js";
import { dieEverywhere } from "./survive.js";

const WORSE: Health = { errorRatio: 0.95, waiting: 90, firing: true };

describe("a plan that makes it worse and is undone, and the process killed anywhere", () => {
  it("ends with people, with one incident, each effect once and nothing said twice; but an intent without its run is ambiguous", async () => {
    const { undisturbed, deaths, different } = await dieEverywhere({
      health: (github) => () => (liveVersion(github) === BAD ? SICK : WORSE),
    });
    expect(undisturbed).toMatchObject({
      phase: "escalated",
      outcomes: ["worse-undone"],
      effects: ["deploy.yml v1.4.1", "deploy.yml v1.4.2"],
    });
    expect(deaths).toBeGreaterThan(90);
    expect(different).toEqual([]);
  });
});
