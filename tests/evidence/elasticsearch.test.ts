import { afterEach, describe, expect, it } from "vitest";
import { createElasticsearchSource, readQuery } from "../../src/evidence/sources/elasticsearch.js";
import { PartialAnswerError } from "../../src/evidence/unavailable.js";
import { readForMatching } from "../../src/outside/match.js";
import type { Finding } from "../../src/ports.js";
import { json, serve, type LocalServer, type Reply, type Seen } from "./support/server.js";
import { aRequest, aService, fromOnset, NOW, repeat } from "./support/world.js";

let server: LocalServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

type Line = readonly [Date, string];
interface Body {
  readonly size: number;
  readonly query: {
    readonly bool: {
      readonly filter: readonly [{ readonly range: Readonly<Record<string, { gte: number; lt: number }>> }, unknown];
    };
  };
  readonly search_after?: readonly [number, number];
}
const signal = { name: "errors", source: "elasticsearch", query: "service.name:checkout AND log.level:error", unit: null };

async function observe(reply: Reply, limit = 1000): Promise<readonly Finding[]> {
  server = await serve(reply);
  const source = createElasticsearchSource({
    url: server.url,
    index: "shop-*,old",
    timeField: "@timestamp",
    messageField: "message",
    limit,
  });
  return source.observe(aRequest({ service: aService({ signals: new Map([["errors", signal]]) }) }));
}

/** Answers from these lines as `_search` would: the window, newest first, behind `search_after`. */
function search(lines: readonly Line[], asked: Body[] = [], more: object = {}, shards = 1): Reply {
  return (_request, response, raw) => {
    const chunks: Buffer[] = [];
    raw.on("data", (chunk: Buffer) => chunks.push(chunk));
    raw.on("end", () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Body;
      asked.push(body);
      const { gte, lt } = body.query.bool.filter[0].range["@timestamp"] ?? { gte: 0, lt: 0 };
      const all = lines
        .map(([at, text], index) => ({ at: at.getTime(), text, doc: Math.floor(index / shards) })) // counted within a shard
        .filter(({ at }) => at >= gte && at < lt)
        .toSorted((a, b) => b.at - a.at || a.doc - b.doc);
      const [time, doc] = body.search_after ?? [Number.POSITIVE_INFINITY, -1];
      const page = all.filter((line) => line.at < time || (line.at === time && line.doc > doc)).slice(0, body.size);
      const hits = page.map((line) => ({
        _index: "shop-2026.11.20",
        _id: `id-${line.doc}`,
        _score: null,
        fields: { "@timestamp": [String(line.at)], message: [line.text] },
        sort: [line.at, line.doc],
      }));
      json(response, {
        took: 3,
        timed_out: false,
        _shards: { total: 2, successful: 2, skipped: 0, failed: 0 },
        hits: { max_score: null, hits },
        ...more,
      });
    });
  };
}
const textOf = (finding: Finding | undefined): string => (finding === undefined ? "" : readForMatching(finding.summary));

