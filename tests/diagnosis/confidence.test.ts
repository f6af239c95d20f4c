import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { capConfidence } from "../../src/diagnosis/confidence.js";
import type { Coverage, Diagnosis, Evidence, Hypothesis, Observation } from "../../src/incident/facts.js";
import { redact } from "../../src/outside/redact.js";
import { aChange, aLog, aMetric, ALL_ANSWERED, evidenceOf, unavailable } from "./support/observed.js";

type Cause = Extract<Diagnosis, { kind: "cause" }>;
const ok = (source: string): Coverage => ({ source, answer: "ok" });
const absent = (source: string): Coverage => ({ source, answer: "not-configured" });

function hypothesis(overrides: Partial<Hypothesis> = {}): Hypothesis {
  return {
    runbook: null,
    cause: redact("a cause"),
    for: ["E1", "E2"],
    against: [],
    likelihood: 0.9,
    tellApart: redact("something"),
    ...overrides,
  };
}

function cause(overrides: Partial<Hypothesis> = {}, claimed = 0.95): Cause {
  return {
    kind: "cause",
    hypotheses: [hypothesis(overrides)],
    confidence: { claimed, caps: [], value: claimed },
    openQuestions: [],
  };
}

function evidence(observations: readonly Observation[], coverage = ALL_ANSWERED): Evidence {
  return evidenceOf({ observations, coverage });
}

const log = aLog("E1", "no free connection");
const metric = aMetric("E2", "pool-waiting", "rose");

function capped(diagnosis: Diagnosis, seen: Evidence): Cause["confidence"] {
  const result = capConfidence(diagnosis, seen);
  if (result.kind !== "cause") throw new Error("expected a cause");
  return result.confidence;
}

describe("caps", () => {
  it("are none when everything answered and bears it out", () => {
    expect(capped(cause(), evidence([log, metric]))).toEqual({ claimed: 0.95, caps: [], value: 0.95 });
  });

  it.each([
    { name: "one source down", coverage: [ok("a"), ok("b"), unavailable("loki")], to: 0.85, reason: "loki did not answer" },
    {
      name: "half of the sources down",
      coverage: [ok("a"), unavailable("loki")],
      to: 0.7,
      reason: "loki did not answer: half of the sources or more",
    },
    {
      name: "every source down",
      coverage: [unavailable("loki"), unavailable("github"), absent("prometheus")],
      to: 0.2,
      reason: "no source answered",
    },
    { name: "no source at all", coverage: [], to: 0.2, reason: "no source answered" },
    {
      name: "an empty source",
      coverage: [ok("a"), ok("b"), { source: "loki", answer: "empty" } as const],
      to: 0.9,
      reason: "loki had nothing to say",
    },
    { name: "one kind not configured", coverage: [ok("a"), ok("b"), absent("loki")], to: 0.9, reason: "loki not configured" },
    {
      name: "two kinds not configured",
      coverage: [ok("a"), absent("github"), absent("loki")],
      to: 0.8,
      reason: "github, loki not configured",
    },
  ])("$name", ({ coverage, to, reason }) => {
    const confidence = capped(cause(), evidence([log, metric], coverage));
    expect(confidence.caps).toContainEqual({ reason, to });
    expect(confidence.value).toBe(to);
  });

  it.each<{ name: string; hypothesis: Partial<Hypothesis>; seen: readonly Observation[]; to: number }>([
    { name: "cites nothing that exists", hypothesis: { for: ["E77"] }, seen: [log, metric], to: 0.3 },
    { name: "cites nothing", hypothesis: { for: [] }, seen: [log, metric], to: 0.3 },
    {
      name: "cites a steady metric and an old log line",
      hypothesis: {},
      seen: [aLog("E1", "x", { isNew: false, seconds: -600 }), aMetric("E2", "latency", "steady")],
      to: 0.5,
    },
    {
      name: "has as much against it",
      hypothesis: { for: ["E1"], against: ["E2"] },
      seen: [aLog("E1", "x"), aMetric("E2", "cpu", "rose")],
      to: 0.5,
    },
    {
      name: "cites nothing near the onset",
      hypothesis: {},
      seen: [aLog("E1", "x", { seconds: 7200 }), aChange("E2", "deployment", { seconds: -80_000 })],
      to: 0.6,
    },
    { name: "rests on one observation", hypothesis: { for: ["E1"] }, seen: [log], to: 0.75 },
    { name: "looked for nothing else", hypothesis: { tellApart: null }, seen: [log, metric], to: 0.8 },
  ])("a cause that $name", ({ hypothesis: overrides, seen, to }) => {
    const confidence = capped(cause(overrides), evidence(seen));
    expect(confidence.value).toBe(to);
    expect(confidence.caps.map((cap) => cap.to)).toContain(to);
  });

  it.each<Partial<Cause["hypotheses"][0]>>([{ for: ["E1", "E9", "E2", "E1"] }, { for: ["E1", "E2"], against: ["E8"] }])(
    "take a citation away that does not exist, and some of the trust with it: %o",
    (cited) => {
      const result = capConfidence(cause(cited), evidence([log, metric]));
      expect(result).toMatchObject({ hypotheses: [{ for: ["E1", "E2"], against: [] }], confidence: { value: 0.65 } });
    },
  );

  it("lower a diagnosis whose hypotheses were never weighed, however many there are", () => {
    const one = cause({ against: [], tellApart: null });
    const [leader] = one.hypotheses;
    const two = { ...one, hypotheses: [leader, { ...leader, likelihood: 0.2 }] as Cause["hypotheses"] };
    const reason = "no counter-evidence was looked for";
    expect(capConfidence(two, evidence([log, metric]))).toMatchObject({ confidence: { caps: [{ reason, to: 0.8 }] } });
    const weighed = { ...one, hypotheses: [leader, { ...leader, against: ["E2"] }] as Cause["hypotheses"] };
    expect(JSON.stringify(capConfidence(weighed, evidence([log, metric])))).not.toContain(reason);
  });

  it("keep those an analyst set itself, and count each once", () => {
    const own: Cause = { ...cause(), confidence: { claimed: 0.95, caps: [{ reason: "my own doubt", to: 0.4 }], value: 0.4 } };
    const seen = evidence([log, metric], [ok("a"), ok("b"), unavailable("loki")]);
    const twice = capConfidence(capConfidence(own, seen), seen);
    expect(twice).toMatchObject({ confidence: { caps: [{ to: 0.4 }, { to: 0.85 }], value: 0.4 } });
  });
});

