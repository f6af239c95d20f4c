import { afterEach, describe, expect, it } from "vitest";
import { createJaegerSource } from "../../../src/evidence/sources/traces/jaeger.js";
import { PartialAnswerError } from "../../../src/evidence/unavailable.js";
import { readForMatching } from "../../../src/outside/match.js";
import type { Finding } from "../../../src/ports.js";
import { json, serve, type LocalServer, type Reply } from "../support/server.js";
import { aRequest, aService, fromOnset, NOW, repeat } from "../support/world.js";

let server: LocalServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const tag = (key: string, value: unknown): unknown => ({ key, type: typeof value, value });

interface Failing {
  readonly message?: string;
}
/** web → checkout → db, as Jaeger writes it: microseconds, processes by reference. */
function aTrace(index: number, seconds: number, failing: Failing | null, dbMs = 20): unknown {
  const id = index.toString(16).padStart(32, "0");
  const start = fromOnset(seconds).getTime() * 1_000;
  const error = failing === null ? [] : [tag("error", true)];
  const logs =
    failing?.message === undefined
      ? []
      : [{ timestamp: start, fields: [tag("event", "exception"), tag("exception.message", failing.message)] }];
  const span = (spanID: string, parent: string | null, durationMs: number, more: object = {}): unknown => ({
    traceID: id,
    spanID,
    flags: 1,
    operationName: `op ${spanID}`,
    references: parent === null ? [] : [{ refType: "CHILD_OF", traceID: id, spanID: parent }],
    startTime: start,
    duration: durationMs * 1_000,
    tags: [tag("span.kind", "server"), ...error],
    logs: [],
    processID: `p-${spanID}`,
    warnings: null,
    ...more,
  });
  return {
    traceID: id,
    spans: [span("web", null, dbMs + 20), span("checkout", "web", dbMs + 10), span("db", "checkout", dbMs, { logs })],
    processes: {
      "p-web": { serviceName: "web", tags: [] },
      "p-checkout": { serviceName: "checkout" },
      "p-db": { serviceName: "payments-db" },
    },
    warnings: null,
  };
}
const answer = (data: readonly unknown[]): unknown => ({ data, total: 0, limit: 0, offset: 0, errors: null });
/** Which of the three questions this is. */
function questionOf(params: URLSearchParams): "failing" | "before" | "since" {
  if (params.has("tags")) return "failing";
  return params.get("end") === `${NOW.getTime()}000` ? "since" : "before";
}

async function observe(reply: Reply, limit = 100): Promise<readonly Finding[]> {
  server = await serve(reply);
  return createJaegerSource({ url: server.url, limit }).observe(aRequest({ service: aService({ traceService: "checkout" }) }));
}
const say =
  (answers: Partial<Record<"failing" | "before" | "since", readonly unknown[]>>): Reply =>
  ({ params }, response) =>
    json(response, answer(answers[questionOf(params)] ?? []));
const textOf = (finding: Finding | undefined): string => (finding === undefined ? "" : readForMatching(finding.summary));

