import { expect, it } from "vitest";
import { planFullCampaign, runCampaign } from "./campaign.js";
import { CI_LIVES, describePoint } from "./kill-points.js";

/** `GATEHOUSE_CAMPAIGN=full`: every request of every job, before and after; about half an hour. */
const isFull = process.env["GATEHOUSE_CAMPAIGN"] === "full";

it("ends the same wherever a job is killed and GitHub's next event comes", {
  timeout: isFull ? 7_200_000 : 400_000,
}, async () => {
  const result = await runCampaign(isFull ? await planFullCampaign() : CI_LIVES, {
    parallel: 2,
    onLife: ({ points, ending, blemishes, seconds }) => {
      const troubles = blemishes.map((blemish) => `\n  ${blemish}`).join("");
      say(`${seconds} s, ${ending}: ${points.map(describePoint).join(" · ")}${troubles}`);
    },
  });
  say(`${result.tried} points tried, ${result.survived} survived, ${result.exceptions} went to people.`);
  expect(result.failures).toEqual([]);
  expect(result.tried).toBe(result.survived + result.exceptions);
  expect(result.tried).toBeGreaterThan(12);
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
