import { describe, expect, it } from "vitest";
import { liveVersion } from "../fakes/world.js";
import { BAD, SICK, type Health } from "./shop.js";
import { dieEverywhere } from "./survive.js";

/** Whether a run was started cannot be told: its intent is written, no run is listed, and a second one could do harm. */
const intentWithoutRun = (effects: string): string =>
  `escalated (ambiguous-effect) · ${effects} · comments execution outcome page page plan · pages ambiguous-effect opened your-approval`;

const WORSE: Health = { errorRatio: 0.95, waiting: 90, firing: true };

describe("a plan that makes it worse and is undone, and the process killed anywhere", () => {
  it("ends with people, with one incident, each effect once and nothing said twice; but an intent without its run is ambiguous", async () => {
    const { undisturbed, deaths, different } = await dieEverywhere(
      { health: (github) => () => (liveVersion(github) === BAD ? SICK : WORSE) },
      "plan",
    );
    expect(undisturbed).toMatchObject({
      phase: "escalated",
      outcomes: ["worse-undone"],
      effects: ["deploy.yml v1.4.1", "deploy.yml v1.4.2"],
    });
    expect(deaths).toBeGreaterThan(75);
    expect(different).toEqual([
      `after comments.post: ${intentWithoutRun("no effect")}`,
      `before dispatcher.dispatch deploy.yml: ${intentWithoutRun("no effect")}`,
      `after comments.edit: ${intentWithoutRun("deploy.yml v1.4.1")}`,
      `before dispatcher.dispatch deploy.yml: ${intentWithoutRun("deploy.yml v1.4.1")}`,
    ]);
  }, 120_000);
});
