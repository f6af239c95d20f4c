/** Jobs of the shipped bundle are killed at requests of theirs, in the lab: does the story end the same? */
import { runCampaign, type CampaignResult } from "../tests/first-light/campaign.js";
import { CI_LIVES } from "../tests/first-light/kill-points.js";

/** The points of CI, over all seven jobs; the full campaign is `GATEHOUSE_CAMPAIGN=full npx vitest run tests/first-light/kill`. */
export function measureKillPoints(): Promise<CampaignResult> {
  return runCampaign(CI_LIVES, { parallel: 2 });
}

export function describeKillPoints({ tried, survived, exceptions, failures }: CampaignResult): string {
  const troubles = failures.map(({ points, why }) => `\n  ${points.join(" · ")}: ${why.join("; ")}`).join("");
  return `  ${tried} points tried, ${survived} survived with the same end, ${exceptions} went to people as the rules say, ${failures.length} lives failed${troubles}`;
}