describe("logs in Elasticsearch", () => {
  it("are asked twice by the reviewed query within the window, newest first", async () => {
    const asked: Body[] = [];
    await observe(search([], asked));
    expect(server?.seen.map(({ path }: Seen) => path)).toEqual(["/shop-*%2Cold/_search", "/shop-*%2Cold/_search"]);
    const ranges = asked.map(({ query }) => query.bool.filter[0].range["@timestamp"]);
    expect(ranges).toEqual(
      expect.arrayContaining([
        { gte: fromOnset(-1800).getTime(), lt: fromOnset(-300).getTime(), format: "epoch_millis" },
        { gte: fromOnset(-300).getTime(), lt: NOW.getTime(), format: "epoch_millis" },
      ]),
    );
    expect(asked[0]).toMatchObject({ _source: false, sort: [{ "@timestamp": { order: "desc" } }, "_doc"] });
    expect(asked[0]?.query.bool.filter[1]).toEqual({ query_string: { query: signal.query } });
  });

  it("become templates, and what was not there before is said to be new", async () => {
    const lines = repeat(30, (index): Line => [fromOnset(2 + index), `ERROR no free connection (waiting=${index})`]);
    const [finding, ...others] = await observe(search(lines));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      source: "elasticsearch",
      query: "errors",
      detail: { kind: "log", count: 30, newSinceOnset: true, firstAt: fromOnset(2), lastAt: fromOnset(31) },
    });
    expect(textOf(finding)).toBe("new since the onset, 30× from 04:40:02 UTC: ERROR no free connection (waiting=0)");
  });

  it("are read page after page, up to the limit, and say when there were more", async () => {
    const lines = repeat(1_300, (index): Line => [fromOnset(Math.floor(index / 40)), "ERROR boom"]);
    const asked: Body[] = [];
    expect(textOf((await observe(search(lines, asked), 1_200))[0])).toMatch(/at least 1,200×, seen back to /);
    expect(
      asked.filter(({ query }) => query.bool.filter[0].range["@timestamp"]?.lt === NOW.getTime()).map(({ size }) => size),
    ).toEqual([500, 500, 260]);
  });

  it("count every line once where pages meet within one moment", async () => {
    const lines = repeat(700, (): Line => [fromOnset(1), "ERROR boom"]);
    expect(await observe(search(lines))).toMatchObject([{ detail: { count: 700 } }]);
  });

  it.each([
    { name: "moments of a few lines", perMoment: 7 },
    { name: "moments of many", perMoment: 330 },
    { name: "one moment of more than a page", perMoment: 1_400 },
  ])("count every line once over several shards, with $name", async ({ perMoment }) => {
    const lines = repeat(1_400, (index): Line => [fromOnset(1 + Math.floor(index / perMoment) / 10), "ERROR boom"]);
    expect(await observe(search(lines, [], {}, 3), 5_000)).toMatchObject([{ detail: { count: 1_400 } }]);
  });

  it("carry no secrets on", async () => {
    const [finding] = await observe(search([[fromOnset(1), "login failed: Authorization: Bearer abcdefghijklmnop1234567890"]]));
    expect(JSON.stringify(finding)).not.toContain("abcdefghijklmnop1234567890");
  });

  it.each([
    ["shards failed", { _shards: { total: 2, successful: 1, failed: 1 } }, /1 of 2 shards failed/],
    ["time ran out there", { timed_out: true }, /ran out of its own time/],
  ])("are told as partial when %s", async (_what, more, says) => {
    const error: unknown = await observe(search([[fromOnset(1), "ERROR boom"]], [], more)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PartialAnswerError);
    expect(error).toMatchObject({ message: expect.stringMatching(says), findings: [{ detail: { kind: "log" } }] });
  });

  it.each<{ name: string; reply: Reply; says: RegExp }>([
    {
      name: "a query that it cannot parse",
      reply: (_request, response) =>
        json(
          response,
          {
            error: { root_cause: [{ type: "query_shard_exception", reason: "Failed to parse query [a AND]" }], type: "x" },
            status: 400,
          },
          400,
        ),
      says: /Elasticsearch at 127\.0\.0\.1:\d+ answered 400 \(Failed to parse query \[a AND\]\): check the query/,
    },
    {
      name: "a missing privilege",
      reply: (_request, response) => json(response, { error: { reason: "security_exception" }, status: 403 }, 403),
      says: /answered 403 .*check sources\.elasticsearch\.token-env/,
    },
    { name: "another shape", reply: (_request, response) => json(response, { hits: [] }), says: /unknown shape/ },
  ])("cannot be read after $name", async ({ reply, says }) => {
    await expect(observe(reply)).rejects.toThrow(says);
  });
});

describe("a reviewed query", () => {
  it("is Lucene's syntax, or an object of the query DSL", () => {
    expect(readQuery({ ...signal, query: "level:error" })).toEqual({ query_string: { query: "level:error" } });
    expect(readQuery({ ...signal, query: ' {"term": {"level": "error"}}' })).toEqual({ term: { level: "error" } });
  });

  it("names its signal when it is neither", () => {
    expect(() => readQuery({ ...signal, query: "{level: error}" })).toThrow(
      /query of signal errors begins with \{ but is not JSON/,
    );
  });
});
