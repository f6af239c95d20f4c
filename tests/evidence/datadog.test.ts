import type { IncomingHttpHeaders } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { createSignalReader } from "../../src/evidence/signal-reader.js";
import { createDatadogSource, datadogReadings } from "../../src/evidence/sources/datadog/source.js";
import { PartialAnswerError } from "../../src/evidence/unavailable.js";
import { readForMatching } from "../../src/outside/match.js";
import type { Finding } from "../../src/ports.js";
import { bodyOf, json, serve, type LocalServer, type Reply } from "./support/server.js";
import { aRequest, aService, fromOnset, NOW, ONSET, repeat } from "./support/world.js";

const API_KEY = "dd-api-key-0123456789abcdef";
const APP_KEY = "dd-app-key-0123456789abcdef";
const DAY_S = 86_400;
const METRIC = "sum:shop.errors{service:checkout}.as_count()";
let server: LocalServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const optionsFor = (url: string) => ({
  url,
  apiKey: API_KEY,
  applicationKey: APP_KEY,
  apiKeyEnv: "DD_API_KEY",
  applicationKeyEnv: "DD_APP_KEY",
});
const services = {
  metrics: aService({ signals: new Map([["errors", { name: "errors", source: "datadog", query: METRIC, unit: null }]]) }),
  logs: aService({
    signals: new Map([["lines", { name: "lines", source: "datadog-logs", query: "service:checkout status:error", unit: null }]]),
  }),
};

/** Refuses as the real one does: both keys, known parameters, nothing else. */
function strict(reply: Reply, headers: IncomingHttpHeaders[] = []): Reply {
  return (request, response, raw) => {
    headers.push(raw.headers);
    if (raw.headers["dd-api-key"] !== API_KEY || raw.headers["dd-application-key"] !== APP_KEY)
      return json(response, { errors: ["Forbidden"] }, 403);
    return reply(request, response, raw);
  };
}
async function observe(reply: Reply, which: keyof typeof services, limit = 1_000): Promise<readonly Finding[]> {
  server = await serve(strict(reply));
  return createDatadogSource({ ...optionsFor(server.url), limit }).observe(aRequest({ service: services[which] }));
}
const textOf = (finding: Finding | undefined): string => (finding === undefined ? "" : readForMatching(finding.summary));

/** What `/api/v1/query` answers: points of 20 s from the window's start, gaps as null. */
function timeseries(from: number, to: number, valueAt: (seconds: number) => number | null, scope = "service:checkout"): unknown {
  const count = Math.floor((to - from) / 20) + 1;
  return {
    status: "ok",
    res_type: "time_series",
    from_date: from * 1_000,
    to_date: to * 1_000,
    query: METRIC,
    group_by: [],
    message: "",
    series: [
      {
        metric: "shop.errors",
        display_name: "shop.errors",
        expression: METRIC,
        scope,
        tag_set: [],
        aggr: "sum",
        unit: null,
        interval: 20,
        length: count,
        start: from * 1_000,
        end: to * 1_000,
        query_index: 0,
        pointlist: repeat(count, (index) => [(from + index * 20) * 1_000, valueAt(from + index * 20)]),
      },
    ],
  };
}
const metrics =
  (valueAt: (seconds: number) => number | null): Reply =>
  ({ path, params }, response) => {
    if (path !== "/api/v1/query" || params.get("query") !== METRIC) return json(response, { errors: ["Not found"] }, 404);
    json(response, timeseries(Number(params.get("from")), Number(params.get("to")), valueAt));
  };
const onset = ONSET.getTime() / 1_000;
/** Errors rise since the onset; on earlier days they are as `earlier` says. */
const rising =
  (earlier: (day: number) => number) =>
  (at: number): number => {
    const day = Math.round((onset - at) / DAY_S);
    return day > 0 ? earlier(day) : at < onset ? 2 : 60;
  };

