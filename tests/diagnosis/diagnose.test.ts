import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { capConfidence } from "../../src/diagnosis/confidence.js";
import { diagnoseByRunbooks } from "../../src/diagnosis/runbook/diagnose.js";
import { Diagnosis, type Observation } from "../../src/incident/facts.js";
import { readForMatching } from "../../src/outside/match.js";
import { redact } from "../../src/outside/redact.js";
import type { DiagnosisInput } from "../../src/ports.js";
import { anAlert, aService } from "../evidence/support/world.js";
import { aChange, aLog, aMetric, anInput, aRunbook, evidenceOf, unavailable } from "./support/observed.js";
import { shippedRunbooks } from "./support/shipped.js";

const runbooks = shippedRunbooks();
const errors = aMetric("E1", "error-ratio", "rose");
const waiting = aMetric("E2", "pool-waiting", "rose", { now: 38 });
const noConnection = aLog("E3", "ERROR timeout: no free connection in pool (size=…, waiting=…)");
const refused = aLog("E3", "ERROR connect ECONNREFUSED <*>");
const deployment = aChange("E4", "deployment");
const config = aChange("E5", "config");

function diagnose(observations: readonly Observation[], overrides: Partial<DiagnosisInput> = {}): Diagnosis {
  const input = anInput(observations, overrides);
  return capConfidence(diagnoseByRunbooks(runbooks, input), evidenceOf(input));
}

function leaderOf(diagnosis: Diagnosis): string {
  return diagnosis.kind === "cause" ? (diagnosis.hypotheses[0]?.runbook ?? "none") : diagnosis.kind;
}

function confidenceOf(diagnosis: Diagnosis): number {
  return diagnosis.kind === "cause" ? diagnosis.confidence.value : 0;
}

describe("a runbook whose signals have an order", () => {
  const ordered = aRunbook(
    "in-order",
    "in-order: true\nsignals: [{kind: metric, signal: request-rate, rose: true}, {kind: log, match: queue is full, weight: 2}]",
  );
  const seen = (rateAt: number, lineAt: number): readonly Observation[] => [
    aMetric("E1", "request-rate", "rose", { seconds: rateAt }),
    aLog("E2", "queue is full", { seconds: lineAt }),
  ];

  it.each([
    { name: "as written", rateAt: -200, lineAt: 10, fits: true },
    { name: "together, as far as clocks tell", rateAt: 10, lineAt: -40, fits: true },
    { name: "the other way round", rateAt: 10, lineAt: -200, fits: false },
  ])("fits when they began $name: $fits", ({ rateAt, lineAt, fits }) => {
    const observations = seen(rateAt, lineAt);
    expect(leaderOf(diagnoseByRunbooks([ordered], anInput(observations)))).toBe(fits ? "in-order" : "unknown");
    expect(leaderOf(diagnoseByRunbooks([{ ...ordered, inOrder: false }], anInput(observations)))).toBe("in-order");
  });

  it("takes more load for the cause only where it came before what it wears out", () => {
    const [rate, worn] = [
      aMetric("E3", "request-rate", "rose", { seconds: 5 }),
      (at: number) => aMetric("E2", "saturation", "rose", { seconds: at }),
    ];
    expect(leaderOf(diagnose([errors, rate, worn(60)]))).toBe("traffic-spike");
    expect(leaderOf(diagnose([errors, rate, worn(-240)]))).not.toBe("traffic-spike");
  });
});

