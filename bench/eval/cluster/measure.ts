/** Figures of a case: from its recorded series, and from what its monitor already compared. */
import { z } from "zod";
import type { Measured } from "../../../src/evidence/sources/kubernetes/beside.js";
import { compareSeries, type MeasuredSeries } from "../../../src/evidence/sources/kubernetes/measured.js";
import { parseTable } from "../../../src/evidence/sources/kubernetes/table.js";
import type { Point } from "../../../src/signals/metric-change.js";
import type { Recording } from "./recording.js";

export function measure({ metrics_csv: csv, alerts, kubectl, namespace }: Recording): readonly Measured[] | null {
  const told = readAlerts(alerts);
  const apps = parseTable(kubectl[`kubectl get deployments -n ${namespace}`] ?? "").map((row) => `app/${row["NAME"] ?? ""}`);
  const [window = null] = told.flatMap((alert) => (alert.window === null ? [] : [alert.window]));
  const series = csv ? readSeries(csv, window) : [];
  const known = new Set(series.map(({ object, signal }) => `${object} ${signal}`));
  const extra = told.flatMap(({ measured }) => measured).filter(({ object, signal }) => !known.has(`${object} ${signal}`));
  const all = [...series, ...extra, ...(csv || extra.length === 0 ? [] : unlisted(apps, extra))];
  return all.length === 0 ? null : all;
}

/** The monitor judged every app and lists those that changed: the others are as they were. */
function unlisted(apps: readonly string[], listed: readonly Measured[]): readonly Measured[] {
  const slow = new Set(listed.filter(({ signal }) => signal === "latency").map(({ object }) => object));
  return apps
    .filter((object) => !slow.has(object))
    .map((object) => ({ object, signal: "latency", before: 1, now: 1, moved: false, unit: "ms" }));
}

const SUFFIXES: readonly (readonly [string, Measured["signal"], "app" | "node", string | null])[] = [
  ["-p50latency", "latency", "app", "ms"],
  ["-p90latency", "latency", "app", "ms"],
  ["-p95latency", "latency", "app", "ms"],
  ["-p99latency", "latency", "app", "ms"],
  ["-cpu_cfs", "cpu-throttled", "app", "ratio"],
  ["-tcp_retans", "retransmissions", "node", null],
  ["-rps", "requests", "app", null],
  ["-cpu", "cpu", "app", "cores"],
];

interface Window {
  readonly from: number;
  readonly to: number;
}

/** Columns named `<app>-<metric>`; times in the first, local without a zone. What came after the alert's window is not read: it was not known then. */
function readSeries(csv: string, window: Window | null): readonly Measured[] {
  const [header = "", ...lines] = csv.trim().split("\n");
  const rows = lines.map((line) => line.split(","));
  const times = rows.map(([time = ""]) => readTime(time));
  const onset = window?.from ?? middleOf(times);
  const end = window?.to ?? Number.POSITIVE_INFINITY;
  const series = header.split(",").flatMap((column, index): readonly MeasuredSeries[] => {
    const kind = SUFFIXES.find(([suffix]) => column.endsWith(suffix));
    if (kind === undefined) return [];
    const points = rows.flatMap((row, line): readonly Point[] => {
      const value = Number.parseFloat(row[index] ?? "");
      const at = times[line] ?? 0;
      return Number.isFinite(value) && at <= end ? [{ at, value }] : [];
    });
    const [suffix, signal, of, unit] = kind;
    return [{ object: `${of}/${column.slice(0, -suffix.length)}`, signal, unit, points }];
  });
  return compareSeries(series, onset);
}

function readTime(text: string): number {
  return Date.parse(`${text.trim().replace(" ", "T")}Z`);
}

function middleOf(times: readonly number[]): number {
  return times[Math.floor(times.length / 2)] ?? 0;
}

const Alerts = z
  .object({
    alerts: z.array(
      z.object({ type: z.string(), name: z.string(), time_range: z.string().catch(""), evidence: z.array(z.string()).catch([]) }),
    ),
  })
  .catch({ alerts: [] });

function readAlerts(alerts: unknown): readonly { readonly window: Window | null; readonly measured: readonly Measured[] }[] {
  return Alerts.parse(alerts).alerts.map(({ type, name, time_range: range, evidence }) => {
    const [from = Number.NaN, to = Number.NaN] = range.split("~").map(readTime);
    const object = `${type === "Node" ? "node" : "app"}/${name}`;
    return {
      window: Number.isNaN(from + to) ? null : { from, to },
      measured: evidence.flatMap((text) => readEvidence(object, text)),
    };
  });
}

const EVIDENCE: readonly (readonly [RegExp, Measured["signal"], string | null])[] = [
  [/^LATENCY/i, "latency", "ms"],
  [/Retransmission/i, "retransmissions", null],
  [/cpu_cfs/i, "cpu-throttled", "ratio"],
  [/cpu core/i, "cpu", "cores"],
  [/^THROUGHPUT/i, "requests", null],
];

/** `LATENCY_DEGRADATION […] | x-p50latency: Normal=15.88ms -> Current=3586.68ms (+22483.0%) | …` */
function readEvidence(object: string, text: string): readonly Measured[] {
  const kind = EVIDENCE.find(([pattern]) => pattern.test(text));
  if (kind === undefined) return [];
  const [, signal, unit] = kind;
  const pairs = [...text.matchAll(/Normal=(-?[\d.]+)[^|]*?->\s*Cur(?:rent)?=(-?[\d.]+)/g)];
  const alone = /Val:\s*(-?[\d.]+)/.exec(text);
  if (pairs.length === 0 && alone !== null) return [{ object, signal, before: 0, now: Number(alone[1]), moved: true, unit }];
  return pairs.map(([, before, now]) => ({ object, signal, before: Number(before), now: Number(now), moved: true, unit }));
}
