/** Which alerts fire for the service and for what it needs. One request; matched here, so that no name is part of a query. */
import { MAX_SUMMARY } from "../../incident/facts.js";
import { findService } from "../../intake/draft-alert.js";
import { readForMatching } from "../../outside/match.js";
import { redact } from "../../outside/redact.js";
import type { Finding, SourceRequest } from "../../ports.js";
import { endpointOf, type HttpOptions } from "../ask.js";
import { httpSource } from "../http-source.js";
import { placeInTime, plural } from "../phrases.js";
import type { TimedSource } from "../timed-source.js";
import { describeStorm } from "./alert-storm.js";
import { askAlerts, type GettableAlert } from "./alertmanager-wire.js";

const MOST_ALERTS = 12;
const CUT_SCORE = 0.05;
const MAX_NAME = 80;
const MAX_TEXT = 160;
const HALF_LIFE_MS = 3_600_000;

export function createAlertmanagerSource(options: HttpOptions): TimedSource {
  const endpoint = endpointOf("alertmanager", options);
  const observe = async (request: SourceRequest): Promise<readonly Finding[]> => {
    const alerts = (await askAlerts(endpoint, request.signal)).filter((alert) => !isNoAlarm(alert));
    const names = namesOf(request);
    const isOurs = ({ labels }: GettableAlert): boolean => findService(undefined, labels, names) !== null;
    return [...describeAlerts(alerts, request), ...describeStorm(alerts, isOurs, request.onset)];
  };
  return httpSource(endpoint, options, observe);
}

/** One finding for each alert name of each service, nearest to the onset first. Pure. */
function describeAlerts(alerts: readonly GettableAlert[], request: SourceRequest): readonly Finding[] {
  const names = namesOf(request);
  const groups = new Map<string, Group>();
  for (const alert of alerts) {
    const subject = findService(undefined, alert.labels, names);
    if (subject === null) continue;
    const key = JSON.stringify([subject, nameOf(alert)]);
    groups.set(key, join(groups.get(key), alert, subject));
  }
  const all = [...groups.values()].map((group) => toFinding(group, request)).toSorted((a, b) => b.score - a.score);
  return [...all.slice(0, MOST_ALERTS), ...sayCut(all.length, request)];
}

/** Of a storm only the nearest are told one by one. */
function sayCut(count: number, { service, onset }: SourceRequest): readonly Finding[] {
  if (count <= MOST_ALERTS) return [];
  return [
    {
      source: "alertmanager",
      subject: service.name,
      at: onset,
      summary: redact(`${count} kinds of alerts fire for it and what it needs; the nearest ${MOST_ALERTS} are told`, MAX_SUMMARY),
      detail: { kind: "event" },
      score: CUT_SCORE,
      query: null,
      link: null,
    },
  ];
}

function namesOf({ service }: SourceRequest): ReadonlySet<string> {
  return new Set([service.name, ...service.dependsOn]);
}

interface Group {
  readonly first: GettableAlert; // the one that began first
  readonly subject: string;
  readonly count: number;
  readonly isHeard: boolean; // at least one is neither silenced nor inhibited
}

function join(group: Group | undefined, alert: GettableAlert, subject: string): Group {
  const isHeard = alert.status.state !== "suppressed";
  if (group === undefined) return { first: alert, subject, count: 1, isHeard };
  const first = alert.startsAt < group.first.startsAt ? alert : group.first;
  return { first, subject, count: group.count + 1, isHeard: group.isHeard || isHeard };
}

/** Watchdogs and the like fire all the time by design and carry this severity. */
function isNoAlarm({ labels }: GettableAlert): boolean {
  return labels["severity"] === "none";
}

function nameOf({ labels }: GettableAlert): string {
  return labels["alertname"] ?? "An alert without a name";
}

function toFinding({ first, subject, count, isHeard }: Group, { service, onset }: SourceRequest): Finding {
  const severity = first.labels["severity"];
  const notes = [severity, count > 1 ? plural(count, "alert") : undefined, isHeard ? undefined : "silenced or inhibited"];
  const said = notes.filter((note) => note !== undefined && note !== "").join(", ");
  const { summary, message, description } = first.annotations;
  const text = short(summary ?? message ?? description ?? "", MAX_TEXT);
  const since = placeInTime(first.startsAt.getTime(), onset.getTime());
  return {
    source: "alertmanager",
    subject,
    at: first.startsAt,
    summary: redact(
      `${short(nameOf(first), MAX_NAME)} fires for ${subject}${said === "" ? "" : ` (${said})`}, since ${since}${text === "" ? "" : `: ${text}`}`,
      MAX_SUMMARY,
    ),
    detail: { kind: "alert" },
    score: scoreOf({
      distanceMs: Math.abs(first.startsAt.getTime() - onset.getTime()),
      isOwn: subject === service.name,
      isHeard,
    }),
    query: null,
    link: null,
  };
}

/** What a neighbour suffers says more about the cause than one more alert of the service itself. */
function scoreOf({ distanceMs, isOwn, isHeard }: { distanceMs: number; isOwn: boolean; isHeard: boolean }): number {
  const nearness = 2 ** -(distanceMs / HALF_LIFE_MS);
  return 0.1 + (isOwn ? 0.3 : 0.6) * nearness * (isHeard ? 1 : 0.5);
}

function short(text: string, limit: number): string {
  return readForMatching(redact(text, limit)).replace(/\s+/g, " ").trim();
}
