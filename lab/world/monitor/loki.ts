import { type Context, Hono } from "hono";
import type { LabClock } from "../../model.js";
import type { LogEntry, LogStore } from "./log-store.js";
import { parseNanoseconds } from "./times.js";

interface LokiOptions {
  readonly store: LogStore;
  readonly clock: LabClock;
  readonly query: string;
  readonly contains: string;
  readonly stream: Readonly<Record<string, string>>; // labels of the one stream
}

class BadRequest extends Error {
  override readonly name = "BadRequest";
}

const hourNs = 3_600_000_000_000n;
const maxLimit = 5_000; // of Loki's own defaults

/**
 * The query API of Loki over the service's log, for the configured query and no other. Loki says errors in plain text.
 * @see https://grafana.com/docs/loki/latest/reference/loki-http-api/
 */
export function createLoki(options: LokiOptions): Hono {
  const app = new Hono();
  app.onError((error, context) => {
    if (!(error instanceof BadRequest)) throw error;
    return context.text(`${error.message}\n`, 400);
  });
  app.get("/loki/api/v1/query_range", (context) => {
    const end = readMoment(context, "end", nowNs(options.clock));
    const start = readMoment(context, "start", end - hourNs);
    if (end < start) throw new BadRequest(`end timestamp must not be before or equal to start time`);
    return answer(context, options, start, end);
  });
  app.get("/loki/api/v1/query", (context) => {
    const at = readMoment(context, "time", nowNs(options.clock));
    return answer(context, options, at - hourNs, at);
  });
  app.get("/ready", (context) => context.text("ready\n"));
  return app;
}

function answer(context: Context, { store, query, contains, stream }: LokiOptions, start: bigint, end: bigint): Response {
  const asked = context.req.query("query") ?? "";
  if (asked.trim() !== query)
    throw new BadRequest(`the lab's monitor answers only configured queries, not: ${asked || "(none)"}`);
  const entries = choose(store.find(contains, start, end), readLimit(context), context.req.query("direction") ?? "backward");
  const values = entries.map(({ atNs, line }) => [atNs.toString(), line]);
  const result = values.length === 0 ? [] : [{ stream, values }];
  return context.json({ status: "success", data: { resultType: "streams", result, stats: {} } });
}

/** Backward: the newest first, and the oldest are left out. Forward: the other way round. */
function choose(entries: readonly LogEntry[], limit: number, direction: string): readonly LogEntry[] {
  if (direction.toLowerCase() === "forward") return entries.slice(0, limit);
  if (direction.toLowerCase() !== "backward") throw new BadRequest(`invalid direction '${direction}'`);
  return entries.toReversed().slice(0, limit);
}

function readLimit(context: Context): number {
  const text = context.req.query("limit") ?? "100";
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit === 0) throw new BadRequest("limit must be a positive value");
  if (limit > maxLimit)
    throw new BadRequest(`max entries limit per query exceeded, limit > max_entries_limit (${limit} > ${maxLimit})`);
  return limit;
}

function readMoment(context: Context, name: string, otherwise: bigint): bigint {
  const text = context.req.query(name);
  if (text === undefined) return otherwise;
  const moment = parseNanoseconds(text);
  if (moment === null) throw new BadRequest(`could not parse '${name}' parameter: ${text}`);
  return moment;
}

function nowNs(clock: LabClock): bigint {
  return BigInt(clock.now().getTime()) * 1_000_000n;
}