describe("which runbook leads", () => {
  it.each([
    {
      name: "the pool, when a release shrank it",
      seen: [errors, waiting, noConnection, deployment, config],
      leader: "connection-pool-exhausted",
    },
    { name: "the pool, without any change", seen: [errors, waiting, noConnection], leader: "connection-pool-exhausted" },
    { name: "the deployment, when nothing more particular was seen", seen: [errors, deployment], leader: "bad-deploy" },
    { name: "the dependency, when errors name a refused connection", seen: [errors, refused], leader: "dependency-down" },
    { name: "nothing, for errors alone", seen: [errors], leader: "unknown" },
    {
      name: "nothing, for a deployment after the onset",
      seen: [errors, aChange("E4", "deployment", { seconds: 300 })],
      leader: "unknown",
    },
    {
      name: "nothing, for a deployment of yesterday",
      seen: [errors, aChange("E4", "deployment", { seconds: -86_000 })],
      leader: "unknown",
    },
    {
      name: "nothing, for a log line that was always there",
      seen: [errors, aLog("E3", "connect ECONNREFUSED", { isNew: false })],
      leader: "unknown",
    },
    {
      name: "nothing, for a pool whose database is busy",
      seen: [errors, waiting, noConnection, aMetric("E6", "database-cpu", "rose")],
      leader: "unknown",
    },
    { name: "nothing, for no observations", seen: [], leader: "unknown" },
  ])("is $name", ({ seen, leader }) => {
    expect(leaderOf(diagnose(seen))).toBe(leader);
  });

  it("is the same whatever the service is called", () => {
    const seen = [errors, waiting, noConnection, deployment, config];
    const renamed = diagnose(seen, { service: aService({ name: "dependency-down" }) });
    expect(leaderOf(renamed)).toBe("connection-pool-exhausted");
    expect(confidenceOf(renamed)).toBe(confidenceOf(diagnose(seen)));
  });
});

describe("how sure it is", () => {
  it("is at least 0.8 for a typical pool incident after a deployment", () => {
    expect(confidenceOf(diagnose([errors, waiting, noConnection, deployment, config]))).toBeGreaterThanOrEqual(0.8);
  });

  it("is less without the change that would explain it, but enough to act", () => {
    const value = confidenceOf(diagnose([errors, waiting, noConnection]));
    expect(value).toBeLessThan(0.85);
    expect(value).toBeGreaterThanOrEqual(0.7);
  });

  it("is less when another cause explains what the leader leaves open", () => {
    const alone = confidenceOf(diagnose([errors, deployment]));
    const rivalled = diagnose([errors, deployment, refused]);
    expect(leaderOf(rivalled)).toBe("bad-deploy");
    expect(confidenceOf(rivalled)).toBeLessThan(alone - 0.1);
  });

  it("is lowered when a source did not answer, and says so", () => {
    const down = diagnose([errors, waiting, noConnection], {
      coverage: [{ source: "prometheus", answer: "ok" }, { source: "loki", answer: "ok" }, unavailable("github")],
    });
    expect(down).toMatchObject({ confidence: { caps: [{ reason: "github did not answer", to: 0.85 }] } });
    expect(down.kind === "cause" && down.openQuestions.map(readForMatching)).toContainEqual(
      expect.stringMatching(/^What does github say\?/),
    );
  });

  it("is lower for a cause that was already acted on without success", () => {
    const seen = [errors, deployment];
    const cause = (diagnosis: Diagnosis): string =>
      diagnosis.kind === "cause" ? readForMatching(diagnosis.hypotheses[0]?.cause ?? redact("")) : "";
    const once = diagnose(seen);
    const again = diagnose(seen, { failed: [{ cause: cause(once), action: "github.workflow" }] });
    expect(confidenceOf(again)).toBeLessThan(0.7);
  });
});

describe("a hint of a person", () => {
  const either = [errors, refused, aChange("E4", "deployment", { score: 0.9 })];

  it("lifts the runbook whose title it names, without making it surer", () => {
    const hinted = diagnose(either, { hints: [redact("Looks like a bad deploy to me")] });
    expect(leaderOf(diagnose(either))).toBe("dependency-down");
    expect(leaderOf(hinted)).toBe("bad-deploy");
    const onlyOne = diagnose([errors, refused]);
    expect(confidenceOf(diagnose([errors, refused], { hints: [redact("a dependency is down")] }))).toBe(confidenceOf(onlyOne));
  });

  it("makes nothing fit that does not", () => {
    expect(leaderOf(diagnose([errors], { hints: [redact("bad deploy, connection pool, dependency down")] }))).toBe("unknown");
  });
});

