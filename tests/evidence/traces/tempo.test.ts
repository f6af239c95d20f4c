import { afterEach, describe, expect, it } from "vitest";
import { withDeadline } from "../../../src/evidence/deadline.js";
import { createTempoSource } from "../../../src/evidence/sources/traces/tempo.js";
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

const attribute = (key: string, stringValue: string): unknown => ({ key, value: { stringValue } });
const nanoseconds = (at: Date, plusMs = 0): string => `${BigInt(at.getTime() + plusMs) * 1_000_000n}`;

interface Shape {
  readonly seconds: number;
  readonly dbMs?: number;
  readonly failing?: boolean;
}
/** checkout → payments-db in two batches, ids in base64, as Tempo writes a trace by id. */
function aTrace({ seconds, dbMs = 20, failing = false }: Shape): unknown {
  const at = fromOnset(seconds);
  const status = failing ? { code: "STATUS_CODE_ERROR", message: "internal" } : {};
  const events = failing
    ? [{ timeUnixNano: nanoseconds(at), name: "exception", attributes: [attribute("exception.message", "pool exhausted")] }]
    : [];
  const batch = (service: string, span: object): unknown => ({
    resource: { attributes: [attribute("service.name", service)] },
    scopeSpans: [
      { scope: { name: "http" }, spans: [{ traceId: "AAAAAAAAAAAAAAAAAAAAAQ==", startTimeUnixNano: nanoseconds(at), ...span }] },
    ],
  });
  return {
    batches: [
      batch("checkout", {
        spanId: "c2VydmljZQ==",
        name: "POST /pay",
        endTimeUnixNano: nanoseconds(at, dbMs + 10),
        status,
        attributes: [],
      }),
      batch("payments-db", {
        spanId: "ZGF0YWJhc2U=",
        parentSpanId: "c2VydmljZQ==",
        name: "SELECT",
        endTimeUnixNano: nanoseconds(at, dbMs),
        status,
        events,
      }),
    ],
  };
}

type Group = "failing" | "before" | "since";
function groupOf(params: URLSearchParams): Group {
  if (params.get("q")?.includes("status = error") === true) return "failing";
  return params.get("end") === `${NOW.getTime() / 1000}` ? "since" : "before";
}
const PREFIX: Readonly<Record<Group, string>> = { failing: "f", before: "b", since: "a" };
const id = (group: Group, index: number): string => `${PREFIX[group]}${index.toString(16).padStart(31, "0")}`;

function tell(shapes: Partial<Record<Group, readonly Shape[]>>, broken?: Reply): Reply {
  const all = new Map<string, unknown>(
    (["failing", "before", "since"] as const).flatMap((group) =>
      (shapes[group] ?? []).map((shape, index) => [`/api/traces/${id(group, index)}`, aTrace(shape)] as const),
    ),
  );
  return (request, response, raw) => {
    if (request.path !== "/api/search")
      return broken === undefined ? json(response, all.get(request.path)) : broken(request, response, raw);
    const group = groupOf(request.params);
    json(response, {
      traces: (shapes[group] ?? []).map((_shape, index) => ({
        traceID: id(group, index),
        rootServiceName: "checkout",
        rootTraceName: "POST /pay",
        startTimeUnixNano: "1700000000000000000",
        durationMs: 30,
        spanSets: [{ spans: [], matched: 1 }],
      })),
      metrics: { inspectedTraces: 3, inspectedBytes: "2048", completedJobs: 1, totalJobs: 1 },
    });
  };
}

async function observe(reply: Reply, limit = 15): Promise<readonly Finding[]> {
  server = await serve(reply);
  return createTempoSource({ url: server.url, limit }).observe(
    aRequest({ service: aService({ traceService: "shop/checkout" }) }),
  );
}
const texts = (findings: readonly Finding[]): string[] => findings.map(({ summary }) => readForMatching(summary));

