/** Reads one recorded incident of RootCauseBench into what sources would have found. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { groupBy } from "../../src/signals/cause-rank/group.js";
import { readForMatching } from "../../src/outside/match.js";
import type { GatherRequest } from "../../src/evidence/gather.js";
import type { Material } from "../../src/evidence/material.js";
import { MAX_SUMMARY, type Alert as FactAlert } from "../../src/incident/facts.js";
import { redact } from "../../src/outside/redact.js";
import type { Finding } from "../../src/ports.js";
import type { LogTally } from "../../src/signals/cause-rank/model.js";
import type { ServiceLine } from "../../src/signals/cause-rank/tally-logs.js";
import type { Change } from "../../src/signals/change-rank/model.js";
import { rolloutsOf, type Deployed } from "../../src/signals/change-rank/rollouts.js";
import type { NamedSeries, TellingSpan } from "../../src/signals/change-rank/symptoms.js";
import { aService } from "./case-input.js";
import { createRenamer, type Renamer } from "./rename.js";

const When = z.string().transform((text) => Date.parse(text));
const Alert = z.object({
  service: z.string(),
  metric: z.string(),
  monitor: z.string(),
  summary: z.string(),
  detail: z.string().optional(),
  fired_at: When,
});
const Commit = z.object({
  sha: z.string(),
  timestamp: When,
  message: z.string(),
  files_changed: z.array(z.string()),
  diff: z.string().nullable(),
});
const Deploy = z.object({ timestamp: When, service: z.string(), commit_sha: z.string() });
const Flag = z.object({ timestamp: When, flag: z.string(), service: z.string(), change: z.string() });
const Pattern = z.object({
  signature: z.string(),
  service: z.string(),
  count: z.number(),
  delta_vs_baseline: z.coerce.number(),
  sentiment: z.string(),
});
const Log = z.looseObject({ timestamp: When, service: z.string(), severity_text: z.string(), msg: z.string() });
const Traced = z.looseObject({
  trace_id: z.string(),
  span_id: z.string(),
  parent_id: z.string().nullable(),
  service: z.string(),
  name: z.string(),
  start: When,
  duration_ms: z.number(),
  status: z.string(),
});

export interface Incident {
  readonly request: GatherRequest;
  /** All that sources would have found, with what they read for it. */
  readonly findings: readonly Finding[];
  readonly renamer: Renamer;
}

const WINDOWS = { logsMs: 24 * 3_600_000, changesMs: 14 * 24 * 3_600_000 };

export async function readIncident(folder: string, renameSeed: number | null): Promise<Incident> {
  const files = await readFiles(folder);
  const services = servicesOf(files);
  const renamer = createServiceRenamer(services, renameSeed);
  const named = services.map((service) => renamer.text(service));
  const { alert, ...rest } = renamer.json(files);
  const deployed: readonly Deployed[] = rest.deploys.map((each) => ({
    service: each.service,
    at: each.timestamp,
    commit: each.commit_sha,
  }));
  const onset = new Date(alert.fired_at);
  const changes = [
    ...rest.commits.map((commit) => toChange(commit, deployed, named)),
    ...rest.flags.map(({ timestamp, flag, service, change }): Change => {
      const message = `${flag} ${change}`;
      return { id: flag, of: "flag", at: timestamp, message, files: [], diff: null, rollouts: [{ service, at: timestamp }] };
    }),
  ];
  const material: Material = {
    series: rest.series,
    lines: rest.logs.map(toLine),
    tallies: rest.patterns.map(toTally),
    spans: toSpans(rest.spans),
  };
  const request = {
    service: aService(alert.service),
    alerts: [toAlert(alert)] as const,
    onset,
    attempt: 1,
    now: onset,
    windows: WINDOWS,
  };
  return { request, findings: [...changes.map(changeFinding), telemetryFinding(alert.service, onset, material)], renamer };
}

function toAlert({ service, monitor, metric, summary, detail, fired_at: at }: z.infer<typeof Alert>): FactAlert {
  return {
    monitor: "json",
    id: "alert",
    fingerprint: "alert",
    name: redact(monitor),
    service,
    severity: null,
    state: "firing",
    startedAt: new Date(at),
    endedAt: null,
    summary: redact(summary),
    labels: {},
    annotations: { metric: redact(metric), ...(detail === undefined ? {} : { detail: redact(detail) }) },
    links: [],
    value: null,
    threshold: null,
  };
}

/** The reference is the commit or flag as the scorer knows it. */
function changeFinding({ id, ...change }: Change): Finding {
  const of = change.of === "flag" ? "config" : change.of;
  return {
    source: "github",
    subject: change.rollouts?.[0]?.service ?? "unknown",
    at: new Date(change.at),
    summary: redact(change.message, MAX_SUMMARY),
    detail: { kind: "change", of, ref: redact(id), previousRef: null, files: [] },
    score: 0.5,
    query: null,
    link: null,
    material: { change: { weighedAs: change, rollout: id } },
  };
}

/** As a live run sees it that does not read commits one by one: what went out together is one change. Its id lists the commits. */
export function together(findings: readonly Finding[]): readonly Finding[] {
  const changes = findings.flatMap(({ detail, material }): Change[] => {
    const weighed = material?.change?.weighedAs;
    return detail.kind === "change" && weighed ? [{ id: readForMatching(detail.ref), ...weighed }] : [];
  });
  const groups = groupBy(changes, ({ id, of, rollouts }) => {
    const [first] = rollouts ?? [];
    return first === undefined || of !== "commit" ? id : `${first.service} ${first.at}`;
  });
  const merged = [...groups.values()].map((members) => changeFinding(mergeChanges(members)));
  return [...merged, ...findings.filter(({ detail }) => detail.kind !== "change")];
}

