import { describe, expect, it } from "vitest";
import { diagnoseByRunbooks } from "../../src/diagnosis/runbook/diagnose.js";
import { proposeByRunbook } from "../../src/diagnosis/runbook/propose.js";
import type { Runbook } from "../../src/diagnosis/runbook/runbook.js";
import type { Observation } from "../../src/incident/facts.js";
import type { Proposal } from "../../src/plan/proposal.js";
import type { DiagnosisInput } from "../../src/ports.js";
import { aService } from "../evidence/support/world.js";
import { aChange, aLog, aMetric, anInput, aRunbook } from "./support/observed.js";
import { shippedRunbooks } from "./support/shipped.js";

const pool = [
  aMetric("E1", "error-ratio", "rose"),
  aMetric("E2", "pool-waiting", "rose"),
  aLog("E3", "no free connection in pool"),
];
const deployment = aChange("E4", "deployment");

function propose(
  seen: readonly Observation[],
  overrides: Partial<DiagnosisInput> = {},
  runbooks: readonly Runbook[] = shippedRunbooks(),
): Proposal | null {
  const input = anInput(seen, overrides);
  const diagnosis = diagnoseByRunbooks(runbooks, input);
  if (diagnosis.kind !== "cause") throw new Error(`no cause: ${diagnosis.why}`);
  return proposeByRunbook(runbooks, { ...input, diagnosis });
}

const back = { action: "github.workflow", target: "release", params: { to: "previous" }, when: "always" };
const byPeople = expect.objectContaining({
  action: "manual",
  target: "people",
  params: { task: expect.stringMatching(/^Find what holds connections/) as unknown },
}) as unknown;

describe("what the leading runbook proposes", () => {
  it.each([
    { name: "goes back after a recent deployment", seen: [...pool, deployment], overrides: {}, choice: back },
    { name: "asks people without a deployment", seen: pool, overrides: {}, choice: byPeople },
    {
      name: "asks people when the deployment is older than the runbook allows",
      seen: [...pool, aChange("E4", "deployment", { seconds: -3600 })],
      overrides: {},
      choice: byPeople,
    },
    {
      name: "asks people when it is not known what the deployment replaced",
      seen: [...pool, aChange("E4", "deployment", { previousRef: null })],
      overrides: {},
      choice: byPeople,
    },
    {
      name: "asks people when something was deployed on top since",
      seen: [...pool, deployment, aChange("E5", "deployment", { seconds: 600 })],
      overrides: {},
      choice: byPeople,
    },
    {
      name: "asks people when the service has no such target",
      seen: [...pool, deployment],
      overrides: { service: aService({ targets: new Map() }) },
      choice: byPeople,
    },
    {
      name: "does not repeat what did not help",
      seen: [...pool, deployment],
      overrides: { failed: [{ cause: "another", action: "github.workflow" }] },
      choice: byPeople,
    },
  ])("$name", ({ seen, overrides, choice }) => {
    expect(propose(seen, overrides)?.choices).toEqual([choice]);
  });

  it("is nothing when everything was tried", () => {
    const failed = ["github.workflow", "manual"].map((action) => ({ cause: "another", action }));
    expect(propose([...pool, deployment], { failed })).toBeNull();
  });

  it("is nothing for a runbook without actions", () => {
    expect(propose(pool, {}, [aRunbook("bare", "signals: [{kind: log, match: free}]")])).toBeNull();
  });

  it("names the runbook's bytes, its evidence and only criteria that the service can measure", () => {
    const service = aService({
      signals: new Map([["error-ratio", { name: "error-ratio", source: "prometheus", query: "q", unit: "ratio" }]]),
    });
    expect(propose(pool, { service })).toMatchObject({
      service: "checkout",
      because: ["E3", "E2"],
      claimedRisk: "low",
      verify: [{ signal: "error-ratio", below: 0.05 }, { alert: "not-firing" }],
      runbook: { id: "connection-pool-exhausted", sha: "c".repeat(40) },
    });
  });
});
