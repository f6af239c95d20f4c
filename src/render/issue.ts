/** The visible part of the issue: whose turn it is first, then what hurts and why, everything else folded. */
import type { Config } from "../config/config.js";
import type { Incident } from "../incident/incident.js";
import { causeBlock } from "./cause.js";
import { commandsLine } from "./commands-line.js";
import { evidencePart, hypothesesPart, plansPart, timelinePart } from "./issue-details.js";
import { blocks, person } from "./markdown.js";
import { originalPart } from "./original.js";
import { recoverBy, resolvedAt } from "./recall.js";
import { escapeInline } from "../outside/escape.js";
import { symptomLine } from "./symptom.js";
import { turn } from "./turn.js";
import { count, time, usd } from "./units.js";

export { renderTitle } from "./title.js";

export interface IssueView {
  readonly incident: Incident;
  readonly config: Config;
  readonly now: Date;
  /** Of the journal that this view is written with. */
  readonly revision: number;
  /** null: written without a key, so unsigned. */
  readonly keyId: string | null;
  /** Actions minutes used so far, null when not known. */
  readonly minutes: number | null;
}

/** Under 25,000 characters for any incident. */
export function renderIssue(view: IssueView): string {
  const { incident, config } = view;
  return blocks([
    turn(view),
    `${heading(incident, config)}  \n${symptomLine(incident)}`,
    causeBlock(incident, config),
    commandsLine(incident),
    evidencePart(incident),
    hypothesesPart(incident),
    timelinePart(incident),
    plansPart(incident),
    originalPart(incident),
    footer(view),
  ]);
}

function heading(incident: Incident, config: Config): string {
  const service = escapeInline(incident.service ?? "unknown service");
  const target = recoverBy(incident, config);
  const bold = incident.severity === null ? `**${service}** · severity not judged yet` : `**${incident.severity} · ${service}**`;
  const owner = incident.acknowledgedBy === null ? "" : ` · ${person(incident.acknowledgedBy)} is on it`;
  if (resolvedAt(incident) !== null || target === null) return `${bold}${owner}`;
  return `${bold}${owner} · recover by ${time(target, incident.openedAt)}`;
}

function footer({ incident, config, revision, keyId, minutes }: IssueView): string {
  const mode = incident.service === null ? undefined : config.services.get(incident.service)?.mode;
  const parts = [
    ...(resolvedAt(incident) === null ? ["Severity wrong? `/severity P0`. No incident? `/resolve false alarm`."] : []),
    `Spent ${usd(incident.costUsd)}${minutes === null ? "" : `, ${count(minutes, "Actions minute")}`}.`,
    mode === undefined ? "The service is not in the config." : `Mode: <i>${mode}</i>.`,
    `Revision ${revision}, ${keyId === null ? "<b>not signed: no key</b>" : `signed with key ${escapeInline(keyId)}`}.`,
  ];
  return `<sub>${parts.join(" ")}</sub>`;
}
