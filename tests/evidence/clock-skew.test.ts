import { afterEach, describe, expect, it } from "vitest";
import { gatherEvidence, type GatherRequest } from "../../src/evidence/gather.js";
import { createLokiSource } from "../../src/evidence/sources/loki.js";
import { PartialAnswerError } from "../../src/evidence/unavailable.js";
import { readForMatching } from "../../src/outside/match.js";
import type { Finding } from "../../src/ports.js";
import { json, serve, type LocalServer } from "./support/server.js";
import { anAlert, aRequest, aService, NOW, ONSET, streams } from "./support/world.js";

let server: LocalServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function observe(headers: Record<string, string>, signals = 1): Promise<readonly Finding[]> {
  server = await serve(({ params }, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    json(response, streams([]), params.get("query") === "1" ? 400 : 200);
  });
  const asked = Array.from({ length: signals }, (_, index) => `${index}`);
  const service = aService({
    signals: new Map(asked.map((name) => [name, { name, source: "loki", query: name, unit: null }])),
  });
  return createLokiSource({ url: server.url }).observe(aRequest({ service }));
}
const dated = (offsetMs: number): Record<string, string> => ({ date: new Date(Date.now() + offsetMs).toUTCString() });
const textOf = (finding: Finding | undefined): string => (finding ? readForMatching(finding.summary) : "");

describe("the clock of a source", () => {
  it.each(["Infinity", "1e400", "soon"])("is not judged by an age of %s", async (age) => {
    expect(await observe({ ...dated(0), age })).toEqual([]);
  });

  it("that is wrong does not make silence an answer", async () => {
    const late = await observe(dated(-3_600_000));
    const source = { name: "loki", observe: () => Promise.resolve(late) };
    const windows = { logsMs: 3_600_000, changesMs: 3_600_000 };
    const asked: GatherRequest = { service: aService(), alerts: [anAlert()], onset: ONSET, attempt: 1, now: NOW, windows };
    const { coverage } = await gatherEvidence(asked, [source], { sleep: () => Promise.resolve() });
    expect(coverage[0]).toEqual({ source: "loki", answer: "empty" });
  });

  it.each([
    { name: "two minutes ahead", offsetMs: 120_000, says: /is 2 min ahead of the runner's/ },
    { name: "an hour behind", offsetMs: -3_600_000, says: /is 60 min behind the runner's/ },
  ])("that is $name is said with what it found", async ({ offsetMs, says }) => {
    const [finding, ...others] = await observe(dated(offsetMs));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ source: "loki", subject: "checkout", at: NOW, detail: { kind: "state" }, query: null });
    expect(textOf(finding)).toMatch(/^The clock of Loki at 127\.0\.0\.1:\d+ is .*: times told by it may be off by as much$/);
    expect(textOf(finding)).toMatch(says);
  });

  it("is said also when the source answers in part", async () => {
    const error: unknown = await observe(dated(120_000), 2).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PartialAnswerError);
    expect(error).toMatchObject({ findings: [{ detail: { kind: "state" } }] });
  });

  it.each([
    { name: "within half a minute", headers: dated(25_000) },
    { name: "not told", headers: { date: "" } },
    { name: "that of an old answer from a cache", headers: { ...dated(-300_000), age: "300" } },
  ])("is not worth a word when it is $name", async ({ headers }) => {
    expect(await observe(headers)).toEqual([]);
  });
});
