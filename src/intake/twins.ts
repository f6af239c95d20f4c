/** Two runs that opened an incident for one event at the same moment: the younger closes as a duplicate of the older. */
import type { Config } from "../config/config.js";
import { readJournal } from "../incident/journal.js";
import type { IntakePorts, Issue } from "../ports.js";
import { marker, readMarker } from "../render/marker.js";
import { listIncidents, readKnown, type Register } from "./known.js";

/**
 * Every open issue with this key but the eldest is closed with one comment that points to the eldest. Only newborns: an issue that
 * the mind has taken in is the mind's to close.
 * @param own - the incident just opened, or found
 * @returns the eldest
 */
export async function closeTwins(
  key: string,
  own: number,
  register: Pick<Register, "repositoryId">,
  ports: IntakePorts,
  config: Config,
): Promise<number> {
  const open = await listIncidents({ state: "open", changedSince: null }, ports);
  if (open.every(({ number }) => number === own)) return own;
  const repositoryId = await register.repositoryId();
  const bearers = open.filter((issue) => issue.number === own || readKnown(issue, repositoryId, config)?.keys.has(key));
  const eldest = Math.min(own, ...bearers.map(({ number }) => number));
  for (const twin of bearers.filter(({ number }) => number !== eldest)) {
    const reading = readJournal({ issue: twin, comments: null, repositoryId, keys: config.keys });
    if (reading.kind === "intake") await closeAsDuplicate(twin, eldest, ports);
  }
  return eldest;
}

async function closeAsDuplicate(
  twin: Issue,
  eldest: number,
  ports: Pick<IntakePorts, "desk" | "comments" | "issues">,
): Promise<void> {
  const { comments } = await ports.desk.look(twin.number);
  const mark = `duplicate-of-${eldest}`;
  const isSaid = comments.some(({ author, body }) => author.login === twin.author.login && readMarker(body)?.key === mark);
  if (!isSaid) {
    await ports.comments.post(
      twin.number,
      `Duplicate of #${eldest}: the same event was taken in twice. Everything goes on there.\n\n${marker(mark, 0)}`,
    );
  }
  const { title, body, labels } = await ports.issues.current(twin.number);
  await ports.issues.update(twin.number, { title, body, labels, state: "closed" });
}