describe("metrics in Datadog", () => {
  it("are asked by the reviewed query over the window of logs, and say what rose", async () => {
    const [finding, ...others] = await observe(metrics(rising(() => 2)), "metrics");
    expect(others).toEqual([]);
    expect(server?.seen[0]?.params.get("from")).toBe(`${fromOnset(-1800).getTime() / 1_000}`);
    expect(server?.seen[0]?.params.get("to")).toBe(`${NOW.getTime() / 1_000}`);
    expect(finding).toMatchObject({
      source: "datadog",
      subject: "checkout",
      query: "errors",
      detail: { kind: "metric", signal: "errors", before: 2, now: 60, direction: "rose", onsetAt: ONSET },
    });
    expect(textOf(finding)).toBe("errors rose from 2 to 60, first at 04:40:00 UTC");
  });

  it("are compared with windows of the same width on the seven days before, only when they changed", async () => {
    await observe(metrics(rising(() => 2)), "metrics");
    const asked = server?.seen.map(({ params }) => [Number(params.get("from")), Number(params.get("to"))]) ?? [];
    const [width] = asked.map(([from = 0, to = 0]) => to - from);
    expect(asked.slice(1)).toEqual(
      repeat(7, (day) => [NOW.getTime() / 1_000 - (day + 1) * DAY_S - (width ?? 0), NOW.getTime() / 1_000 - (day + 1) * DAY_S]),
    );
    await server?.close();
    await observe(
      metrics(() => 2),
      "metrics",
    );
    expect(server?.seen).toHaveLength(1);
  });

  it("that look the same at this hour every day are steady", async () => {
    const [finding] = await observe(metrics(rising((day) => 58 + day)), "metrics");
    expect(finding).toMatchObject({ detail: { direction: "steady" } });
    expect(textOf(finding)).toMatch(/as usual at this hour/);
  });

  it("leave out the interval that still fills, and gaps", async () => {
    const last = NOW.getTime() / 1_000;
    const [finding] = await observe(
      metrics((at) => (at === last ? 0 : at % 60 === 0 ? null : 5)),
      "metrics",
    );
    expect(finding).toMatchObject({ detail: { before: 5, now: 5, direction: "steady" } });
  });

  it("are nothing where there is no series", async () => {
    expect(await observe((_request, response) => json(response, { status: "ok", series: [] }), "metrics")).toEqual([]);
  });

  it.each<{ name: string; reply: Reply; says: RegExp; heals: boolean }>([
    {
      name: "an error in an answer that is well",
      reply: (_request, response) => json(response, { status: "error", error: "Error parsing query: unable to parse sum:" }),
      says: /^Datadog at 127\.0\.0\.1:\d+ could not run the query \(Error parsing query: .*\): check the query in the service catalogue\.$/,
      heals: false,
    },
    {
      name: "a query that it refuses",
      reply: (_request, response) => json(response, { errors: ["Rule 'scope_expr' didn't match"] }, 400),
      says: /answered 400 \(Rule 'scope_expr' didn't match\): check the query/,
      heals: false,
    },
    {
      name: "a missing scope of the key",
      reply: (_request, response) => json(response, { errors: ["Forbidden"] }, 403),
      says: /answered 403 \(Forbidden\): check the keys in DD_API_KEY and DD_APP_KEY, and the application key's scopes timeseries_query and logs_read_data\.$/,
      heals: false,
    },
    {
      name: "too many requests",
      reply: (_request, response) => json(response, { errors: ["Rate limit of 100 requests in 3600 seconds reached"] }, 429),
      says: /answered 429/,
      heals: true,
    },
    {
      name: "another shape",
      reply: (_request, response) => json(response, { series: "x" }),
      says: /unknown shape/,
      heals: false,
    },
  ])("cannot be read after $name", async ({ reply, says, heals }) => {
    const error: unknown = await observe(reply, "metrics").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: expect.stringMatching(says), mayHeal: heals });
    expect(String(error)).not.toMatch(/0123456789abcdef/);
  });
});

interface Search {
  readonly filter: { readonly query: string; readonly from: string; readonly to: string };
  readonly sort: string;
  readonly page: { readonly limit: number; readonly cursor?: string };
}
/** Answers as the search does: the window, newest first, a cursor while there is more. */
function search(lines: readonly (readonly [Date, string])[], asked: Search[] = [], meta: object = {}): Reply {
  return async ({ path }, response, raw) => {
    const body = JSON.parse(await bodyOf(raw)) as Search;
    const known = raw.method === "POST" && path === "/api/v2/logs/events/search" && body.sort === "-timestamp";
    if (!known || body.page.limit > 1_000) return json(response, { errors: ["Bad Request"] }, 400);
    asked.push(body);
    const [from, to] = [Date.parse(body.filter.from), Date.parse(body.filter.to)];
    const all = lines
      .filter(([at]) => at.getTime() >= from && at.getTime() <= to)
      .toSorted(([a], [b]) => b.getTime() - a.getTime());
    const start = Number(body.page.cursor ?? 0);
    const page = all.slice(start, start + body.page.limit);
    const next = start + page.length;
    json(response, {
      data: page.map(([at, message], index) => ({
        id: `AQAAA${start + index}`,
        type: "log",
        attributes: { timestamp: at.toISOString(), status: "error", service: "checkout", tags: [], message, attributes: {} },
      })),
      meta: { elapsed: 12, status: "done", page: next < all.length ? { after: `${next}` } : {}, ...meta },
      ...(next < all.length ? { links: { next: "https://api.datadoghq.com/elsewhere" } } : {}),
    });
  };
}
const boom = (count: number, seconds = 2) =>
  repeat(count, (index) => [fromOnset(seconds + index / 20), `ERROR no free connection (waiting=${index})`] as const);