describe("a runbook that somebody named before", () => {
  const close = [
    errors,
    { ...refused, score: 0.95 },
    aChange("E4", "deployment", { score: 0.95 }),
    aChange("E5", "config", { score: 0.4 }),
  ];
  const past = (summary: string): Observation => ({ ...errors, id: "E9", summary: redact(summary), detail: { kind: "past" } });
  const annotated = (annotations: Record<string, string>): Partial<DiagnosisInput> => ({
    alerts: [anAlert({ annotations: Object.fromEntries(Object.entries(annotations).map(([key, text]) => [key, redact(text)])) })],
  });
  const order = (diagnosis: Diagnosis): string =>
    diagnosis.kind === "cause" ? diagnosis.hypotheses.map(({ runbook }) => runbook).join(" ") : diagnosis.kind;
  const weighed = runbooks.filter(({ id }) => ["bad-deploy", "dependency-down"].includes(id));
  const rank = (observations: readonly Observation[], overrides: Partial<DiagnosisInput> = {}): string =>
    order(diagnoseByRunbooks(weighed, anInput(observations, overrides)));
  const usual = rank(close);
  const other = usual.split(" ").toReversed();

  it.each([
    { name: "its id", text: "ID" },
    { name: "its page", text: "https://wiki.example/oncall/ID.md?from=alert#steps" },
    { name: "underscores", text: "ID_WITH_UNDERSCORES" },
  ])("by the alert's annotation comes first among those that fit as well: $name", ({ text }) => {
    const [id = ""] = other;
    const value = text.replace("ID_WITH_UNDERSCORES", id.replaceAll("-", "_").toUpperCase()).replace("ID", id);
    expect(usual.split(" ")).toHaveLength(2);
    expect(rank(close, annotated({ runbook_url: value }))).toBe(other.join(" "));
    expect(rank(close, annotated({ description: value }))).toBe(usual);
  });

  it("makes nothing fit, and nobody surer", () => {
    expect(leaderOf(diagnose([errors], annotated({ runbook: "bad-deploy" })))).toBe("unknown");
    expect(leaderOf(diagnose([errors, past("Bad deploy of checkout")]))).toBe("unknown");
    const plain = confidenceOf(diagnose([errors, refused]));
    expect(confidenceOf(diagnose([errors, refused], annotated({ runbook: "dependency-down" })))).toBe(plain);
    expect(confidenceOf(diagnose([errors, refused, past("A dependency is down")]))).toBe(plain);
  });

  it("by a similar incident tips an even scale, and nothing beyond that", () => {
    const [even, far] = [0.9, 0.3].map((score) => [errors, { ...refused, score }, aChange("E4", "deployment", { score: 0.95 })]);
    const tips = (observations: readonly Observation[] = []): boolean =>
      ["Bad deploy", "A dependency is down"].some((title) => rank([...observations, past(title)]) !== rank(observations));
    expect([tips(even), tips(far)]).toEqual([true, false]);
  });
});

describe("traces that fail first in another service", () => {
  const elsewhere: Observation = {
    ...errors,
    id: "E8",
    subject: "payments-db",
    score: 0.8,
    query: "failing-traces",
    summary: redact("9 traces failed first in payments-db at SELECT"),
    detail: { kind: "trace" },
  };
  const told = (diagnosis: Diagnosis): string =>
    diagnosis.kind === "cause"
      ? `${readForMatching(diagnosis.hypotheses[0]?.cause ?? redact(""))} ${diagnosis.hypotheses[0]?.against.join() ?? ""}`
      : "";

  it("are named in the cause, and speak against a change of this one", () => {
    expect(told(diagnose([errors, deployment, elsewhere]))).toMatch(/traces fail first in payments-db E8$/);
    expect(told(diagnose([errors, refused, elsewhere]))).toMatch(/traces fail first in payments-db $/);
  });

  it.each([
    { name: "few of them", seen: { ...elsewhere, score: 0.4 } },
    { name: "of this service", seen: { ...elsewhere, subject: "checkout" } },
    { name: "slow ones", seen: { ...elsewhere, query: "slow-spans" } },
  ])("are not: $name", ({ seen }) => {
    expect(told(diagnose([errors, deployment, seen]))).not.toContain("first in");
  });
});

