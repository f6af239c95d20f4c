import { describe, expect, it } from "vitest";
import { capConfidence } from "../../src/diagnosis/confidence.js";
import { diagnoseByRunbooks } from "../../src/diagnosis/runbook/diagnose.js";
import type { Diagnosis, Observation } from "../../src/incident/facts.js";
import { redact } from "../../src/outside/redact.js";
import { aChange, aLog, aMetric, anInput, evidenceOf } from "./support/observed.js";
import { shippedRunbooks } from "./support/shipped.js";

const runbooks = shippedRunbooks();
const errors = aMetric("E1", "error-ratio", "rose");
const deployment = aChange("E4", "deployment");

function diagnose(observations: readonly Observation[]): Extract<Diagnosis, { kind: "cause" }> {
  const input = anInput(observations);
  const diagnosis = capConfidence(diagnoseByRunbooks(runbooks, input), evidenceOf(input));
  if (diagnosis.kind !== "cause") throw new Error(`It says ${diagnosis.kind}.`);
  return diagnosis;
}

function saying(change: Observation, summary: string): Observation {
  return { ...change, summary: redact(summary) };
}

const outside = "there are signs of a cause that no change of ours brought";
const reasons = ({ confidence }: ReturnType<typeof diagnose>) => confidence.caps.map(({ reason }) => reason);

describe("signs of a cause outside our changes", () => {
  const machine = aLog("E3", "ERROR kernel panic on the host, i/o error");
  const stranger = aLog("E3", "ERROR GET https://api.payments-provider.com/v1/charge answered 503 unavailable");

  it.each([
    { name: "a machine that failed", seen: machine },
    { name: "somebody else's service that fails", seen: stranger },
  ])("keep a release from being blamed with enough confidence to act: $name", ({ seen }) => {
    const diagnosis = diagnose([errors, deployment, seen]);
    expect(reasons(diagnosis)).toContain(outside);
    expect(diagnosis.confidence.value).toBeLessThanOrEqual(0.6);
    expect(diagnosis.openQuestions[0]?.outside).toMatch(/^Is the cause outside our changes\? It looks so: /);
  });

  it("are the only reason: without them the same release is blamed", () => {
    const diagnosis = diagnose([errors, deployment, aLog("E3", "ERROR cannot read property of undefined")]);
    expect(diagnosis).toMatchObject({ hypotheses: [{ runbook: "bad-deploy" }] });
    expect(diagnosis.confidence.value).toBeGreaterThan(0.7);
    expect(reasons(diagnosis)).not.toContain(outside);
  });

  it.each([
    { name: "its words", change: saying(deployment, "v1.5.0 calls api.payments-provider.com for charges") },
    { name: "its files", change: aChange("E4", "deployment", { files: ["config/api.payments-provider.com.json"] }) },
  ])("do not excuse the release that brought the failing thing in, by $name", ({ change }) => {
    expect(reasons(diagnose([errors, change, stranger]))).not.toContain(outside);
  });

  it("leave alone what blames no change", () => {
    const refused = aLog("E5", "ERROR connect ECONNREFUSED <*>");
    const diagnosis = diagnose([errors, deployment, machine, refused]);
    expect(diagnosis.hypotheses[0]?.runbook).toBe("dependency-down");
    expect(reasons(diagnosis)).not.toContain(outside);
  });
});

describe("the change that fits the symptoms best", () => {
  const pool = aLog("E3", "ERROR no free connection in checkout pool, waiting for a connection");
  const fitting = saying(
    aChange("E4", "deployment", { seconds: -1_200, score: 0.8 }),
    "v1.4.9 deployed: smaller connection pool of checkout, fewer free connection slots waiting",
  );
  const documents = saying(aChange("E5", "deployment", { files: ["docs/readme.md"] }), "v1.5.0 deployed: documents");

  it("is named before a nearer one", () => {
    const [leader] = diagnose([errors, pool, fitting, documents]).hypotheses;
    const changes = leader?.for.filter((id) => id === "E4" || id === "E5");
    expect(changes).toEqual(["E4", "E5"]);
  });

  it("has no say where the nearer one fits as well", () => {
    const nearer = { ...documents, summary: redact("v1.5.0 deployed") };
    const plain = { ...fitting, summary: redact("v1.4.9 deployed") };
    const [leader] = diagnose([errors, pool, plain, nearer]).hypotheses;
    expect(leader?.for.filter((id) => id === "E4" || id === "E5")).toEqual(["E5", "E4"]);
  });
});
