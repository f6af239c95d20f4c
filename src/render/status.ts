/** The answer to `/status`: whose turn it is, and what happened last. */
import type { IssueView } from "./issue.js";
import { blocks, bullets } from "./markdown.js";
import { symptomLine } from "./symptom.js";
import { timeline, timelineLine } from "./timeline.js";
import { turn } from "./turn.js";
import { commandsLine } from "./commands-line.js";

const LAST_EVENTS = 5;

export function renderStatus(view: IssueView): string {
  const { incident } = view;
  const last = timeline(incident)
    .slice(-LAST_EVENTS)
    .map((entry) => timelineLine(entry, incident.onset));
  return blocks([turn(view), symptomLine(incident), `Last events (UTC):\n\n${bullets(last)}`, commandsLine(incident)]);
}
