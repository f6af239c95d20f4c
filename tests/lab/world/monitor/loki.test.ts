import { describe, expect, it } from "vitest";
import { LogStore } from "../../../../lab/world/monitor/log-store.js";
import { createLoki } from "../../../../lab/world/monitor/loki.js";
import { parseDuration, parseMoment, parseNanoseconds } from "../../../../lab/world/monitor/times.js";
import { fixedClock } from "../support.js";

const query = '{service="checkout"} |= "ERROR"';
const stream = { service: "checkout", job: "shop" };
const epoch = Date.parse("2026-11-20T12:00:00Z");
const at = (ms: number): string => `${epoch + ms}000000`;

function createApp(): ReturnType<typeof createLoki> {
  const store = new LogStore();
  store.add(new Date(epoch), "ERROR first");
  store.add(new Date(epoch), "ERROR same instant");
  store.add(new Date(epoch + 500), "INFO fine");
  store.add(new Date(epoch + 1_000), "ERROR last");
  return createLoki({ store, clock: fixedClock("2026-11-20T12:00:10Z"), query, contains: "ERROR", stream });
}

async function ask(params: Record<string, string>, path = "/loki/api/v1/query_range"): Promise<Response> {
  return createApp().request(`${path}?${new URLSearchParams({ query, ...params }).toString()}`);
}

const first = [at(0), "ERROR first"];
const same = [`${epoch}000001`, "ERROR same instant"];
const last = [at(1_000), "ERROR last"];

describe("a log query", () => {
  it.each([
    { name: "answers the newest first", params: {}, values: [last, same, first] },
    { name: "keeps the newest under a limit", params: { limit: "1" }, values: [last] },
    { name: "keeps the oldest forward", params: { limit: "2", direction: "forward" }, values: [first, same] },
    { name: "excludes its end", params: { start: at(0), end: at(1_000) }, values: [same, first] },
    {
      name: "takes seconds and RFC 3339",
      params: { start: String(epoch / 1000 + 0.5), end: "2026-11-20T12:00:02Z" },
      values: [last],
    },
  ])("$name", async ({ params, values }) => {
    const response = await ask(params);
    expect(await response.json()).toEqual({
      status: "success",
      data: { resultType: "streams", result: [{ stream, values }], stats: {} },
    });
  });

  it("has no stream where no line matches", async () => {
    expect(await (await ask({ start: at(5_000), end: at(6_000) })).json()).toMatchObject({ data: { result: [] } });
  });

  it("is answered for an instant too", async () => {
    expect(await (await ask({ time: at(500) }, "/loki/api/v1/query")).json()).toMatchObject({
      data: { result: [{ values: [same, first] }] },
    });
  });

  it.each([
    { name: "another query", params: { query: '{app="x"}' }, says: '{app="x"}' },
    { name: "a limit beyond Loki's", params: { limit: "5001" }, says: "5001 > 5000" },
    { name: "a limit of zero", params: { limit: "0" }, says: "positive" },
    { name: "a direction that is none", params: { direction: "up" }, says: "up" },
    { name: "a time that is none", params: { start: "yesterday" }, says: "yesterday" },
    { name: "an end before the start", params: { start: at(5), end: at(1) }, says: "end" },
  ])("is refused with the reason: $name", async ({ params, says }) => {
    const response = await ask(params);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(says);
  });
});

describe("times on the wire", () => {
  it.each([
    { text: "1795176000.5", expected: 1_795_176_000_500 },
    { text: "1.7951760005e9", expected: 1_795_176_000_500 },
    { text: "2026-11-20T12:00:00.250Z", expected: epoch + 250 },
    { text: "2026-11-20", expected: null },
    { text: "", expected: null },
  ])("reads the moment '$text'", ({ text, expected }) => {
    expect(parseMoment(text)).toBe(expected);
  });

  it.each([
    { text: "15", expected: 15_000 },
    { text: "0.5", expected: 500 },
    { text: "1h30m", expected: 5_400_000 },
    { text: "250ms", expected: 250 },
    { text: "0s", expected: null },
    { text: "-1", expected: null },
    { text: "soon", expected: null },
  ])("reads the duration '$text'", ({ text, expected }) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it("reads nanoseconds without losing a digit", () => {
    expect(parseNanoseconds("1795176000123456789")).toBe(1_795_176_000_123_456_789n);
  });
});
