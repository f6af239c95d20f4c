import { afterEach, describe, expect, it } from "vitest";
import { createLokiSource } from "../../src/evidence/sources/loki.js";
import { PartialAnswerError } from "../../src/evidence/unavailable.js";
import { readForMatching } from "../../src/outside/match.js";
import type { Finding } from "../../src/ports.js";
import { json, serve, type LocalServer } from "./support/server.js";
import { aRequest, fromOnset, NOW, repeat, streams } from "./support/world.js";

let server: LocalServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

type Line = readonly [Date, string];

async function observe(before: readonly Line[], since: readonly Line[], limit = 1000): Promise<readonly Finding[]> {
  server = await serve(({ params }, response) => {
    const isSince = BigInt(params.get("end") ?? 0) > BigInt(fromOnset(-300).getTime()) * 1_000_000n;
    json(response, streams(isSince ? since : before));
  });
  return createLokiSource({ url: server.url, limit }).observe(aRequest());
}

const errors = (count: number, seconds: number, text = "ERROR no free connection"): Line[] =>
  repeat(count, (index) => [fromOnset(seconds + index), `${text} (waiting=${index})`]);

describe("logs of a service", () => {
  it("are asked twice, newest first: before and since the onset, with room for an alert that was held", async () => {
    await observe([], []);
    const asked = server?.seen.map(({ path, params }) => ({ path, ...Object.fromEntries(params) }));
    const ns = (at: Date): string => `${at.getTime()}000000`;
    const same = {
      path: "/loki/api/v1/query_range",
      query: '{service="checkout"} |= "ERROR"',
      direction: "backward",
      limit: "1000",
    };
    expect(asked).toEqual([
      { ...same, start: ns(fromOnset(-1800)), end: ns(fromOnset(-300)) },
      { ...same, start: ns(fromOnset(-300)), end: ns(NOW) },
    ]);
  });

  it("become templates, and what was not there before is said to be new", async () => {
    const [finding, ...others] = await observe([], errors(40, -2));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      source: "loki",
      subject: "checkout",
      at: fromOnset(-2),
      query: "errors",
      detail: { kind: "log", count: 40, newSinceOnset: true, firstAt: fromOnset(-2), lastAt: fromOnset(37) },
    });
    expect(finding && readForMatching(finding.summary)).toBe(
      "new since the onset, 40× from 04:39:58 UTC: ERROR no free connection (waiting=0)",
    );
  });

  it.each([
    "2026-11-20T04:39:58.123Z ERROR no free connection",
    "[2026-11-20 04:39:58,123] ERROR no free connection",
    "2026-11-20T04:39:58+00:00 - ERROR no free connection",
  ])("are told without the time they begin with: %s", async (line) => {
    const [finding] = await observe([], [[fromOnset(-2), line]]);
    expect(finding && readForMatching(finding.summary)).toMatch(/ UTC: ERROR no free connection$/);
  });

  it("that are nothing but a time stay as they are", async () => {
    const [finding] = await observe([], [[fromOnset(-2), "2026-11-20T04:39:58Z"]]);
    expect(finding && readForMatching(finding.summary)).toMatch(/ UTC: 2026-11-20T04:39:58Z$/);
  });

  it("that were there before are not new", async () => {
    expect(await observe(errors(20, -1000), errors(40, -2))).toMatchObject([{ detail: { newSinceOnset: false } }]);
  });

  it("say when the answer was cut", async () => {
    const [finding] = await observe([], errors(30, 0), 30);
    expect(finding && readForMatching(finding.summary)).toMatch(/at least 30×/);
  });

  const healthy = errors(41, -341, "GET /health"); // the newest 41 of many

  it("say how far back they were compared when there were more before", async () => {
    const [finding] = await observe(healthy, errors(40, 0), 41);
    expect(finding && readForMatching(finding.summary)).toMatch(
      /^new since the onset \(compared back to 04:34:19\), 40× from 04:40:00 UTC: ERROR/,
    );
  });

  it("are not called new when they are rare and there were more before than were read", async () => {
    const once = [[fromOnset(40), "a cache entry expired"]] as const;
    expect(await observe(healthy, once, 41)).toMatchObject([{ detail: { newSinceOnset: false, count: 1 } }]);
  });

  it("are not called grown because fewer of those before were read", async () => {
    const same = errors(100, -40, "GET /health"); // one a second, as before
    expect(await observe(healthy, same, 41)).toMatchObject([{ score: expect.closeTo(0.2) as unknown }]);
  });

  it("are kept when the lines before cannot be asked for, and that is said", async () => {
    server = await serve(({ params }, response) => {
      const isSince = BigInt(params.get("end") ?? 0) > BigInt(fromOnset(-300).getTime()) * 1_000_000n;
      json(response, isSince ? streams(errors(3, 0)) : { error: "too many outstanding requests" }, isSince ? 200 : 429);
    });
    const error: unknown = await createLokiSource({ url: server.url })
      .observe(aRequest())
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PartialAnswerError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/^The lines before could not be compared: Loki .* 429/),
      findings: [{ detail: { count: 3, newSinceOnset: false } }],
      mayHeal: true,
    });
  });

  it("carry no secrets on", async () => {
    const [finding] = await observe([], [[fromOnset(0), "login failed: Authorization: Bearer abcdefghijklmnop1234567890"]]);
    expect(JSON.stringify(finding)).not.toContain("abcdefghijklmnop1234567890");
  });

  it("may come in several streams and with metadata", async () => {
    server = await serve((_request, response) =>
      json(response, {
        status: "success",
        data: {
          resultType: "streams",
          result: ["a", "b"].map((pod) => ({
            stream: { pod },
            values: [[`${fromOnset(3).getTime()}123456`, "boom", { trace: "1" }]],
          })),
        },
      }),
    );
    expect(await createLokiSource({ url: server.url }).observe(aRequest())).toMatchObject([
      { detail: { count: 2, firstAt: fromOnset(3) } },
    ]);
  });

  it("cannot be read from a metric query", async () => {
    server = await serve((_request, response) =>
      json(response, { status: "success", data: { resultType: "matrix", result: [] } }),
    );
    await expect(createLokiSource({ url: server.url }).observe(aRequest())).rejects.toThrow(
      /Loki at .* answered in an unknown shape/,
    );
  });
});
