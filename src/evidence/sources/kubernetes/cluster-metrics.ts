/** Figures of apps and nodes from Prometheus, in the shipped questions of `packs/cluster-metrics.ts`. */
import type { Point } from "../../../signals/metric-change.js";
import { askJson, who, type Endpoint } from "../../ask.js";
import { withDeadline } from "../../deadline.js";
import { CLUSTER_QUESTIONS, NAMESPACE_LABEL, type ClusterQuestion, type MetricFamily } from "../../packs/cluster-metrics.js";
import { writeMatchers } from "../../packs/matchers.js";
import { LABELS } from "../../packs/pack.js";
import { DEFAULT_TIMEOUT_MS } from "../../timed-source.js";
import { parseAnswer } from "../../parse-answer.js";
import { gapOf, InstantAnswer, RangeAnswer, readSamples, unixSeconds } from "../prometheus-wire.js";
import { prometheusEndpoint, type PrometheusOptions } from "../prometheus.js";
import type { Call, Look, Measured, Metrics } from "./beside.js";
import { compareSeries, highestOf, type MeasuredSeries } from "./measured.js";

export interface ClusterMetricsOptions extends PrometheusOptions {
  readonly families: readonly MetricFamily[];
}
type Labels = Readonly<Record<string, string>>;
type FigureQuestion = ClusterQuestion & { readonly signal: Measured["signal"] };

/** More series than this of one question are not read, and that is said. */
const MAX_SERIES = 500;
/** Enough to see a change of minutes, few enough for hundreds of series. */
const MAX_POINTS = 150;

/** Never rejects: what could not be asked is told beside the rest. */
export function createClusterMetrics(options: ClusterMetricsOptions): (look: Look) => Promise<Metrics> {
  const endpoint = prometheusEndpoint(options);
  const asked = CLUSTER_QUESTIONS.filter(({ family }) => options.families.includes(family));
  const limited = <T>(look: Look, work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    withDeadline(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, who(endpoint), (signal) =>
      work(AbortSignal.any([signal, look.signal])),
    );

  return async (look) => {
    const answers = await Promise.all(
      asked.map((question) =>
        limited(look, (signal) => answer(question, { ...look, signal }, endpoint, options.stepMs)).catch((error: unknown) =>
          failed(question, error),
        ),
      ),
    );
    return {
      measurements: answers.flatMap(({ measured }) => measured),
      calls: answers.flatMap(({ calls }) => calls),
      unanswered: [...new Set(answers.flatMap(({ unanswered }) => unanswered))],
    };
  };
}

interface Answer {
  readonly measured: readonly Measured[];
  readonly calls: readonly Call[];
  readonly unanswered: readonly string[];
}

function failed({ signal, family }: ClusterQuestion, error: unknown): Answer {
  const why = error instanceof Error ? error.message : "unknown failure";
  return { measured: [], calls: [], unanswered: [`${signal} of ${family} could not be asked: ${why}`] };
}

async function answer(question: ClusterQuestion, look: Look, endpoint: Endpoint, stepMs: number): Promise<Answer> {
  const query = question.query.replaceAll(LABELS, () => writeMatchers({ [NAMESPACE_LABEL[question.family]]: look.namespace }));
  if (!isFigure(question)) return { measured: [], ...(await askCalls(query, look, endpoint)) };
  const { series, unanswered } = await askFigures(query, question, look, endpoint, stepMs);
  return { measured: compareSeries(series, look.onset.getTime()), calls: [], unanswered };
}

function isFigure(question: ClusterQuestion): question is FigureQuestion {
  return question.signal !== "calls";
}

async function askCalls(query: string, look: Look, endpoint: Endpoint): Promise<Omit<Answer, "measured">> {
  const params = { query, time: unixSeconds(look.window.to) };
  const body = await askJson(endpoint, { path: "/api/v1/query", params, signal: look.signal });
  const { data } = parseAnswer(InstantAnswer, body, who(endpoint));
  const found = data.resultType === "vector" ? data.result : [];
  const calls = found.slice(0, MAX_SERIES).flatMap(({ metric }): readonly Call[] => {
    const [from, to] = [metric["source_workload"], objectOf(metric, "destination_service_name", look)?.slice("app/".length)];
    return isNamed(from) && isNamed(to) && from !== to ? [{ from, to }] : [];
  });
  return { calls, unanswered: sayCut("calls", found.length) };
}

/** Istio's word for a side that has no proxy. */
function isNamed(workload: string | undefined): workload is string {
  return workload !== undefined && workload !== "" && workload !== "unknown";
}

async function askFigures(
  query: string,
  { signal: figure, of, unit }: FigureQuestion,
  look: Look,
  endpoint: Endpoint,
  stepMs: number,
): Promise<{ readonly series: readonly MeasuredSeries[]; readonly unanswered: readonly string[] }> {
  const { from, to } = look.window;
  const step = Math.max(stepMs, Math.ceil((to.getTime() - from.getTime()) / MAX_POINTS), 1);
  const params = { query, start: unixSeconds(from), end: unixSeconds(to), step: String(step / 1000) };
  const body = await askJson(endpoint, { path: "/api/v1/query_range", params, signal: look.signal });
  const parsed = parseAnswer(RangeAnswer, body, who(endpoint));
  const { result } = parsed.data;
  const groups = new Map<string, { readonly object: string; readonly points: (readonly Point[])[] }>();
  for (const { metric, values } of result.slice(0, MAX_SERIES)) {
    const object = objectOf(metric, of, look);
    if (object === null) continue;
    const key = `${object} ${metric["reporter"] ?? ""}`;
    const group = groups.get(key) ?? { object, points: [] };
    group.points.push(readSamples(values));
    groups.set(key, group);
  }
  const series = [...groups.values()].map(({ object, points }) => ({ object, signal: figure, unit, points: highestOf(points) }));
  const gap = gapOf(parsed);
  return { series, unanswered: [...sayCut(figure, result.length), ...(gap === null ? [] : [`${figure}: ${gap}`])] };
}

/** null: of nothing that this cluster has. */
function objectOf(labels: Labels, of: ClusterQuestion["of"], look: Look): string | null {
  const name = labels[of];
  if (!isNamed(name)) return null;
  if (of === "pod") return look.appOf(name);
  if (of === "destination_service_name") return look.appOfService(name);
  const node = look.nodes.find((known) => known === name || hostOf(known) === hostOf(name));
  return node === undefined ? null : `node/${node}`;
}

/** Some clouds name nodes by the whole domain name, some machines themselves by its first word. */
function hostOf(name: string): string {
  return name.split(".", 1)[0] ?? name;
}

function sayCut(what: string, count: number): readonly string[] {
  return count > MAX_SERIES ? [`${what}: ${MAX_SERIES} of ${count} series were read`] : [];
}
