import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gatherEvidence, type GatherRequest } from "../../src/evidence/gather.js";
import { PartialAnswerError, SourceUnavailableError } from "../../src/evidence/unavailable.js";
import { Evidence, MAX_OBSERVATIONS, MAX_SUMMARY } from "../../src/incident/facts.js";
import { readForMatching } from "../../src/outside/match.js";
import { redact } from "../../src/outside/redact.js";
import type { Finding, Source, SourceRequest } from "../../src/ports.js";
import { aChange, aLog, aMetric } from "../diagnosis/support/observed.js";
import { anAlert, aService, fromOnset, NOW, ONSET, repeat } from "./support/world.js";

const request: GatherRequest = {
  service: aService(),
  alerts: [anAlert()],
  onset: ONSET,
  attempt: 2,
  now: NOW,
  windows: { logsMs: 3_600_000, changesMs: 172_800_000 },
};
const clock = { sleep: () => Promise.resolve() };

function aFinding(score: number, summary = "something", source = "loki"): Finding {
  const { id: _id, ...finding } = aLog("E1", "x");
  return { ...finding, score, source, summary: redact(summary) };
}
function aSource(name: string, answer: readonly Finding[] | Error, timeoutMs?: number): Source {
  const observe = (): Promise<readonly Finding[]> => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer));
  return timeoutMs === undefined ? { name, observe } : ({ name, observe, timeoutMs } as Source);
}
const why = (evidence: Evidence): (string | null)[] =>
  evidence.coverage.map((each) => (each.answer === "unavailable" ? readForMatching(each.why) : null));

