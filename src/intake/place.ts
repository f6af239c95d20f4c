/**
 * Puts one intake where it belongs, once. Looks before it writes, so that it can be killed anywhere and run again: a newborn is
 * recognised by the key in its intake block, a comment likewise.
 */
import type { Config } from "../config/config.js";
import type { IntakePorts } from "../ports.js";
import { newbornTitle, renderIntakeComment, renderNewborn } from "../render/newborn.js";
import { correlate, isOver, type KnownIncident, type Why } from "./correlate.js";
import { encodeIntakeBlock, type Intake } from "./intake.js";
import { listIncidents, readKnown, withPending, type Register } from "./known.js";
import { closeTwins } from "./twins.js";

export type Placement =
  | { readonly kind: "opened"; readonly incident: number }
  | { readonly kind: "joined" | "repeated"; readonly incident: number; readonly why: Why | "twin" }
  | { readonly kind: "nothing-to-end" }; // resolved alerts that no incident knows

const MOST_LISTED = 100;

/** The hundred newest incidents, and all open ones when there are more. */
export async function readRegister(ports: Pick<IntakePorts, "incidents" | "desk">, config: Config): Promise<Register> {
  const newest = await listIncidents({ state: "all", changedSince: null }, ports);
  const open = newest.length < MOST_LISTED ? [] : await listIncidents({ state: "open", changedSince: null }, ports);
  const issues = new Map([...open, ...newest].map((issue) => [issue.number, issue]));
  const repositoryId = askOnce(async () => (await ports.desk.look(null)).trunk.repositoryId);
  const known: KnownIncident[] = [];
  for (const issue of issues.values()) {
    const incident = readKnown(issue, await repositoryId(), config);
    if (incident) known.push(incident);
  }
  return { repositoryId, known };
}

function askOnce<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => (answer ??= ask());
}

export async function placeIntake(intake: Intake, register: Register, ports: IntakePorts, config: Config): Promise<Placement> {
  const verdict = correlate(intake, register.known, { now: ports.clock.now() });
  switch (verdict.kind) {
    case "none":
      return { kind: "nothing-to-end" };
    case "new":
      return openNew(intake, register, ports, config);
    case "existing":
      return tell(intake, verdict, register, ports, config);
  }
}

interface Home {
  readonly incident: number;
  readonly why: Why;
}

/**
 * One comment with the intake, unless the key is known or the incident knows it all. What waits in comments counts as known, and
 * may be newer than the journal: an alert that fires again after its end is news.
 */
async function tell(intake: Intake, home: Home, register: Register, ports: IntakePorts, config: Config): Promise<Placement> {
  if (home.why === "same-key") return repeat(intake, home, register, ports, config);
  const snapshot = await ports.desk.look(home.incident);
  const current = register.known.filter(({ number }) => number === home.incident).map((known) => withPending(known, snapshot));
  const verdict = correlate(intake, current, { now: ports.clock.now() });
  if (verdict.kind === "existing" && verdict.plainRepeat) return { kind: "repeated", incident: home.incident, why: verdict.why };
  await ports.comments.post(home.incident, `${renderIntakeComment(intake)}\n\n${encodeIntakeBlock(intake)}`);
  return { kind: "joined", incident: home.incident, why: home.why };
}

/** Nothing to tell; but a run that died between opening and looking for twins may have left some. */
async function repeat(intake: Intake, home: Home, register: Register, ports: IntakePorts, config: Config): Promise<Placement> {
  const bearers = register.known.filter((known) => !isOver(known) && known.keys.has(intake.key));
  if (bearers.length < 2) return { kind: "repeated", incident: home.incident, why: home.why };
  return { kind: "repeated", incident: await closeTwins(intake.key, home.incident, register, ports, config), why: "twin" };
}

async function openNew(intake: Intake, register: Register, ports: IntakePorts, config: Config): Promise<Placement> {
  const created = await createOnce(intake, register, ports, config);
  const eldest = await closeTwins(intake.key, created, register, ports, config);
  return eldest === created ? { kind: "opened", incident: created } : { kind: "repeated", incident: eldest, why: "twin" };
}

/** A refusal is an error; an answer that got lost is not, when the issue turns out to be there. */
async function createOnce(intake: Intake, register: Register, ports: IntakePorts, config: Config): Promise<number> {
  const body = `${renderNewborn(intake, config, ports.clock.now())}\n\n${encodeIntakeBlock(intake)}`;
  try {
    return (
      await ports.issues.create({ title: newbornTitle(intake, ports.clock.now()), body, labels: ["incident", "phase:opened"] })
    ).number;
  } catch (error) {
    const born = await findNewborn(intake.key, register, ports, config);
    if (born === null) throw error;
    return born;
  }
}

async function findNewborn(key: string, register: Register, ports: IntakePorts, config: Config): Promise<number | null> {
  const before = new Set(register.known.map(({ number }) => number));
  const open = await listIncidents({ state: "open", changedSince: null }, ports);
  for (const issue of open.filter(({ number }) => !before.has(number))) {
    if (readKnown(issue, await register.repositoryId(), config)?.keys.has(key)) return issue.number;
  }
  return null;
}
