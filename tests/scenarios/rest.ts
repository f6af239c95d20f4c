/** Keeps an incident going as its surroundings would: monitors repeat, people answer once, the sweep comes round. */
import type { Call } from "../fakes/world.js";
import type { Stage } from "./driver.js";
import type { End } from "./end.js";

/** The bad release, approved and fixed; lists in alphabetical order. */
export const FIXED: End = {
  phase: "closed",
  outcomes: ["recovered"],
  effects: ["deploy.yml v1.4.1"],
  pages: ["opened", "your-approval"],
  comments: ["execution", "outcome", "page", "plan"],
  live: "v1.4.1",
};

/** Closed, or with people who have read everything. */
const OVER = new Set(["closed", "escalated"]);
const MOST_ROUNDS = 8;

/** Plays until the incident is over; alice approves the first plan she sees. @returns how it stands then */
export async function playToRest(stage: Stage): Promise<End> {
  for (let round = 0; !isOver(stage); round += 1) {
    if (round >= MOST_ROUNDS) throw new Error(`No rest after ${round} rounds:\n${stage.told()}`);
    await playRound(stage);
  }
  await stage.sweep(); // once more: what is over stays as it is
  return stage.end();
}

async function playRound(stage: Stage): Promise<void> {
  if (incidentsIn(stage) === 0) return stage.alert();
  if (isAsked(stage)) return stage.say("alice", "/approve");
  stage.pass(1);
  await stage.sweep();
}

export function incidentsIn({ github }: Stage): number {
  return [...github.state.issues.values()].filter(({ labels }) => labels.includes("incident")).length;
}

function isAsked(stage: Stage): boolean {
  const reading = stage.reading();
  if (reading.kind !== "ok" || reading.incident.phase.at !== "awaiting-approval") return false;
  return !stage.github.comments().some(({ author }) => author.login === "alice");
}

function isOver(stage: Stage): boolean {
  return incidentsIn(stage) > 0 && OVER.has(stage.end().phase);
}

/** The end without what alarms say about jobs that died: every death may be told, and is told in its own words. */
export function withoutAlarms({ comments, pages, ...end }: End): End {
  return {
    ...end,
    comments: comments.filter((kind) => kind !== "alarm").toSorted(),
    pages: pages.filter((reason) => reason !== "automation-error").toSorted(),
  };
}

const CHANGES =
  /^(issues\.(create|update)|comments|reactor|dispatcher|canceller|archive\.(commit|open)|reservations\.reserve|pager)/;

/** Whether a death after this call finds the world changed. After a look it is the same as a death before the next call. */
export function changesTheWorld({ port, method }: Call): boolean {
  return CHANGES.test(`${port}.${method}`);
}
