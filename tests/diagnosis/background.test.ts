import { describe, expect, it } from "vitest";
import { capConfidence } from "../../src/diagnosis/confidence.js";
import { findNoIncident } from "../../src/diagnosis/no-incident.js";
import { diagnoseByRunbooks } from "../../src/diagnosis/runbook/diagnose.js";
import type { Coverage, Diagnosis, Observation } from "../../src/incident/facts.js";
import { redact } from "../../src/outside/redact.js";
import { aChange, aLog, ALL_ANSWERED, aMetric, anInput, aRunbook, evidenceOf, unavailable } from "./support/observed.js";
import { shippedRunbooks } from "./support/shipped.js";

const runbooks = shippedRunbooks();

function aPast(id: Observation["id"], runbook: string | null, score = 0.3): Observation {
  const summary = redact(
    "#7 on 2026-03-02, checkout, the same alert: the pool was too small; github.workflow release helped, 14 min",
  );
  return { ...aLog(id, "x"), source: "postmortems", summary, detail: { kind: "past" }, score, query: runbook };
}
const pool = [
  aMetric("E1", "error-ratio", "rose"),
  aLog("E2", "ERROR timeout: no free connection in pool"),
  aMetric("E3", "pool-waiting", "rose"),
  aChange("E4", "deployment"),
];

function diagnose(observations: readonly Observation[], coverage: readonly Coverage[] = ALL_ANSWERED): Diagnosis {
  const input = anInput(observations, { coverage });
  return capConfidence(diagnoseByRunbooks(runbooks, input), evidenceOf(input));
}

describe("an earlier incident", () => {
  it("is cited by the cause that it came to, and changes nothing else", () => {
    const plain = diagnose(pool);
    const reminded = diagnose([...pool, aPast("E5", "connection-pool-exhausted")]);
    if (plain.kind !== "cause" || reminded.kind !== "cause") throw new Error("A cause is expected.");
    expect(reminded.hypotheses[0]?.for).toEqual([...(plain.hypotheses[0]?.for ?? []), "E5"]);
    expect(reminded.confidence).toEqual(plain.confidence);
  });

  it("is not cited by another cause", () => {
    const reminded = diagnose([...pool, aPast("E5", "disk-full")]);
    expect(JSON.stringify(reminded)).not.toContain("E5");
  });

  it.each([
    {
      name: "is no evidence by itself",
      observations: [aPast("E1", "connection-pool-exhausted", 1)],
      cites: ["E1" as const],
      cap: 0.3,
    },
    {
      name: "is no second observation",
      observations: [pool[1], aPast("E5", "connection-pool-exhausted", 1)].flatMap((each) => each ?? []),
      cites: ["E2" as const, "E5" as const],
      cap: 0.75,
    },
  ])("$name, whoever claims so", ({ observations, cites, cap }) => {
    const claimed: Diagnosis = {
      kind: "cause",
      hypotheses: [
        { runbook: null, cause: redact("the pool again"), for: cites, against: [], likelihood: 1, tellApart: redact("look") },
      ],
      confidence: { claimed: 1, caps: [], value: 1 },
      openQuestions: [],
    };
    const capped = capConfidence(claimed, evidenceOf(anInput(observations)));
    expect(capped).toMatchObject({ confidence: { value: cap } });
  });

  it("is not what an alert that always fires is judged by", () => {
    const watchdog = { name: redact("Watchdog") };
    const input = anInput([aPast("E1", null)]);
    expect(findNoIncident({ ...input, alerts: [{ ...input.alerts[0], ...watchdog }] })).toMatchObject({ cites: [] });
  });
});

describe("another open incident", () => {
  const open: Observation = {
    ...aLog("E5", "x"),
    source: "incidents",
    subject: "payments-db",
    summary: redact("incident #3 is open for payments-db: P1 payments-db: no free connection in pool"),
    detail: { kind: "alert" },
    score: 0.35,
  };

  it("makes no runbook fit by its title, which is anybody's", () => {
    const named = aRunbook(
      "pool",
      "signals:\n  - {kind: alert, match: no free connection}\nactions:\n  - {action: manual, task: look}",
    );
    expect(diagnoseByRunbooks([named], anInput([open])).kind).toBe("unknown");
    const heard = { ...open, source: "alertmanager" };
    expect(diagnoseByRunbooks([named], anInput([heard])).kind).toBe("cause");
  });

  it("is no second observation for whoever cites it", () => {
    const claimed: Diagnosis = {
      kind: "cause",
      hypotheses: [
        { runbook: null, cause: redact("the pool"), for: ["E2", "E5"], against: [], likelihood: 1, tellApart: redact("look") },
      ],
      confidence: { claimed: 1, caps: [], value: 1 },
      openQuestions: [],
    };
    const seen = evidenceOf(anInput([aLog("E2", "ERROR timeout: no free connection in pool"), open]));
    expect(capConfidence(claimed, seen)).toMatchObject({ confidence: { value: 0.75 } });
  });
});

describe("sources that tell of other incidents", () => {
  const background: readonly Coverage[] = [unavailable("postmortems"), { source: "incidents", answer: "empty" }];

  it("lower no confidence by their silence, and raise none", () => {
    expect(diagnose(pool, [...ALL_ANSWERED, ...background])).toEqual(diagnose(pool));
    const down = ["prometheus", "loki", "github"].map(unavailable);
    expect(diagnose(pool, [...down, ...background])).toEqual(diagnose(pool, down));
  });

  it("do not stand in the way of no incident", () => {
    const healthy = [aMetric("E1", "error-ratio", "steady")];
    const plain = findNoIncident(anInput(healthy));
    expect(plain).not.toBeNull();
    expect(findNoIncident(anInput(healthy, { coverage: [...ALL_ANSWERED, ...background] }))).toEqual(plain);
  });
});