describe("other diagnoses", () => {
  it("no incident without a real citation becomes unknown", () => {
    expect(capConfidence({ kind: "no-incident", why: "all is well", cites: ["E5"] }, evidence([log]))).toMatchObject({
      kind: "unknown",
    });
    expect(capConfidence({ kind: "no-incident", why: "all is well", cites: ["E5", "E1"] }, evidence([log]))).toMatchObject({
      kind: "no-incident",
      cites: ["E1"],
    });
  });

  it("unknown stays unknown", () => {
    const unknown: Diagnosis = { kind: "unknown", why: "nothing fits", openQuestions: [] };
    expect(capConfidence(unknown, evidence([]))).toBe(unknown);
  });
});

describe("whatever is claimed", () => {
  const ids = fc.array(fc.constantFrom<Observation["id"]>("E1", "E2", "E3", "E9"), { maxLength: 4 });
  const answers = fc.array(fc.constantFrom(ok("a"), unavailable("b"), absent("c"), { source: "d", answer: "empty" } as const), {
    maxLength: 5,
  });
  const observations = fc.subarray([log, metric, aChange("E3", "deployment")]);

  it("the value is the least of claim and caps, never more, and capping again changes nothing", () => {
    fc.assert(
      fc.property(
        ids,
        ids,
        answers,
        observations,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (pro, contra, coverage, seen, claimed) => {
          const stand = evidence(seen, coverage);
          const once = capConfidence(cause({ for: pro, against: contra }, claimed), stand);
          const { caps, value } = capped(cause({ for: pro, against: contra }, claimed), stand);
          expect(value).toBe(Math.min(claimed, ...caps.map(({ to }) => to)));
          expect(capConfidence(once, stand)).toEqual(once);
          const known = new Set(seen.map(({ id }) => id));
          expect(
            once.kind === "cause" && once.hypotheses.every((each) => [...each.for, ...each.against].every((id) => known.has(id))),
          ).toBe(true);
        },
      ),
    );
  });
});
