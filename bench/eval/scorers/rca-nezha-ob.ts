/** Nezha, Online Boutique: per-minute metrics of pods and calls → the service with the fault. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { CallEdge, CallSeries, ServiceEvidence, ServiceSeries } from "../../../src/signals/cause-rank/model.js";
import { rankServices } from "../../../src/signals/cause-rank/rank-services.js";
import { toPodSeries } from "../pod-metrics.js";
import { topShare, toCaseResult, type RankedCase } from "../ranking.js";
import { readColumns } from "../read-table.js";
import { createRenamer, type Renamer } from "../rename.js";
import type { Score, ScoreRequest, Scorer } from "../scorer.js";

const Faults = z.array(z.object({ time: z.number(), service: z.string(), type: z.string() }));
/** A fault lasts about three minutes, and rows are a minute apart. */
const LASTING_MS = 200_000;
const ENTRY = "frontend";
const USERS = "users";

export const scorer: Scorer = {
  name: "rca-nezha-ob",
  goals: [
    { figure: "as1", atLeast: 0.45, published: "Nezha 0.929, PDiagnose 0.411 (with logs and traces), MicroRCA 0.161" },
    { figure: "as3", atLeast: 0.7, published: "Nezha 0.964, PDiagnose 0.732, MicroRCA 0.625" },
  ],
  renames: true,
  score,
};

async function score({ folder, renameSeed }: ScoreRequest): Promise<Score> {
  const faults = Faults.parse(JSON.parse(await readFile(join(folder, "faults.json"), "utf8")));
  const recorded = await readRecorded(join(folder, "metrics"), renameSeed);
  const cases = faults.map(({ time, service, type }) => rank(time * 1_000, service, type, recorded));
  const wrong = cases.filter(({ ranking, expected }) => !expected.includes(ranking[0] ?? ""));
  return {
    figures: { as1: topShare(cases, 1), as3: topShare(cases, 3), as5: topShare(cases, 5) },
    cases: cases.map(toCaseResult),
    notes: [`not first: ${wrong.map(({ id }) => id.split(" ").slice(1).join(" ")).join(", ")}`],
  };
}

interface Recorded {
  readonly services: readonly string[];
  readonly calls: readonly CallEdge[];
  readonly series: readonly ServiceSeries[];
  readonly callSeries: readonly CallSeries[];
  readonly renamer: Renamer;
}

function rank(at: number, service: string, type: string, { renamer, ...recorded }: Recorded): RankedCase {
  const evidence: ServiceEvidence = {
    ...recorded,
    outsiders: new Set(),
    noticedAt: renamer.text(ENTRY),
    window: { from: at, to: at + LASTING_MS },
    symptom: null,
    logs: [],
    visits: [],
    ways: [],
  };
  const ranking = rankServices(evidence);
  return {
    id: `${at / 1_000} ${service} ${type}`,
    expected: [service],
    ranking: ranking.map((each) => renamer.restore(each.service)),
    why: renamer.restore(ranking[0]?.for[0]?.what ?? ""),
  };
}

async function readRecorded(folder: string, renameSeed: number | null): Promise<Recorded> {
  const files = await readdir(folder);
  const pods = files.filter((file) => !file.startsWith("_")).map((file) => file.replace(/\.csv$/, ""));
  const renamer = createRenamer(pods, renameSeed);
  const series = await Promise.all(
    pods.map(async (pod) => toPodSeries(renamer.text(pod), await readColumns(join(folder, `${pod}.csv`)))),
  );
  const calls = await Promise.all([readCalls(folder, "caller", renamer), readCalls(folder, "callee", renamer)]);
  const front = await readColumns(join(folder, "_front_service.csv"));
  const entry = renamer.text(ENTRY);
  return {
    services: pods.map((pod) => renamer.text(pod)).toSorted(),
    calls: await readDependencies(folder, pods, renamer),
    series: [
      ...series.flat(),
      {
        service: entry,
        kind: "availability",
        name: "share of requests answered",
        side: "server",
        weight: 1,
        points: (front.get("SuccessRate(%)") ?? []).map(({ at, value }) => ({ at, value: value / 100 })),
      },
    ],
    callSeries: [...calls.flat(), { caller: USERS, callee: entry, seenBy: "caller", points: front.get("LatencyP50(s)") ?? [] }],
    renamer,
  };
}

async function readCalls(folder: string, seenBy: CallSeries["seenBy"], renamer: Renamer): Promise<readonly CallSeries[]> {
  const columns = await readColumns(join(folder, seenBy === "caller" ? "_source_50.csv" : "_destination_50.csv"));
  return [...columns].map(([pair, points]) => {
    const [caller = "", callee = ""] = pair.split("_").map((name) => renamer.text(name));
    return { caller, callee, seenBy, points };
  });
}

/** The file also says on which machine each pod runs. */
async function readDependencies(folder: string, pods: readonly string[], renamer: Renamer): Promise<readonly CallEdge[]> {
  const [, ...rows] = (await readFile(join(folder, "_dependency.csv"), "utf8")).trim().split("\n");
  return rows.flatMap((row) => {
    const [caller = "", callee = ""] = row.split(",");
    return pods.includes(callee) ? [{ caller: renamer.text(caller), callee: renamer.text(callee) }] : [];
  });
}