describe("traces from Jaeger", () => {
  it("are asked for three times: before, since, and what failed since", async () => {
    await observe(say({}));
    const us = (at: Date): string => `${at.getTime()}000`;
    const asked = server?.seen.map(({ path, params }) => ({ path, ...Object.fromEntries(params) }));
    const same = { path: "/api/traces", service: "checkout", limit: "100" };
    expect(asked).toHaveLength(3);
    expect(asked).toEqual(
      expect.arrayContaining([
        { ...same, start: us(fromOnset(-1800)), end: us(fromOnset(-300)) },
        { ...same, start: us(fromOnset(-300)), end: us(NOW) },
        { ...same, start: us(fromOnset(-300)), end: us(NOW), tags: '{"error":"true"}' },
      ]),
    );
  });

  it("tell the first failing service along the path, and what it said", async () => {
    const failing = repeat(3, (index) => aTrace(index, 5 + index, { message: "too many connections" }));
    const [finding, ...others] = await observe(say({ before: [aTrace(99, -900, null)], failing }));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      source: "jaeger",
      subject: "payments-db",
      at: fromOnset(5),
      detail: { kind: "trace" },
      link: `${server?.url}/trace/${"0".repeat(32)}`,
    });
    expect(textOf(finding)).toBe(
      "new since the onset, 3 traces failed first in payments-db at op db: too many connections, along web → checkout → payments-db, from 04:40:05 UTC",
    );
  });

  it("say that a failure was there before, and rank it lower", async () => {
    const [fresh] = await observe(say({ before: [aTrace(1, -900, null)], failing: [aTrace(2, 5, {})] }));
    await server?.close();
    const [old] = await observe(say({ before: [aTrace(1, -900, {})], failing: [aTrace(2, 5, {})] }));
    expect(textOf(old)).toMatch(/^also before the onset, 1 trace /);
    expect(old?.score).toBeLessThan(fresh?.score ?? 0);
  });

  it("tell which operation became slow by itself", async () => {
    const before = repeat(6, (index) => aTrace(index, -900 + index, null, 20));
    const since = repeat(6, (index) => aTrace(10 + index, 5 + index, null, 900));
    const [finding, ...others] = await observe(say({ before, since }));
    expect(others).toEqual([]);
    expect(textOf(finding)).toBe("payments-db itself takes 900 ms for op db since the onset, 20 ms before (median of 6 spans)");
  });

  it("are kept when one of the searches fails, and that is said", async () => {
    const failing = aTrace(7, 5, {});
    const error: unknown = await observe(({ params }, response) =>
      params.has("tags") ? json(response, answer([failing])) : json(response, {}, 503),
    ).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PartialAnswerError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/^One of its searches failed: Jaeger at .* answered 503/),
      findings: [{ detail: { kind: "trace" } }],
      mayHeal: true,
    });
  });

  it("say when the answer was cut", async () => {
    expect(textOf((await observe(say({ failing: repeat(2, (index) => aTrace(index, 5, {})) }), 2))[0])).toMatch(
      /at least 2 traces/,
    );
  });

  it("do not call new what a cut answer from before may have held", async () => {
    const before = repeat(3, (index) => aTrace(90 + index, -900 + index, null));
    const [finding] = await observe(say({ before, failing: [aTrace(1, 5, {})] }), 3);
    expect(textOf(finding)).toMatch(/^in none of 3 traces from before the onset, 1 trace /);
  });

  it("are silent where nothing failed or slowed down", async () => {
    expect(await observe(say({ before: [aTrace(1, -900, null)], since: [aTrace(2, 5, null)] }))).toEqual([]);
  });

  it("carry no secrets on", async () => {
    const [finding] = await observe(
      say({ failing: [aTrace(1, 5, { message: "refused: Authorization: Bearer abcdefghijklmnop1234567890" })] }),
    );
    expect(JSON.stringify(finding)).not.toContain("abcdefghijklmnop1234567890");
  });

  it("are told as partial when some could not be read", async () => {
    const asking = observe(({ params }, response) =>
      json(response, {
        data: questionOf(params) === "failing" ? [aTrace(1, 5, {})] : [],
        errors: questionOf(params) === "failing" ? [{ code: 500, msg: "trace not readable", traceID: "1" }] : null,
      }),
    );
    const error: unknown = await asking.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PartialAnswerError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/could not read 1 trace/),
      findings: [{ subject: "payments-db" }],
    });
  });

  it.each<{ name: string; reply: Reply; says: RegExp }>([
    {
      name: "a refusal",
      reply: (_request, response) =>
        json(response, { data: null, errors: [{ code: 400, msg: "parameter 'service' is required" }] }, 400),
      says: /Jaeger at 127\.0\.0\.1:\d+ answered 400 \(parameter 'service' is required\)/,
    },
    {
      name: "the page instead of the API",
      reply: (_request, response) => void response.writeHead(200, { "content-type": "text/html" }).end("<html></html>"),
      says: /text\/html that is not JSON/,
    },
    { name: "another shape", reply: (_request, response) => json(response, { result: {} }), says: /unknown shape \(data\)/ },
  ])("cannot be read from $name", async ({ reply, says }) => {
    await expect(observe(reply)).rejects.toThrow(says);
  });
});