describe("gathering", () => {
  it("numbers the strongest first and says what each source answered", async () => {
    const evidence = await gatherEvidence(
      request,
      [
        aSource("prometheus", [aFinding(0.2, "weak"), aFinding(0.9, "strong")]),
        aSource("loki", []),
        aSource("tempo", new Error("it is down")),
      ],
      clock,
    );
    expect(evidence).toMatchObject({ attempt: 2, onset: ONSET, logsMinutes: 60, changesMinutes: 2880, dropped: 0 });
    expect(evidence.observations.map(({ id, summary }) => `${id} ${readForMatching(summary)}`)).toEqual(["E1 strong", "E2 weak"]);
    expect(evidence.coverage).toEqual([
      { source: "prometheus", answer: "ok" },
      { source: "loki", answer: "empty" },
      { source: "tempo", answer: "unavailable", why: redact("it is down") },
      { source: "github", answer: "not-configured" },
    ]);
  });

  it("leaves out a source that could know nothing of the service: it was neither asked nor silent", async () => {
    const cluster = (concerned: boolean): Source => ({ ...aSource("kubernetes", [aFinding(0.5)]), concerns: () => concerned });
    const covered = async (source: Source): Promise<readonly string[]> =>
      (await gatherEvidence(request, [source], clock)).coverage.flatMap((each) => (each.answer === "ok" ? [each.source] : []));
    expect(await covered(cluster(false))).toEqual([]);
    expect(await covered(cluster(true))).toEqual(["kubernetes"]);
  });

  it.each([
    { name: "nothing", sources: [], absent: ["prometheus", "loki", "github"] },
    { name: "CloudWatch, which brings metrics and logs", sources: ["cloudwatch"], absent: ["prometheus", "loki", "github"] },
    { name: "Elasticsearch for logs", sources: ["prometheus", "elasticsearch", "github"], absent: ["loki"] },
  ])("says which sources its queries name when there is $name", async ({ sources, absent }) => {
    const named = await gatherEvidence(
      request,
      sources.map((name) => aSource(name, [])),
      clock,
    );
    const missing = named.coverage.filter(({ answer }) => answer === "not-configured").map(({ source }) => source);
    expect(missing.toSorted()).toEqual(absent.toSorted());
  });

  it.each([
    { name: "nothing", sources: [], absent: ["prometheus", "loki", "github"] },
    { name: "CloudWatch, which brings metrics and logs", sources: ["cloudwatch", "github"], absent: [] },
    { name: "Datadog", sources: ["datadog"], absent: ["github"] },
    { name: "Elasticsearch, which brings logs", sources: ["elasticsearch"], absent: ["prometheus", "github"] },
  ])("says which kind of source is missing when there is $name", async ({ sources, absent }) => {
    const bare = { ...request, service: { ...request.service, signals: new Map() } };
    const { coverage } = await gatherEvidence(
      bare,
      sources.map((name) => aSource(name, [])),
      clock,
    );
    expect(coverage.filter(({ answer }) => answer === "not-configured").map(({ source }) => source)).toEqual(absent);
  });

  it("asks for the windows before the onset, until now", async () => {
    const asked: SourceRequest[] = [];
    const curious: Source = { name: "loki", observe: (question) => (asked.push(question), Promise.resolve([])) };
    await gatherEvidence(request, [curious], clock);
    expect(asked).toMatchObject([
      { onset: ONSET, logs: { from: fromOnset(-3600), to: NOW }, changes: { from: fromOnset(-172_800), to: NOW } },
    ]);
  });

  it("keeps the strongest within the limit and counts the rest", async () => {
    const many = repeat(MAX_OBSERVATIONS + 5, (index) => aFinding(index / 100, `finding ${index}`));
    const evidence = await gatherEvidence(request, [aSource("loki", many)], clock);
    expect(evidence.observations).toHaveLength(MAX_OBSERVATIONS);
    expect(evidence.dropped).toBe(5);
    expect(Math.min(...evidence.observations.map(({ score }) => score))).toBe(0.05);
  });

  it("keeps what a finding is about like all text from outside", async () => {
    const subject = `app/x\n@everyone password=hunter2 ${"y".repeat(100_000)}`;
    const { observations } = await gatherEvidence(request, [aSource("alertmanager", [{ ...aFinding(0.5), subject }])], clock);
    expect(observations[0]?.subject.length).toBeLessThanOrEqual(120);
    expect(observations[0]?.subject).not.toMatch(/hunter2|\n/);
  });

  it.each([
    { link: "https://ci.example.com/runs/7", kept: true },
    { link: "https://ci.example.com/runs/7?token=s3cr3t-t0ken-of-the-run", kept: false },
    { link: `https://ci.example.com/${"y".repeat(3_000)}`, kept: false },
  ])("keeps a link that holds no secret and is no novel: $kept", async ({ link, kept }) => {
    const { observations } = await gatherEvidence(request, [aSource("github", [{ ...aFinding(0.5), link }])], clock);
    expect(observations[0]?.link).toBe(kept ? link : null);
  });

  it("keeps places for others, however many kinds of lines somebody writes", async () => {
    const lines = repeat(60, (index) => aFinding(0.95, `made up ${index}`));
    const { id: _id, ...metric } = aMetric("E1", "error-ratio", "rose", { score: 0.4 });
    const { observations, dropped } = await gatherEvidence(
      request,
      [aSource("loki", lines), aSource("prometheus", [metric])],
      clock,
    );
    expect(observations).toHaveLength(MAX_OBSERVATIONS);
    expect(observations.filter(({ detail }) => detail.kind === "metric")).toHaveLength(1);
    expect(dropped).toBe(21);
  });

  it.each([
    { name: "no time", at: new Date(1e303) },
    { name: "a time beyond all calendars", at: new Date(1e15) },
    { name: "a figure that is none", score: Number.NaN },
  ])("leaves out what would break the journal: $name", async ({ name: _name, ...odd }) => {
    const evidence = await gatherEvidence(request, [aSource("loki", [{ ...aFinding(0.9), ...odd }, aFinding(0.2)])], clock);
    expect(evidence.observations).toHaveLength(1);
    expect(why(evidence)[0]).toContain("1 finding left out");
    expect(Evidence.safeParse(JSON.parse(JSON.stringify(evidence))).success).toBe(true);
  });

  it("weighs changes by lines that it does not keep, and keeps what it blames however weak", async () => {
    const many = repeat(MAX_OBSERVATIONS + 5, (index): Finding => {
      const { id: _e1, ...said } = aLog("E1", `ERROR no free connection in pool ${index}`);
      return said;
    });
    const diff = "+++ b/config/pool.yaml\n-pool_size: 50\n+pool_size: 4";
    const at = fromOnset(-120).getTime();
    const { id: _id, ...change } = aChange("E1", "commit", { score: 0.01 });
    const rollouts = [{ service: "checkout", at }];
    const weighedAs = { of: "commit" as const, at, message: "", files: ["config/pool.yaml"], diff, rollouts };
    const guilty: Finding = { ...change, material: { change: { weighedAs, rollout: "deployment/1" } } };
    const evidence = await gatherEvidence(request, [aSource("loki", many), aSource("github", [guilty])], clock);
    expect(evidence.observations).toHaveLength(MAX_OBSERVATIONS);
    expect(evidence.observations.at(-1)).toEqual({ id: `E${MAX_OBSERVATIONS}`, ...change });
    expect(evidence.review).toMatchObject({ verdict: "change", ids: [`E${MAX_OBSERVATIONS}`] });
    expect(JSON.stringify(evidence)).not.toContain("+++ b/config");
    expect(Evidence.safeParse(JSON.parse(JSON.stringify(evidence))).success).toBe(true);
  });

  it("lets what is steady make room for what is not, except for the first of the catalogue", async () => {
    const names = repeat(30, (index) => `signal-${String(index).padStart(2, "0")}`);
    const signals = new Map(names.toReversed().map((name) => [name, { name, source: "prometheus", query: "1", unit: null }]));
    const steady = names.map((name): Finding => {
      const { id: _id, ...finding } = aMetric("E1", name, "steady");
      return finding;
    });
    const weak = repeat(25, (index) => aFinding(0.02, `weak ${index}`));
    const evidence = await gatherEvidence(
      { ...request, service: aService({ signals }) },
      [aSource("prometheus", steady), aSource("loki", weak)],
      clock,
    );
    const kept = evidence.observations.flatMap(({ detail }) => (detail.kind === "metric" ? [detail.signal] : []));
    expect(kept.toSorted().toReversed()).toEqual(names.toReversed().slice(0, 15));
    expect([evidence.observations.length, evidence.dropped]).toEqual([40, 15]);
  });

  it("tells all that is steady while there is room", async () => {
    const steady = repeat(20, (index): Finding => {
      const { id: _id, ...finding } = aMetric("E1", `signal-${index}`, "steady");
      return finding;
    });
    const evidence = await gatherEvidence(request, [aSource("prometheus", steady)], clock);
    expect([evidence.observations.length, evidence.dropped]).toEqual([20, 0]);
  });

  it("shortens summaries", async () => {
    const evidence = await gatherEvidence(request, [aSource("loki", [aFinding(0.5, "word ".repeat(200))])], clock);
    expect(readForMatching(evidence.observations[0]?.summary ?? redact("")).length).toBeLessThanOrEqual(MAX_SUMMARY);
  });

  it("gives up on a source that hangs, even one that does not listen, and keeps the others", async () => {
    const deaf = { name: "loki", timeoutMs: 30, observe: () => new Promise<never>(() => undefined) } as Source;
    const evidence = await gatherEvidence(request, [deaf, aSource("github", [aFinding(0.5)])], clock);
    expect(evidence.observations).toHaveLength(1);
    expect(why(evidence)[0]).toBe("loki did not answer within 30 ms.");
  });

  it("keeps what a source hands in when its time is up", async () => {
    const slow = {
      name: "loki",
      timeoutMs: 30,
      observe: ({ signal }) =>
        new Promise<never>((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new PartialAnswerError("the rest is missing", [aFinding(0.5)], false)));
        }),
    } as Source;
    const evidence = await gatherEvidence(request, [slow], clock);
    expect([evidence.observations.length, why(evidence)[0]]).toEqual([1, "the rest is missing"]);
  });

  it("keeps what a source found before it failed, and still counts it as unavailable", async () => {
    const evidence = await gatherEvidence(
      request,
      [aSource("loki", new PartialAnswerError("1 of 2 queries failed: no", [aFinding(0.5)], false))],
      clock,
    );
    expect([evidence.observations.length, why(evidence)[0]]).toEqual([1, "1 of 2 queries failed: no"]);
  });

  it("hides secrets in what a source complains about", async () => {
    const evidence = await gatherEvidence(
      request,
      [aSource("loki", new Error("Authorization: Bearer abcdefghijklmnop1234567890"))],
      clock,
    );
    expect(JSON.stringify(evidence)).not.toContain("abcdefghijklmnop1234567890");
  });

  it("gives the same findings the same numbers in whatever order they come", async () => {
    const findings = repeat(12, (index) =>
      aFinding((index % 3) / 10, `finding ${index}`, index % 2 === 0 ? "loki" : "prometheus"),
    );
    const expected = await gatherEvidence(request, [aSource("loki", findings)], clock);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(findings, { minLength: 12, maxLength: 12 }), async (shuffled) => {
        expect((await gatherEvidence(request, [aSource("loki", shuffled)], clock)).observations).toEqual(expected.observations);
      }),
      { numRuns: 30 },
    );
    expect(Evidence.safeParse(JSON.parse(JSON.stringify(expected))).success).toBe(true);
  });
});

