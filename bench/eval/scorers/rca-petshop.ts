/** PetShop: metrics and a call graph → the service that is the cause. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { MetricKind, ServiceEvidence, ServiceSeries } from "../../../src/signals/cause-rank/model.js";
import { rankServices } from "../../../src/signals/cause-rank/rank-services.js";
import { topShare, toCaseResult, type RankedCase } from "../ranking.js";
import { readColumns, type Columns } from "../read-table.js";
import { createRenamer, type Renamer } from "../rename.js";
import type { Score, ScoreRequest, Scorer } from "../scorer.js";

const Truth = z.record(
  z.string(),
  z.object({
    target: z.object({ node: z.string(), metric: z.enum(["latency", "availability"]), timestamp: z.number() }),
    root_cause: z.string(),
  }),
);
const Graph = z.record(z.string(), z.array(z.string()));

/** Rows are five minutes apart, and an alert comes up to one row after what it tells of. */
const STEP_MS = 5 * 60_000;
const KINDS: Readonly<Record<string, MetricKind>> = { latency: "latency", availability: "availability", requests: "traffic" };
const WEIGHTS: Readonly<Record<string, number>> = { Average: 1, p50: 0.6, p90: 0.6, p95: 0.3, p99: 0.2, Sum: 1 };

export const scorer: Scorer = {
  name: "rca-petshop",
  goals: [
    { figure: "top1", atLeast: 0.6 },
    { figure: "top3", atLeast: 0.8 },
  ],
  renames: true,
  score,
};

async function score({ folder, renameSeed }: ScoreRequest): Promise<Score> {
  const truth = Truth.parse(JSON.parse(await readFile(join(folder, "truth.json"), "utf8")));
  const graph = Graph.parse(JSON.parse(await readFile(join(folder, "graph.json"), "utf8")));
  const normal = await readColumns(join(folder, "normal.csv"));
  const renamer = createRenamer(wordsOf(Object.keys(graph)), renameSeed);
  const cases: (RankedCase & { readonly metric: string })[] = [];
  for (const [id, { target, root_cause: root }] of Object.entries(truth)) {
    const issue = await readColumns(join(folder, "issues", `${id}.csv`));
    const ranking = rankServices(toEvidence({ normal, issue, graph, target, renamer }));
    cases.push({
      id,
      expected: [root],
      ranking: ranking.map(({ service }) => renamer.restore(service)),
      why: renamer.restore(ranking[0]?.for[0]?.what ?? ""),
      metric: target.metric,
    });
  }
  const of = (metric: string): readonly RankedCase[] => cases.filter((each) => each.metric === metric);
  return {
    figures: {
      top1: topShare(cases, 1),
      top3: topShare(cases, 3),
      top5: topShare(cases, 5),
      latency: { top1: topShare(of("latency"), 1), top3: topShare(of("latency"), 3) },
      availability: { top1: topShare(of("availability"), 1), top3: topShare(of("availability"), 3) },
    },
    cases: cases.map(toCaseResult),
    notes: [],
  };
}

interface Recorded {
  readonly normal: Columns;
  readonly issue: Columns;
  readonly graph: z.infer<typeof Graph>;
  readonly target: z.infer<typeof Truth>[string]["target"];
  readonly renamer: Renamer;
}

function toEvidence({ normal, issue, graph, target, renamer }: Recorded): ServiceEvidence {
  const at = target.timestamp * 1_000;
  const named = renamer.json(graph);
  const services = [...new Set([...Object.keys(named), ...Object.values(named).flat()])].toSorted();
  return {
    services,
    outsiders: new Set(services.filter((service) => service.endsWith("_remote"))),
    calls: Object.entries(named).flatMap(([caller, callees]) => callees.map((callee) => ({ caller, callee }))),
    noticedAt: renamer.text(target.node),
    window: { from: at - STEP_MS, to: at + 3 * STEP_MS },
    symptom: target.metric === "latency" ? "latency" : "errors",
    series: [...normal].flatMap(([column, points]) =>
      toSeries(column, [...movedBefore(points, at - 3 * STEP_MS), ...(issue.get(column) ?? [])], renamer),
    ),
    callSeries: [],
    logs: [],
    visits: [],
    ways: [],
  };
}

/** The fault-free days were recorded some months after the faults: here they come before. */
function movedBefore(points: ServiceSeries["points"], end: number): ServiceSeries["points"] {
  const last = points.at(-1)?.at ?? end;
  return points.map(({ at, value }) => ({ at: at - last + end, value }));
}

function toSeries(column: string, points: ServiceSeries["points"], renamer: Renamer): readonly ServiceSeries[] {
  const [service = "", metric = "", statistic = ""] = column.split("|");
  const kind = KINDS[metric];
  if (kind === undefined) return [];
  const shares = kind === "availability" ? points.map(({ at, value }) => ({ at, value: value / 100 })) : points;
  const name = `${metric} ${statistic}`;
  return [{ service: renamer.text(service), kind, name, side: "server", weight: WEIGHTS[statistic] ?? 0, points: shares }];
}

/** Every word of a name but those that tell the kind of thing. */
function wordsOf(nodes: readonly string[]): readonly string[] {
  const words = nodes.flatMap((node) => node.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []);
  return words.filter((word) => word.length > 1 && !/^(?:AWS|remote|client)$/.test(word));
}
