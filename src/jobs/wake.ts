/** Jobs `wake` and `sweep`: level, not edge. They only start the mind; what it does follows from the issue. */
import type { Config } from "../config/config.js";
import { isForeign } from "../incident/foreign.js";
import { readJournal } from "../incident/journal.js";
import { nextStep } from "../lifecycle.js";
import type { Issue, WakePorts } from "../ports.js";
import { INCIDENT_WORKFLOW } from "../remediation/hand-over.js";
import type { Inbox } from "../step.js";

export async function wake(
  incident: number,
  repository: string,
  defaultBranch: string,
  ports: Pick<WakePorts, "dispatcher">,
): Promise<void> {
  await ports.dispatcher.dispatch({
    repository,
    workflow: INCIDENT_WORKFLOW,
    ref: defaultBranch,
    inputs: { incident: String(incident) },
  });
}

/** Wakes each incident with something due: one list, one dispatch for each. @returns their numbers */
export async function sweep(repository: string, config: Config, ports: WakePorts): Promise<readonly number[]> {
  const { trunk, at } = await ports.desk.look(null);
  // Open ones apart: behind a hundred newer closed ones none must be forgotten.
  const lists = [
    await ports.incidents.list({ state: "open", changedSince: null }),
    await ports.incidents.list({ state: "all", changedSince: null }),
  ];
  const issues = [...new Map(lists.flat().map((issue) => [issue.number, issue])).values()];
  const due = issues.filter((issue) => isDue(issue, trunk.repositoryId, config, at)).map(({ number }) => number);
  for (const incident of due) await wake(incident, repository, trunk.defaultBranch, ports);
  return due;
}

/** Read from the body alone. What only comments can tell (a lost command) wakes the incident while it waits for people. */
export function isDue(issue: Issue, repositoryId: number, config: Config, now: Date): boolean {
  const reading = readJournal({ issue, comments: null, repositoryId, keys: config.keys });
  if (reading.kind === "intake") return issue.state === "open";
  if (reading.kind === "broken") return issue.state === "open" && !isForeign(issue);
  const { phase } = reading.incident;
  if (phase.at === "closed") return issue.state === "open";
  const peoplesTurn = phase.at === "awaiting-approval" || phase.at === "escalated" || reading.incident.held;
  if (issue.state === "closed" || peoplesTurn) return true;
  const step = nextStep(reading.incident, NOTHING_NEW, now, config);
  if (step.do !== "wait") return true;
  return step.for === "gate" || step.for === "hands" || step.for === "archive";
}

const EVERYTHING_TOLD: ReadonlySet<string> = Object.assign(new Set<string>(), { has: () => true });
const NOTHING_NEW: Inbox = {
  commands: [],
  intakes: [],
  executions: [],
  noticed: [],
  burned: [],
  told: EVERYTHING_TOLD,
  voidPlan: null,
  gate: null,
  filedAt: null,
};