describe("a failure that may heal", () => {
  function failing(times: number, error: Error): { source: Source; asked: () => number } {
    let asked = 0;
    const observe = (): Promise<readonly Finding[]> => {
      asked += 1;
      return asked <= times ? Promise.reject(error) : Promise.resolve([aFinding(0.5)]);
    };
    return { source: { name: "loki", observe }, asked: () => asked };
  }

  it.each([
    { name: "is asked once more", times: 1, error: new SourceUnavailableError("503", true), asked: 2, answer: "ok" },
    {
      name: "is asked only once more",
      times: 5,
      error: new SourceUnavailableError("503", true),
      asked: 2,
      answer: "unavailable",
    },
    {
      name: "is not asked again when it cannot heal",
      times: 1,
      error: new SourceUnavailableError("401", false),
      asked: 1,
      answer: "unavailable",
    },
    {
      name: "is not asked again when it wants a long pause",
      times: 1,
      error: new SourceUnavailableError("429", true, 60_000),
      asked: 1,
      answer: "unavailable",
    },
    {
      name: "is not asked again for an error nobody foresaw",
      times: 1,
      error: new Error("defect"),
      asked: 1,
      answer: "unavailable",
    },
  ])("$name", async ({ times, error, asked, answer }) => {
    const attempt = failing(times, error);
    const evidence = await gatherEvidence(request, [attempt.source], clock);
    expect([attempt.asked(), evidence.coverage[0]?.answer]).toEqual([asked, answer]);
  });

  it("keeps what came first when the second answer brings nothing", async () => {
    const failures = [new PartialAnswerError("1 of 2 failed", [aFinding(0.5)], true), new SourceUnavailableError("503", true)];
    const source: Source = { name: "loki", observe: () => Promise.reject(failures.shift() ?? new Error("asked a third time")) };
    const evidence = await gatherEvidence(request, [source], clock);
    expect([evidence.observations.length, why(evidence)[0]]).toEqual([1, "1 of 2 failed"]);
  });
});
