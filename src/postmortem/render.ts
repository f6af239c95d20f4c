/** The post-mortem as a file: front matter for machines, then the story for people. Deterministic, blameless. */
import { escapeInline } from "../outside/escape.js";
import type { Config } from "../config/config.js";
import type { Incident } from "../incident/incident.js";
import { blocks, bullets, link, table } from "../render/markdown.js";
import { timeline, timelineLine } from "../render/timeline.js";
import { duration, durationBetween, percent, time, usd } from "../render/units.js";
import { measuredErrorRatio, symptomInPlainText } from "../render/symptom.js";
import { count } from "../render/units.js";
import { factsOf, first, newestCause, newestFact } from "../render/recall.js";
import { actionItems } from "./action-items.js";
import { citedEvidence, lessLikely } from "./root-cause.js";
import { writeFrontMatter } from "./front-matter.js";
import { postmortemPath } from "./path.js";
import { resolution, summarize } from "./summarize.js";
import { whatWasDone } from "./what-was-done.js";
import { luck, wentBadly, wentWell } from "./review.js";

export interface PostmortemView {
  readonly incident: Incident;
  readonly config: Config;
  /** "https://github.com/acme/incidents": the repository in which the issue is. */
  readonly repositoryUrl: string;
  /** Of the runbook whose cause it was; reviewed text. */
  readonly followUps: readonly string[];
}

/** @throws when the incident is not resolved. */
export function renderPostmortem(view: PostmortemView): { readonly path: string; readonly text: string } {
  const { incident, config } = view;
  const sections: readonly (readonly [string, string])[] = [
    ["Summary", summary(incident)],
    ["Impact", impact(incident, config)],
    [
      "Timeline",
      `All times UTC, first day ${incident.onset.toISOString().slice(0, 10)}.\n\n${bullets(timeline(incident).map((entry) => timelineLine(entry, incident.onset)))}`,
    ],
    ["Root cause", rootCause(incident)],
    ["Contributing factors", contributingFactors(incident)],
    ["Less likely", lessLikely(incident)],
    ["What was done and verified", whatWasDone(incident)],
    ["What went well", bullets(wentWell(incident))],
    ["What went badly", bullets(wentBadly(incident, config))],
    ["Where we were lucky", bullets(luck(incident))],
    ["Action items", actionItems(view)],
    ["Links", links(view)],
  ];
  const body = sections.map(([title, text]) => `## ${title}\n\n${text}`).join("\n\n");
  const text = `${writeFrontMatter(summarize(incident))}\n# ${headline(incident)}\n\n${body}\n`;
  return { path: postmortemPath(incident, config.postmortem.directory), text };
}

function headline(incident: Incident): string {
  return `Incident ${incident.number}: ${escapeInline(incident.service ?? "unknown service")}, ${escapeInline(symptomInPlainText(incident))}`;
}

function summary(incident: Incident): string {
  const narrated = newestFact(incident.facts, "narrated");
  if (narrated !== null && narrated.summary.length > 0) return narrated.summary.map(escapeInline).join("\n\n");
  const { at } = resolution(incident);
  const cause = newestCause(incident);
  const why = cause === null ? "The cause was not found." : `The likely cause: ${escapeInline(first(cause.hypotheses).cause)}.`;
  return `From ${time(incident.onset)} on, ${escapeInline(symptomInPlainText(incident))}. It lasted ${durationBetween(incident.onset, at)}. ${why}`;
}

function impact(incident: Incident, config: Config): string {
  const { at } = resolution(incident);
  const ratio = measuredErrorRatio(incident);
  const target = incident.severity === null ? null : config.recoveryTargetsMs[incident.severity];
  const took = at.getTime() - incident.openedAt.getTime();
  return table(
    ["", ""],
    [
      ["Severity", incident.severity ?? "never judged"],
      ["Service", escapeInline(incident.service ?? "not in the catalogue")],
      ["Requests that failed", ratio === null ? "not measured" : `${percent(ratio)}, the most that was measured`],
      ["From onset to recovery", durationBetween(incident.onset, at)],
      ["From onset to incident", durationBetween(incident.onset, incident.openedAt)],
      [
        "Recovery target",
        target === null ? "none" : `${duration(target)}: ${took <= target ? "met" : `missed by ${duration(took - target)}`}`,
      ],
      ["Alerts", alertsInWords(incident)],
      ["Cost of the analysis", usd(incident.costUsd)],
    ],
  );
}

function alertsInWords({ alerts }: Incident): string {
  const told = alerts.reduce((sum, each) => sum + each.count, 0);
  return `${count(alerts.length, "alert")}, notified ${count(told, "time")}`;
}

function rootCause(incident: Incident): string {
  const cause = newestCause(incident);
  const byPerson = incident.causeByPerson === null ? null : `${escapeInline(incident.causeByPerson)} (found by a person)`;
  if (cause === null) return byPerson ?? "Not found. The evidence that was gathered is in the incident.";
  const likeliest = first(cause.hypotheses);
  const claim = `${escapeInline(likeliest.cause)} (${percent(cause.confidence.value)} sure)`;
  return blocks([byPerson, byPerson === null ? claim : `The analyst had said: ${claim}`, citedEvidence(incident, likeliest)]);
}

function contributingFactors(incident: Incident): string {
  const caps =
    newestCause(incident)?.confidence.caps.map(
      ({ reason }) => `The diagnosis was less sure than it could have been: ${escapeInline(reason)}.`,
    ) ?? [];
  const attempts = factsOf(incident.facts, "diagnosed").length;
  const retries = attempts > 1 ? [`It took ${attempts} attempts to find the cause.`] : [];
  const all = [...caps, ...retries];
  return all.length === 0 ? "None in the record. Add what people know." : bullets(all);
}

function links({ incident, repositoryUrl }: PostmortemView): string {
  const asked = factsOf(incident.facts, "asked").map(({ digest, url }) => link(`plan ${digest.slice(0, 8)}`, url));
  const runs = incident.executions.map(({ run }) => link(`run ${run}`, `${repositoryUrl}/actions/runs/${run}`));
  return bullets([link(`incident ${incident.number}`, `${repositoryUrl}/issues/${incident.number}`), ...asked, ...runs]);
}