describe("what it says", () => {
  it("names the change, the evidence and what speaks against the others", () => {
    const diagnosis = diagnose([errors, waiting, noConnection, deployment, config]);
    expect(diagnosis).toMatchObject({
      hypotheses: [
        { runbook: "connection-pool-exhausted", for: ["E3", "E2", "E4", "E5"], against: [] },
        { runbook: "bad-deploy", for: ["E4", "E1", "E5"] },
      ],
    });
    expect(diagnosis.kind === "cause" && diagnosis.hypotheses.map(({ cause }) => readForMatching(cause))).toMatchInlineSnapshot(`
      [
        "checkout has more work than database connections: v1.5.0 went out 2 min before the onset and changed config/pool.json; logs say "ERROR timeout: no free connection in pool (size=…, waiting=…)"",
        "A new release of checkout made it fail: v1.5.0 went out 2 min before the onset and changed config/pool.json; error-ratio rose from 0.1 % to 60 %",
      ]
    `);
  });

  it("counts what excludes a runbook against it", () => {
    const both = diagnose([errors, waiting, noConnection, aLog("E6", "read ECONNRESET")]);
    expect(both).toMatchObject({
      hypotheses: [{ runbook: "connection-pool-exhausted" }, { runbook: "dependency-down", against: ["E3"] }],
    });
  });

  it("tells what it looked for when it does not know", () => {
    const diagnosis = diagnose([errors, noConnection]);
    const asked = diagnosis.kind === "unknown" ? diagnosis.openQuestions.map(readForMatching) : [];
    expect(asked).toContain("Was it connection-pool-exhausted? Not seen: pool-waiting that rose.");
    expect(asked).toContain("Has pool-waiting of checkout changed? It was not measured.");
  });

  it("names the strongest of what was seen in few words, and no pattern", () => {
    const diagnosis = diagnose([errors, waiting, aLog("E6", `something else ${"went wrong ".repeat(30)}`)]);
    const why = diagnosis.kind === "unknown" ? diagnosis.why : "";
    expect(why).toMatch(/^no runbook fits; strongest: E\d .+ · E\d .+/);
    expect(why.split(/\s+/).length).toBeLessThanOrEqual(30);
    const all = [why, ...(diagnosis.kind === "unknown" ? diagnosis.openQuestions.map(readForMatching) : [])].join("\n");
    expect(all).not.toMatch(/\/.+\/|\(\?|\\/);
    expect(all).toContain("Not seen: log lines that are typical of it");
  });

  it("names nothing as strongest where all is steady", () => {
    const steady = { ...aMetric("E1", "latency", "steady"), score: 0.1 };
    expect(diagnose([steady])).toMatchObject({ kind: "unknown", why: "no runbook fits, and nothing unusual was seen" });
  });

  it("says that there are no runbooks", () => {
    expect(diagnoseByRunbooks([], anInput([errors]))).toMatchObject({
      kind: "unknown",
      why: "there are no runbooks to compare with",
    });
  });
});

describe("whatever was observed", () => {
  const anything = fc.subarray([
    errors,
    waiting,
    noConnection,
    aLog("E6", "connect ECONNREFUSED"),
    deployment,
    config,
    aMetric("E7", "database-cpu", "rose"),
    aMetric("E8", "latency", "unknown", { now: null }),
    aChange("E9", "commit", { seconds: 900 }),
  ]);
  const odd = [
    aRunbook("symptom-only", "signals: [{kind: metric, signal: error-ratio, rose: true}]"),
    aRunbook("alert-and-symptom", "signals: [{kind: alert, match: Checkout}, {kind: metric, signal: error-ratio, rose: true}]"),
    aRunbook("any-of-them", "any: true\nsignals: [{kind: log, match: refused}, {kind: metric, signal: error-ratio, rose: true}]"),
  ];

  it("the answer is a valid diagnosis whose likelihoods add up to at most one", () => {
    fc.assert(
      fc.property(anything, fc.subarray([...runbooks, ...odd]), (seen, some) => {
        const diagnosis = Diagnosis.parse(JSON.parse(JSON.stringify(diagnoseByRunbooks(some, anInput(seen)))));
        if (diagnosis.kind !== "cause") return;
        const likelihoods = diagnosis.hypotheses.map(({ likelihood }) => likelihood);
        expect(likelihoods.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(1 + 1e-9);
        expect(Math.max(...likelihoods)).toBe(likelihoods[0]);
      }),
    );
  });

  it("failing requests alone are no cause", () => {
    expect(
      leaderOf(
        diagnoseByRunbooks(odd, anInput([errors], { alerts: [anAlert({ name: redact("Other"), summary: redact("other") })] })),
      ),
    ).toBe("unknown");
  });
});

describe("conditions of a runbook", () => {
  it.each([
    {
      name: "an alert's name counts, but only beside an observation",
      yaml: "signals: [{kind: alert, match: CheckoutError}]",
      seen: [errors],
      leader: "unknown",
    },
    {
      name: "an alert's name beside an observation",
      yaml: "signals: [{kind: alert, match: CheckoutError}, {kind: metric, signal: error-ratio, rose: true}]",
      seen: [errors],
      leader: "mine",
    },
    {
      name: "any: one of several",
      yaml: "any: true\nsignals: [{kind: log, match: refused}, {kind: metric, signal: queue, rose: true}]",
      seen: [refused],
      leader: "mine",
    },
    {
      name: "a metric that fell",
      yaml: "signals: [{kind: metric, signal: throughput, fell: true}]",
      seen: [aMetric("E1", "throughput", "fell")],
      leader: "mine",
    },
    {
      name: "a metric that rose instead",
      yaml: "signals: [{kind: metric, signal: throughput, fell: true}]",
      seen: [aMetric("E1", "throughput", "rose")],
      leader: "unknown",
    },
    {
      name: "one of several metrics",
      yaml: "signals: [{kind: metric, signal: [memory, heap], rose: true}]",
      seen: [aMetric("E1", "heap", "rose")],
      leader: "mine",
    },
    {
      name: "none of several metrics",
      yaml: "signals: [{kind: metric, signal: [memory, heap], rose: true}]",
      seen: [aMetric("E1", "cpu", "rose")],
      leader: "unknown",
    },
    {
      name: "a rise to a value or beyond",
      yaml: "signals: [{kind: metric, signal: connections-used, rose: true, beyond: 0.9}]",
      seen: [aMetric("E1", "connections-used", "rose", { now: 0.9 })],
      leader: "mine",
    },
    {
      name: "a rise that ends before the value",
      yaml: "signals: [{kind: metric, signal: connections-used, rose: true, beyond: 0.9}]",
      seen: [aMetric("E1", "connections-used", "rose", { now: 0.5 })],
      leader: "unknown",
    },
    {
      name: "a fall to a value or beyond",
      yaml: "signals: [{kind: metric, signal: disk-free, fell: true, beyond: 0.1}]",
      seen: [aMetric("E1", "disk-free", "fell", { now: 0.02 })],
      leader: "mine",
    },
    {
      name: "a fall that ends before the value",
      yaml: "signals: [{kind: metric, signal: disk-free, fell: true, beyond: 0.1}]",
      seen: [aMetric("E1", "disk-free", "fell", { now: 0.4 })],
      leader: "unknown",
    },
    {
      name: "several that count failures are no cause, whichever it was",
      yaml: "signals: [{kind: metric, signal: [error-ratio, grpc-error-ratio], rose: true}]",
      seen: [aMetric("E1", "grpc-error-ratio", "rose")],
      leader: "unknown",
    },
    {
      name: "a change outside its time",
      yaml: "signals: [{kind: change, of: [config], within: 1m}]",
      seen: [config],
      leader: "unknown",
    },
    {
      name: "a change inside its time",
      yaml: "signals: [{kind: change, of: [config], within: 3m}]",
      seen: [config],
      leader: "mine",
    },
  ])("$name", ({ yaml, seen, leader }) => {
    const input = anInput(seen, { alerts: [anAlert()] });
    expect(leaderOf(diagnoseByRunbooks([aRunbook("mine", yaml)], input))).toBe(leader);
  });
});
