import { describe, expect, it } from "vitest";
import { dieEverywhere } from "./survive.js";

/** Whether the run was started cannot be told: the intent is written, no run is listed, and a second one could do harm. */
const INTENT_WITHOUT_RUN =
  "escalated (ambiguous-effect) · no effect · comments execution outcome page page plan · pages ambiguous-effect opened your-approval";

describe("a bad release, approved and fixed, and the process killed anywhere", () => {
  it("ends closed, with one incident, one effect and nothing said twice; but an intent without its run goes to people", async () => {
    const { undisturbed, deaths, different } = await dieEverywhere({}, "alert");
    expect(undisturbed).toMatchObject({ phase: "closed", outcomes: ["recovered"], effects: ["deploy.yml v1.4.1"] });
    expect(deaths).toBeGreaterThan(100);
    expect(different).toEqual([
      `after comments.post: ${INTENT_WITHOUT_RUN}`,
      `before dispatcher.dispatch deploy.yml: ${INTENT_WITHOUT_RUN}`,
    ]);
  }, 120_000);
});