describe("logs in Datadog", () => {
  it("are asked by the reviewed query before and since the onset, and become templates", async () => {
    const asked: Search[] = [];
    const [finding, ...others] = await observe(search(boom(30), asked), "logs");
    expect(others).toEqual([]);
    expect(asked.map(({ filter }) => filter)).toEqual(
      expect.arrayContaining([
        { query: "service:checkout status:error", from: fromOnset(-1800).toISOString(), to: fromOnset(-300).toISOString() },
        { query: "service:checkout status:error", from: fromOnset(-300).toISOString(), to: NOW.toISOString() },
      ]),
    );
    expect(finding).toMatchObject({ source: "datadog", query: "lines", detail: { kind: "log", count: 30, newSinceOnset: true } });
    expect(textOf(finding)).toBe("new since the onset, 30× from 04:40:02 UTC: ERROR no free connection (waiting=0)");
  });

  it("are read by cursor, page after page, up to the limit, and say when there were more", async () => {
    const asked: Search[] = [];
    expect(textOf((await observe(search(boom(900), asked), "logs", 600))[0])).toMatch(/at least 600×, seen back to/);
    const since = asked.filter(({ filter }) => filter.to === NOW.toISOString()).map(({ page }) => page);
    expect(since).toEqual([{ limit: 250 }, { limit: 250, cursor: "250" }, { limit: 100, cursor: "500" }]);
  });

  it("are not asked for on and on where each page brings one and names the next", async () => {
    let asked = 0;
    const attributes = { timestamp: fromOnset(2).toISOString(), message: "ERROR no free connection" };
    const [finding] = await observe((_question, response) => {
      asked += 1;
      json(response, { data: [{ id: `${asked}`, type: "log", attributes }], meta: { page: { after: `${asked}` } } });
    }, "logs");
    expect(asked).toBeLessThanOrEqual(24);
    expect(textOf(finding)).toMatch(/at least 12×/);
  });

  it("are counted exactly where the limit is just reached", async () => {
    expect(textOf((await observe(search(boom(300)), "logs", 300))[0])).toMatch(/^new since the onset, 300× from/);
  });

  it("count a line at the split once", async () => {
    const findings = await observe(search([[fromOnset(-300), "ERROR boom"]]), "logs");
    expect(findings).toMatchObject([{ detail: { count: 1, newSinceOnset: true } }]);
  });

  it.each([
    { name: "time ran out there", meta: { status: "timeout" }, says: /answered in part: it ran out of its own time/ },
    {
      name: "an index is not known",
      meta: { warnings: [{ code: "unknown_index", title: "One or several indexes are missing" }] },
      says: /it warned of One or several indexes are missing/,
    },
  ])("are told as partial when $name", async ({ meta, says }) => {
    const error: unknown = await observe(search(boom(3), [], meta), "logs").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PartialAnswerError);
    expect(error).toMatchObject({ message: expect.stringMatching(says), findings: [{ detail: { count: 3 } }] });
  });

  it("carry no secrets on", async () => {
    const [finding] = await observe(search([[fromOnset(1), "login: Authorization: Bearer abcdefghijklmnop1234567890"]]), "logs");
    expect(JSON.stringify(finding)).not.toContain("abcdefghijklmnop1234567890");
  });
});

describe("the latest value of a signal in Datadog", () => {
  async function read(reply: Reply): Promise<number | null> {
    server = await serve(strict(reply));
    const readings = [datadogReadings(optionsFor(server.url), () => NOW)];
    return createSignalReader({ readings, clock: { sleep: () => Promise.resolve() } }).read(services.metrics, "errors");
  }
  const series =
    (...all: readonly unknown[]): Reply =>
    (_request, response) =>
      json(response, { status: "ok", series: all });
  const points = (...values: readonly (number | null)[]) => ({
    metric: "shop.errors",
    scope: "*",
    interval: 20,
    pointlist: values.map((value, index) => [NOW.getTime() - 20_000 * (values.length - index), value]),
  });

  it("is that of the last whole interval of the last five minutes", async () => {
    expect(await read(series(points(1, 2, 3)))).toBe(3);
    expect(server?.seen.map(({ params }) => [params.get("from"), params.get("to")])).toEqual([
      [`${NOW.getTime() / 1_000 - 300}`, `${NOW.getTime() / 1_000}`],
    ]);
  });

  it.each<{ name: string; reply: Reply; value: number | null }>([
    { name: "zero", reply: series(points(4, 0)), value: 0 },
    { name: "a gap at the end", reply: series(points(4, null)), value: 4 },
    { name: "nothing but gaps", reply: series(points(null, null)), value: null },
    { name: "no series", reply: series(), value: null },
    { name: "several series, of which none is meant", reply: series(points(1), points(2)), value: null },
    { name: "a failure", reply: (_request, response) => json(response, {}, 500), value: null },
  ])("of $name is $value", async ({ reply, value }) => {
    expect(await read(reply)).toBe(value);
  });
});
