/** Kills jobs of the shipped bundle at chosen requests, lets GitHub's next events come, and looks whether the end is the same. */
import { setTimeout as sleep } from "node:timers/promises";
import { findBlemishes } from "./blemishes.js";
import { describePoint, everyLife, isAmbiguous, type KillPoint, type Life } from "./kill-points.js";
import { LabSession, type Notification } from "./lab-session.js";
import type { Issue, Run } from "./shapes.js";

export interface LifeResult {
  readonly points: readonly KillPoint[];
  readonly reached: readonly KillPoint[]; // where a job really died
  readonly ending: "closed" | "ambiguous" | "other";
  readonly blemishes: readonly string[]; // what is not as it should be
  readonly seconds: number; // of real time
}
export interface CampaignResult {
  readonly tried: number; // points at which a job really died
  readonly survived: number; // same end: closed, one incident, one effect, nothing said twice
  readonly exceptions: number; // went to people as the contract says: the effect may or may not have happened
  readonly failures: readonly { readonly points: readonly string[]; readonly why: readonly string[] }[];
}
export interface CampaignOptions {
  readonly parallel?: number; // labs at one time; default 1
  readonly onLife?: (result: LifeResult) => void;
}

/** Lives one incident for each list of points, each in a lab of its own. */
export async function runCampaign(lives: readonly Life[], options: CampaignOptions = {}): Promise<CampaignResult> {
  const queue = [...lives];
  const results: LifeResult[] = [];
  const work = async (): Promise<void> => {
    for (let life = queue.shift(); life; life = queue.shift()) {
      const startedAt = performance.now();
      const tried = await tryLife(life);
      const result = { ...tried, seconds: Math.round((performance.now() - startedAt) / 1000) };
      options.onLife?.(result);
      results.push(result);
    }
  };
  await Promise.all(Array.from({ length: options.parallel ?? 1 }, work));
  return summarise(results);
}

function summarise(results: readonly LifeResult[]): CampaignResult {
  const count = (chosen: readonly LifeResult[]): number => chosen.reduce((sum, { reached }) => sum + reached.length, 0);
  const good = results.filter(({ blemishes }) => blemishes.length === 0);
  const failed = results.filter(({ blemishes }) => blemishes.length > 0);
  return {
    tried: count(results),
    survived: count(good.filter(({ ending }) => ending === "closed")),
    exceptions: count(good.filter(({ ending }) => ending === "ambiguous")),
    failures: failed.map(({ points, blemishes }) => ({ points: points.map(describePoint), why: blemishes })),
  };
}

/** A life without deaths shows at which requests jobs can die. */
export async function planFullCampaign(): Promise<readonly Life[]> {
  const session = await LabSession.start();
  try {
    await session.breakShop();
    await bringHome(session, session.firing());
    return everyLife(await session.requests());
  } finally {
    await session.close();
  }
}

async function tryLife(points: Life): Promise<Omit<LifeResult, "seconds">> {
  const session = await LabSession.start();
  try {
    await session.breakShop();
    for (const { kill, ...match } of points) await session.fault(match, { kill });
    return await judge(points, session, await bringHome(session, session.firing(), points));
  } catch (error) {
    return { points, reached: points, ending: "other", blemishes: [String(error)] };
  } finally {
    await session.close();
  }
}

/** Most events that may be needed: each death wants one, and a story without any has three. */
const MOST_EVENTS = 14;

/**
 * What the world outside does while an incident lives: the monitor repeats its notification until it is taken in, an approver
 * answers the plan once, and the sweep comes round.
 * @returns the incident when nothing moves it any more
 */
export async function bringHome(session: LabSession, notification: Notification, points: Life = []): Promise<Issue> {
  let approved = false;
  for (let event = 0; event < MOST_EVENTS; event += 1) {
    const incident = await findIncident(session);
    if (!incident) await session.notify(notification);
    else if (incident.state === "closed" || incident.labels.includes("phase:escalated")) return incident;
    else if (incident.labels.includes("phase:awaiting-approval") && !approved) {
      approved = true;
      await session.say("maintain", "/approve", incident.number);
      if (points.some(isAmbiguous)) await passTheListingTime(session);
    } else await session.sweep();
    await session.rest();
  }
  throw new Error(`The incident did not end after ${MOST_EVENTS} events.\n${await session.describeRuns()}`);
}

async function findIncident(session: LabSession): Promise<Issue | undefined> {
  return (await session.issues()).find(({ labels }) => labels.includes("incident"));
}

/** Once the hands have died, the minute in which their run would have been listed goes by. */
async function passTheListingTime(session: LabSession): Promise<void> {
  await session.eventually("the hands die", async () => (await session.runs()).some((run) => isDead(run, "remediate")));
  await sleep(1_000);
  await session.advance(61);
}

async function judge(points: Life, session: LabSession, incident: Issue): Promise<Omit<LifeResult, "seconds">> {
  const runs = await session.runs();
  const reached = points.filter(({ job }) => runs.some((run) => isDead(run, job)));
  const missed = points.filter((point) => !reached.includes(point)).map((point) => `no job died at: ${describePoint(point)}`);
  const expected = points.some(isAmbiguous) ? "ambiguous" : "closed";
  const ending = await endingOf(incident, session);
  const wrongEnd =
    ending === expected
      ? []
      : [`ended ${ending} (${incident.labels.join(", ")}), not ${expected}\n${await describeTrouble(incident, session)}`];
  return { points, reached, ending, blemishes: [...missed, ...wrongEnd, ...(await findBlemishes(session, incident, expected))] };
}

async function describeTrouble(incident: Issue, session: LabSession): Promise<string> {
  const said = (await session.comments(incident.number)).at(-1)?.body.split("<details>")[0] ?? "";
  return `${incident.body.split("<details>")[0]}\n${said}\n${await session.describeRuns()}`;
}

async function endingOf(incident: Issue, session: LabSession): Promise<LifeResult["ending"]> {
  if (incident.state === "closed" && incident.labels.includes("phase:closed")) return "closed";
  const said = await session.comments(incident.number);
  const isAmbiguousEnd = incident.labels.includes("phase:escalated") && said.some(({ body }) => body.includes("may or may not"));
  return isAmbiguousEnd ? "ambiguous" : "other";
}

/** The hands' job is titled by its plan, all others by their key. */
function isDead(run: Run, job: string): boolean {
  return run.jobs.some(
    ({ name, conclusion }) => conclusion === "failure" && (name === job || (job === "remediate" && name.startsWith("Plan "))),
  );
}
