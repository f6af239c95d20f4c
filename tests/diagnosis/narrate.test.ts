import { describe, expect, it } from "vitest";
import { narrateFromFacts } from "../../src/diagnosis/narrate.js";
import type { Diagnosis, Fact } from "../../src/incident/facts.js";
import { fold } from "../../src/incident/fold.js";
import { readForMatching } from "../../src/outside/match.js";
import { redact } from "../../src/outside/redact.js";
import type { Narrative } from "../../src/ports.js";
import { anAlert, fromOnset } from "../evidence/support/world.js";
import { aLog, evidenceOf, unavailable } from "./support/observed.js";

const opened: Fact = { fact: "opened", at: fromOnset(30), key: "k", alerts: [anAlert()], reportedBy: null };
const triaged: Fact = {
  fact: "triaged",
  at: fromOnset(31),
  triage: { severity: "P1", services: ["checkout"], why: "37 % of requests fail, measured now", errorRatio: 0.37 },
  analyst: "runbooks",
};
const log = aLog("E1", "no free connection");
const complete: Fact = {
  fact: "evidence",
  at: fromOnset(35),
  evidence: evidenceOf({ observations: [log], coverage: [{ source: "loki", answer: "ok" }] }),
};
const partial: Fact = {
  fact: "evidence",
  at: fromOnset(35),
  evidence: evidenceOf({ observations: [log], coverage: [unavailable("loki")] }),
};
const cause: Diagnosis = {
  kind: "cause",
  hypotheses: [
    {
      runbook: "connection-pool-exhausted",
      cause: redact("checkout has too few connections"),
      for: ["E1"],
      against: [],
      likelihood: 0.9,
      tellApart: null,
    },
  ],
  confidence: { claimed: 0.9, caps: [], value: 0.86 },
  openQuestions: [],
};
const unknown: Diagnosis = { kind: "unknown", why: "no runbook fits what was seen", openQuestions: [] };
const diagnosed = (diagnosis: Diagnosis, attempt = 1): Fact => ({
  fact: "diagnosed",
  at: fromOnset(40),
  attempt,
  diagnosis,
  analyst: "runbooks",
  costUsd: 0,
});
const resolved: Fact = { fact: "resolved", at: fromOnset(300), how: "by-person", by: "octocat", note: null };

function narrate(...facts: readonly Fact[]): Record<keyof Narrative, string[]> {
  const { summary, wentWell, wentBadly } = narrateFromFacts(fold(7, facts));
  const read = (texts: Narrative["summary"]): string[] => texts.map(readForMatching);
  return { summary: read(summary), wentWell: read(wentWell), wentBadly: read(wentBadly) };
}

describe("the story from the facts", () => {
  it("tells beginning, cause and end", () => {
    expect(narrate(opened, triaged, complete, diagnosed(cause), resolved)).toEqual({
      summary: [
        "At 2026-11-20 04:40 UTC the alert CheckoutErrorRateHigh began for checkout (Checkout error rate is 37%). The incident was opened at 2026-11-20 04:40 UTC. It was triaged as P1: 37 % of requests fail, measured now.",
        "After the first attempt runbooks concluded: checkout has too few connections (86 % sure, citing E1).",
        "It was resolved by a person (octocat) at 2026-11-20 04:45 UTC, 5 min after the onset.",
      ],
      wentWell: ["Every source of evidence answered."],
      wentBadly: [],
    });
  });

  it("says that the cause is not known, and how often it was looked for", () => {
    const { summary, wentWell, wentBadly } = narrate(
      opened,
      triaged,
      partial,
      diagnosed(unknown),
      partial,
      diagnosed(unknown, 2),
    );
    expect(summary[1]).toBe(
      "After 2 attempts runbooks concluded: the cause is not known, because no runbook fits what was seen.",
    );
    expect(wentWell).toEqual([]);
    expect(wentBadly).toEqual(["The cause took 2 attempts to find."]);
  });

  it("trusts a person's verdict above its own", () => {
    const said: Fact = {
      fact: "command",
      at: fromOnset(60),
      comment: 5,
      by: "octocat",
      verb: "cause",
      outcome: "done",
      reason: null,
      text: redact("a wrong firewall rule"),
      severity: null,
    };
    expect(narrate(opened, triaged, complete, diagnosed(cause), said).summary[1]).toBe(
      "A person named the cause: a wrong firewall rule.",
    );
  });

  it("can be told of any beginning of an incident", () => {
    const all: readonly Fact[] = [opened, triaged, complete, diagnosed(cause), resolved];
    for (let length = 1; length <= all.length; length += 1) {
      expect(narrate(...all.slice(0, length)).summary.length).toBeGreaterThan(0);
    }
  });

  it("carries no secrets on", () => {
    const leaky = {
      ...opened,
      alerts: [anAlert({ summary: redact("Authorization: Bearer abcdefghijklmnop1234567890") })],
    } as Fact;
    expect(narrate(leaky).summary.join()).not.toContain("abcdefghijklmnop1234567890");
  });
});
