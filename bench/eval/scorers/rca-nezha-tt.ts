/** Nezha, Train Ticket: logs, traces and metrics of one minute → the service with the fault. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { z } from "zod";
import type { ServiceEvidence, ServiceSeries } from "../../../src/signals/cause-rank/model.js";
import { rankServices } from "../../../src/signals/cause-rank/rank-services.js";
import { tallyLogs, type ServiceLine } from "../../../src/signals/cause-rank/tally-logs.js";
import { summarizeTraces, type Span } from "../../../src/signals/cause-rank/visits.js";
import { toPodSeries } from "../pod-metrics.js";
import { topShare, toCaseResult, type RankedCase } from "../ranking.js";
import { readColumns } from "../read-table.js";
import { createRenamer, type Renamer } from "../rename.js";
import type { Score, ScoreRequest, Scorer } from "../scorer.js";

const Faults = z.array(z.object({ case: z.string(), time: z.number(), service: z.string(), type: z.string() }));
const LASTING_MS = 4 * 60_000;

export const scorer: Scorer = {
  name: "rca-nezha-tt",
  goals: [{ figure: "as1", atLeast: 0.4, published: "Nezha 0.867, MicroRCA 0.2, PDiagnose 0.089" }],
  renames: true,
  score,
};

async function score({ folder, renameSeed }: ScoreRequest): Promise<Score> {
  const faults = Faults.parse(JSON.parse(await readFile(join(folder, "faults.json"), "utf8")));
  const cases: RankedCase[] = [];
  for (const fault of faults) cases.push(await rank(folder, fault, renameSeed));
  return {
    figures: { as1: topShare(cases, 1), as3: topShare(cases, 3), as5: topShare(cases, 5) },
    cases: cases.map(toCaseResult),
    notes: [`only ${cases.length} cases: a figure of the path, not of the method`],
  };
}

async function rank(folder: string, fault: z.infer<typeof Faults>[number], renameSeed: number | null): Promise<RankedCase> {
  const day = join(folder, fault.case.split("/")[0] ?? "");
  const metrics = join(day, "metrics");
  const services = (await readdir(metrics)).map((file) => file.replace(/\.csv$/, ""));
  const renamer = createRenamer(services, renameSeed);
  const names = services.map((each) => renamer.text(each)).toSorted();
  const series = await Promise.all(services.map((each) => readSeries(metrics, each, renamer)));
  const traces = summarizeTraces(
    await readSpans(join(day, "normal.trace.tsv.gz"), renamer),
    await readSpans(join(folder, `${fault.case}.trace.tsv.gz`), renamer),
  );
  const logs = tallyLogs(
    await readLines(join(day, "normal.log.tsv.gz"), renamer),
    await readLines(join(folder, `${fault.case}.log.tsv.gz`), renamer),
    names,
  );
  const at = fault.time * 1_000;
  const evidence: ServiceEvidence = {
    services: names,
    outsiders: new Set(),
    calls: traces.calls,
    noticedAt: null,
    window: { from: at, to: at + LASTING_MS },
    symptom: null,
    series: series.flat(),
    callSeries: [],
    logs,
    visits: traces.visits,
    ways: traces.ways,
  };
  const ranking = rankServices(evidence);
  return {
    id: `${fault.case} ${fault.type}`,
    expected: [fault.service],
    ranking: ranking.map(({ service }) => renamer.restore(service)),
    why: renamer.restore(ranking[0]?.for.map(({ what }) => what).join("; ") ?? ""),
  };
}

async function readSeries(folder: string, service: string, renamer: Renamer): Promise<readonly ServiceSeries[]> {
  return toPodSeries(renamer.text(service), await readColumns(join(folder, `${service}.csv`)));
}

async function readSpans(path: string, renamer: Renamer): Promise<readonly Span[]> {
  return (await readRows(path)).map(([trace = "", id = "", parent = "", pod = "", operation = "", start = "", end = ""]) => ({
    trace,
    id,
    parent: parent === "root" ? null : parent,
    service: renamer.text(serviceOf(pod)),
    operation: renamer.text(operation),
    startMs: Number(start) / 1e6,
    endMs: Number(end) / 1e6,
    failed: false, // not recorded
  }));
}

async function readLines(path: string, renamer: Renamer): Promise<readonly ServiceLine[]> {
  return (await readRows(path)).map(([time = "", pod = "", trace = "", span = "", ...message]) => ({
    at: Date.parse(time),
    service: renamer.text(serviceOf(pod)),
    text: renamer.text(message.join(" ").replaceAll(trace, "").replaceAll(span, "")),
  }));
}

async function readRows(path: string): Promise<readonly (readonly string[])[]> {
  const text = (await promisify(gunzip)(await readFile(path))).toString("utf8");
  return text
    .trim()
    .split("\n")
    .slice(1)
    .map((row) => row.split("\t"));
}

/** A pod is called after its deployment, its replica set and itself. */
function serviceOf(pod: string): string {
  return pod.replace(/-[a-z0-9]+-[a-z0-9]+$/, "");
}