function mergeChanges(changes: readonly Change[]): Change {
  const diffs = changes.flatMap(({ diff, files }) => (diff === null ? [] : [withPath(diff, files)]));
  return {
    id: changes.map(({ id }) => id).join(" "),
    of: changes[0]?.of === "flag" ? "flag" : "deployment",
    at: Math.max(...changes.map(({ at }) => at)),
    message: changes.map(({ message }) => message).join("\n"),
    files: [...new Set(changes.flatMap(({ files }) => files))],
    diff: diffs.length === 0 ? null : diffs.join("\n"),
    rollouts: changes[0]?.rollouts ?? null,
  };
}

function withPath(diff: string, files: readonly string[]): string {
  return files.length === 1 && !diff.includes("+++ ") ? `+++ b/${files[0]}\n${diff}` : diff;
}

function telemetryFinding(subject: string, at: Date, material: Material): Finding {
  return {
    source: "telemetry",
    subject,
    at,
    summary: redact("what was measured, logged and traced"),
    detail: { kind: "event" },
    score: 0.9,
    query: null,
    link: null,
    material,
  };
}

async function readFiles(folder: string) {
  const text = (name: string): Promise<string> => readFile(join(folder, name), "utf8");
  const json = async (name: string): Promise<unknown> => JSON.parse(await text(name));
  const logs = (await text("logs.ndjson")).trim().split("\n");
  return {
    alert: Alert.parse(await json("alert.json")),
    commits: z.array(Commit).parse(await json("commits.json")),
    deploys: z.array(Deploy).parse(await json("deploys.json")),
    flags: z.array(Flag).parse(await json("flags.json")),
    patterns: z.array(Pattern).parse(await json("patterns.json")),
    spans: z.array(Traced).parse(await json("traces.json")),
    logs: logs.map((line) => Log.parse(JSON.parse(line))),
    series: readSeries(await text("metrics.csv")),
  };
}
type Files = Awaited<ReturnType<typeof readFiles>>;

function readSeries(csv: string): readonly NamedSeries[] {
  const series = new Map<string, { service: string; name: string; points: { at: number; value: number }[] }>();
  for (const row of csv.trim().split("\n").slice(1)) {
    const [time = "", service = "", name = "", value = ""] = row.split(",");
    const known = series.get(`${service},${name}`) ?? { service, name, points: [] };
    if (value !== "" && Number.isFinite(Number(value))) known.points.push({ at: Date.parse(time), value: Number(value) });
    series.set(`${service},${name}`, known);
  }
  return [...series.values()];
}

function servicesOf({ alert, deploys, flags, patterns, spans, logs, series }: Files): readonly string[] {
  return [
    ...new Set([alert, ...deploys, ...flags, ...patterns, ...spans, ...logs, ...series].map(({ service }) => service)),
  ].toSorted();
}

/** `checkoutservice` and the folder `checkout` are one name: they stay one under other names too. */
function createServiceRenamer(services: readonly string[], seed: number | null): Renamer {
  if (seed === null) return createRenamer([], null);
  const joined = services.filter((service) => /[a-z]service$/.test(service));
  const apart = joined.map((service) => [service, service.replace(/service$/, "-service")] as const);
  const inner = createRenamer(
    services.flatMap((service) => [service.replace(/[-_]?(?:service|svc)$/, "")]),
    seed,
  );
  const text = (given: string): string => inner.text(apart.reduce((done, [from, to]) => done.replaceAll(from, to), given));
  const restore = (given: string): string => apart.reduce((done, [to, from]) => done.replaceAll(from, to), inner.restore(given));
  const json = <T>(value: T): T => JSON.parse(text(JSON.stringify(value))) as T;
  return { text, json, restore };
}

function toChange(
  { sha, timestamp, message, files_changed: files, diff }: z.infer<typeof Commit>,
  deployed: readonly Deployed[],
  services: readonly string[],
): Change {
  const rollouts = rolloutsOf({ id: sha, at: timestamp, files }, deployed, services);
  return { id: sha, of: "commit", at: timestamp, message, files, diff, rollouts };
}

/** Fields besides the message tell of statements, hosts and codes. */
function fieldsOf(record: Readonly<Record<string, unknown>>, known: readonly string[]): string {
  return Object.entries(record)
    .filter(([key, value]) => !known.includes(key) && (typeof value === "string" || typeof value === "number"))
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(" ");
}

function toLine(log: z.infer<typeof Log>): ServiceLine {
  const fields = fieldsOf(log, ["timestamp", "service", "severity_text", "msg", "trace_id"]);
  return { at: log.timestamp, service: log.service, text: `${log.severity_text} ${log.msg} ${fields}` };
}

function toTally({ signature, service, count, delta_vs_baseline: delta, sentiment }: z.infer<typeof Pattern>): LogTally {
  const level = sentiment === "negative" ? "error" : "other";
  return { service, template: signature, example: signature, level, before: Math.max(0, count - delta), since: count, names: [] };
}

function toSpans(traced: readonly z.infer<typeof Traced>[]): readonly TellingSpan[] {
  let trace = "";
  return traced.map((span) => {
    if (span.trace_id !== "same") trace = span.trace_id;
    const text = fieldsOf(span, ["trace_id", "span_id", "parent_id", "service", "name", "start", "duration_ms", "status"]);
    return {
      trace,
      id: span.span_id,
      parent: span.parent_id,
      service: span.service,
      operation: span.name,
      startMs: span.start,
      endMs: span.start + span.duration_ms,
      failed: span.status === "ERROR",
      text,
    };
  });
}
