/** Keeps an incident going as its surroundings would: monitors repeat, people answer once, the sweep comes round. */
import type { End, Stage } from "./driver.js";

/** Closed, or with people who have read everything. */
const OVER = new Set(["closed", "escalated"]);
const MOST_ROUNDS = 8;

/** Plays until the incident is over; alice approves the first plan she sees. @returns how it stands then */
export async function playToRest(stage: Stage): Promise<End> {
  for (let round = 0; !isOver(stage); round += 1) {
    if (round >= MOST_ROUNDS) throw new Error(`No rest after ${round} rounds:\n${stage.told()}`);
    await playRound(stage);
  }
  return stage.end();
}

async function playRound(stage: Stage): Promise<void> {
  const { github } = stage;
  if (![...github.state.issues.values()].some(isIncident)) return stage.alert();
  if (isAsked(stage)) return stage.say("alice", "/approve");
  stage.pass(1);
  await stage.sweep();
}

function isAsked(stage: Stage): boolean {
  const reading = stage.reading();
  if (reading.kind !== "ok" || reading.incident.phase.at !== "awaiting-approval") return false;
  return !stage.github.comments().some(({ author }) => author.login === "alice");
}

function isOver(stage: Stage): boolean {
  const isBorn = [...stage.github.state.issues.values()].some(isIncident);
  return isBorn && OVER.has(stage.end().phase);
}

function isIncident({ labels }: { readonly labels: readonly string[] }): boolean {
  return labels.includes("incident");
}

/** The end without what alarms say about jobs that died: every death may be told, and is told in its own words. */
export function withoutAlarms({ comments, pages, ...end }: End): End {
  return {
    ...end,
    comments: comments.filter((kind) => kind !== "alarm").toSorted(),
    pages: pages.filter((reason) => reason !== "automation-error").toSorted(),
  };
}