describe("traces from Tempo", () => {
  it("are searched three times by TraceQL, in seconds", async () => {
    await observe(tell({}));
    const s = (at: Date): string => String(at.getTime() / 1000);
    const asked = server?.seen.map(({ path, params }) => ({ path, ...Object.fromEntries(params) }));
    const same = { path: "/api/search", limit: "15", q: '{ resource.service.name = "shop/checkout" }' };
    expect(asked).toHaveLength(3);
    expect(asked).toEqual(
      expect.arrayContaining([
        { ...same, start: s(fromOnset(-1800)), end: s(fromOnset(-300)) },
        { ...same, start: s(fromOnset(-300)), end: s(NOW) },
        { ...same, start: s(fromOnset(-300)), end: s(NOW), q: '{ resource.service.name = "shop/checkout" && status = error }' },
      ]),
    );
  });

  it("tell the first failing service along the path, and what it said", async () => {
    const findings = await observe(
      tell({ before: [{ seconds: -900 }], failing: repeat(2, (index) => ({ seconds: 5 + index, failing: true })) }),
    );
    expect(findings).toMatchObject([
      { source: "tempo", subject: "payments-db", at: fromOnset(5), detail: { kind: "trace" }, link: null },
    ]);
    expect(texts(findings)).toEqual([
      "new since the onset, 2 traces failed first in payments-db at SELECT: pool exhausted, along checkout → payments-db, from 04:40:05 UTC",
    ]);
  });

  it("tell which operation became slow by itself", async () => {
    const before = repeat(6, (index) => ({ seconds: -900 + index }));
    const since = repeat(6, (index) => ({ seconds: 5 + index, dbMs: 700 }));
    expect(texts(await observe(tell({ before, since })))).toEqual([
      "payments-db itself takes 700 ms for SELECT since the onset, 20 ms before (median of 6 spans)",
    ]);
  });

  it("are read once each, also when two searches find the same", async () => {
    await observe(tell({ since: repeat(3, (index) => ({ seconds: index })) }));
    expect(server?.seen.filter(({ path }) => path !== "/api/search")).toHaveLength(3);
  });

  it("are kept as far as they were read when time is up, the failing ones first, and the rest is said", async () => {
    const hanging: Reply = (request, response) =>
      request.path.startsWith("/api/traces/f") ? json(response, aTrace({ seconds: 5, failing: true })) : undefined;
    const many = {
      failing: repeat(15, (index) => ({ seconds: index })),
      before: repeat(15, (index) => ({ seconds: index - 900 })),
    };
    server = await serve(tell(many, hanging));
    const source = createTempoSource({ url: server.url });
    const error: unknown = await withDeadline(300, "tempo", (signal) => source.observe(aRequest({ signal }))).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(PartialAnswerError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/^15 traces could not be read: Tempo at .* gave no complete answer in time\.$/),
      findings: [{ subject: "payments-db" }],
    });
  });

  it("say when the answer was cut", async () => {
    const failing = repeat(2, (index) => ({ seconds: 5 + index, failing: true }));
    expect(texts(await observe(tell({ failing }), 2))[0]).toMatch(/at least 2 traces/);
  });

  it("do not call new what a cut answer from before may have held", async () => {
    const failing = [{ seconds: 5, failing: true }];
    const [finding] = await observe(tell({ before: repeat(3, (index) => ({ seconds: index - 900 })), failing }), 3);
    expect(texts(finding ? [finding] : [])).toEqual([
      expect.stringMatching(/^in none of 3 traces from before the onset, 1 trace/),
    ]);
  });

  it("are told as partial when one of them cannot be read", async () => {
    const broken: Reply = (request, response) =>
      request.path.endsWith("0")
        ? json(response, aTrace({ seconds: 5, failing: true }))
        : void response.writeHead(404).end("trace not found");
    const asking = observe(tell({ failing: [{ seconds: 5 }, { seconds: 6 }] }, broken));
    const error: unknown = await asking.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PartialAnswerError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/^1 trace could not be read: Tempo at .* answered 404/),
      findings: [{}],
    });
  });

  it.each<{ name: string; reply: Reply; says: RegExp }>([
    {
      name: "a refused query",
      reply: (_request, response) => void response.writeHead(400, { "content-type": "text/plain" }).end("parse error at line 1"),
      says: /Tempo at 127\.0\.0\.1:\d+ answered 400/,
    },
    {
      name: "an id that is none",
      reply: (_request, response) => json(response, { traces: [{ traceID: "../../admin" }] }),
      says: /unknown shape \(traces\.0\.traceID\)/,
    },
    {
      name: "traces of another shape",
      reply: tell({ failing: [{ seconds: 5 }] }, (_request, response) => json(response, { spans: [] })),
      says: /unknown shape \(batches\)/,
    },
  ])("cannot be read from $name", async ({ reply, says }) => {
    await expect(observe(reply)).rejects.toThrow(says);
  });
});
