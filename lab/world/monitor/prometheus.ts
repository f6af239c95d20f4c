import { type Context, Hono } from "hono";
import type { LabClock } from "../../model.js";
import type { MetricQuery } from "../queries.js";
import type { Sample } from "./exposition.js";
import type { ActiveAlert } from "./rule.js";
import type { SeriesStore } from "./series.js";
import { parseDuration, parseMoment } from "./times.js";

interface PrometheusOptions {
  readonly store: SeriesStore;
  readonly clock: LabClock;
  readonly queries: readonly MetricQuery[];
  readonly alertLabels: Readonly<Record<string, string>>;
  readonly alert: () => ActiveAlert | null;
}

type Params = Readonly<Record<string, string | undefined>>;

/** What is wrong with a request, as Prometheus says it. */
class BadData extends Error {
  override readonly name = "BadData";
}

const maxPoints = 11_000; // a limit of Prometheus' own

/**
 * The query API of Prometheus over what the monitor scraped, for the configured queries and no others.
 * @see https://prometheus.io/docs/prometheus/latest/querying/api/
 */
export function createPrometheus({ store, clock, queries, alertLabels, alert }: PrometheusOptions): Hono {
  const app = new Hono();
  app.onError((error, context) => {
    if (!(error instanceof BadData)) throw error;
    return context.json({ status: "error", errorType: "bad_data", error: error.message }, 400);
  });
  const find = (query: string | undefined): MetricQuery => {
    const known = queries.find((each) => normalize(each.query) === normalize(query ?? ""));
    if (!known)
      throw new BadData(
        `invalid parameter "query": the lab's monitor answers only configured queries, not: ${query ?? "(none)"}`,
      );
    return known;
  };

  const answerInstant = async (context: Context): Promise<Response> => {
    const params = await readParams(context);
    const { evaluate } = find(params["query"]);
    const at = params["time"] === undefined ? clock.now().getTime() : readMoment(params, "time");
    const result = evaluate(store, at).map(({ metric, value }) => ({ metric, value: [at / 1000, formatValue(value)] }));
    return context.json({ status: "success", data: { resultType: "vector", result } });
  };

  const answerRange = async (context: Context): Promise<Response> => {
    const params = await readParams(context);
    const { evaluate } = find(params["query"]);
    const result = collectSeries(readSteps(params), (at) => evaluate(store, at));
    return context.json({ status: "success", data: { resultType: "matrix", result } });
  };

  app.on(["GET", "POST"], "/api/v1/query", answerInstant);
  app.on(["GET", "POST"], "/api/v1/query_range", answerRange);
  app.get("/api/v1/alerts", (context) => {
    const active = alert();
    const alerts = active ? [renderAlert(active, alertLabels)] : [];
    return context.json({ status: "success", data: { alerts } });
  });
  app.get("/-/healthy", (context) => context.text("Prometheus Server is Healthy.\n"));
  return app;
}

async function readParams(context: Context): Promise<Params> {
  if (context.req.method === "GET") return context.req.query();
  const body = await context.req.text();
  return { ...context.req.query(), ...Object.fromEntries(new URLSearchParams(body)) };
}

function readSteps(params: Params): readonly number[] {
  const start = readMoment(params, "start");
  const end = readMoment(params, "end");
  const step = parseDuration(params["step"] ?? "");
  if (step === null) throw new BadData(`invalid parameter "step": cannot parse "${params["step"] ?? ""}" to a valid duration`);
  if (end < start) throw new BadData('invalid parameter "end": end timestamp must not be before start time');
  const count = Math.floor((end - start) / step) + 1;
  if (count > maxPoints + 1) {
    throw new BadData(
      "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
    );
  }
  return Array.from({ length: count }, (_, index) => start + index * step);
}

function readMoment(params: Params, name: string): number {
  const moment = parseMoment(params[name] ?? "");
  if (moment === null)
    throw new BadData(`invalid parameter "${name}": cannot parse "${params[name] ?? ""}" to a valid timestamp`);
  return moment;
}

/** One series for each set of labels; a moment at which it has no value is a missing point. */
function collectSeries(steps: readonly number[], evaluateAt: (at: number) => readonly Sample[]): readonly unknown[] {
  const series = new Map<string, { metric: Sample["metric"]; values: [number, string][] }>();
  for (const at of steps) {
    for (const { metric, value } of evaluateAt(at)) {
      const key = JSON.stringify(metric);
      const known = series.get(key) ?? { metric, values: [] };
      known.values.push([at / 1000, formatValue(value)]);
      series.set(key, known);
    }
  }
  return [...series.values()];
}

function renderAlert({ state, activeAt, value }: ActiveAlert, labels: Readonly<Record<string, string>>): unknown {
  return {
    labels,
    annotations: {},
    state,
    activeAt: activeAt.toISOString(),
    value: value.toExponential().replace(/e([+-])(\d)$/, "e$10$2"),
  };
}

/** As Go's `FormatFloat(value, 'f', -1, 64)`. */
function formatValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  return Math.abs(value) < 1e-6 && value !== 0 ? value.toFixed(20).replace(/0+$/, "") : String(value);
}

function normalize(query: string): string {
  return query.replace(/\s+/g, " ").trim();
}
