import { expect, it } from "vitest";
import { runCampaign } from "./campaign.js";
import { CI_LIVES } from "./kill-points.js";

it("ends the same wherever a job is killed", async () => {
  const t = performance.now();
  const result = await runCampaign(CI_LIVES, { parallel: 2, onLife: (life) => console.log(Math.round(performance.now() - t), life) });
  console.log(result);
  expect(result.failures).toEqual([]);
}, 300_000);
