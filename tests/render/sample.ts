/** Whole incidents in several phases, built from facts by the real fold. Used by the tests of rendering and post-mortems. */
import type { Fact, HandsFact, MindFact, Reading, Warrant } from "../../src/incident/facts.js";
import { fold } from "../../src/incident/fold.js";
import type { Incident } from "../../src/incident/incident.js";
import { digestOf } from "../../src/plan/digest.js";
import type { Plan } from "../../src/plan/plan.js";
import { describeCriterion } from "../../src/render/criteria.js";
import type { Digest } from "../../src/words.js";
import { PLAN_URL, REPOSITORY_URL, alert, at, diagnosis, evidence, outside, plan } from "./sample-parts.js";

export * from "./sample-parts.js";

export function warrantFor(digest: Digest): Warrant {
  return { digest, by: ["octocat"], comments: [2003], gate: "comment", until: at("03:31:20") };
}

export function readings(last: readonly (number | null)[], of: Plan = plan()): Reading[] {
  const before = [0.37, 38, 1];
  return of.verify.criteria.map((criterion, index) => {
    const value = last[index] ?? null;
    const bound = criterion.kind === "signal" ? criterion.bound : 0.5;
    return {
      criterion: describeCriterion(criterion, of.service),
      before: before[index] ?? null,
      last: value,
      holds: value === null ? null : value < bound,
    };
  });
}

export const opened: MindFact = { fact: "opened", at: at("03:14:41"), key: "k1", alerts: [alert], reportedBy: null };
const triaged: MindFact = {
  fact: "triaged",
  at: at("03:14:52"),
  triage: { severity: "P1", services: ["checkout"], why: "37 % of requests fail, more than 20 %", errorRatio: 0.37 },
  analyst: "runbooks",
};
const paged: MindFact = {
  fact: "paged",
  at: at("03:14:53"),
  key: "42/opened",
  reason: "opened",
  reached: ["github"],
  failed: [],
};
const gathered: MindFact = { fact: "evidence", at: at("03:15:20"), evidence };
const diagnosed: MindFact = { fact: "diagnosed", at: at("03:16:02"), attempt: 1, diagnosis, analyst: "runbooks", costUsd: 0.03 };

export function planned(of: Plan): MindFact {
  return { fact: "planned", at: at("03:16:20"), plan: of, digest: digestOf(of), proposedBy: "runbooks" };
}
export function asked(of: Plan): MindFact {
  return { fact: "asked", at: at("03:16:31"), digest: digestOf(of), comment: 2002, bodySha256: "a".repeat(64), url: PLAN_URL };
}
export function advised(of: Plan): MindFact {
  return { fact: "advised", at: at("03:16:31"), digest: digestOf(of), comment: 2002, url: PLAN_URL };
}

/** From the alert to a plan that waits. */
export function waiting(of: Plan = plan()): Fact[] {
  return [
    ...diagnosedFacts(),
    planned(of),
    asked(of),
    {
      fact: "paged",
      at: at("03:16:33"),
      key: "42/your-approval/1",
      reason: "your-approval",
      reached: ["github", "webhook"],
      failed: [],
    },
  ];
}
export function diagnosedFacts(): Fact[] {
  return [opened, triaged, paged, gathered, diagnosed];
}
export function approved(of: Plan = plan()): Fact[] {
  return [
    ...waiting(of),
    {
      fact: "command",
      at: at("03:18:40"),
      comment: 2003,
      by: "octocat",
      verb: "approve",
      outcome: "done",
      reason: null,
      text: null,
      severity: null,
    },
    { fact: "approved", at: at("03:18:45"), warrant: warrantFor(digestOf(of)) },
  ];
}
export function started(of: Plan = plan()): HandsFact[] {
  const key = `gh-${digestOf(of).slice(0, 16)}-1-apply`;
  return [
    {
      fact: "execution-started",
      at: at("03:19:20"),
      warrant: warrantFor(digestOf(of)),
      reservation: 1,
      run: 901,
      readings: readings([0.37, 38, 1], of),
    },
    { fact: "intent", at: at("03:19:22"), key, step: 1, direction: "apply" },
    { fact: "done", at: at("03:20:31"), key, outcome: "ok", detail: null, url: "https://github.com/acme/shop/actions/runs/777" },
  ];
}
export function recovered(of: Plan = plan()): Fact[] {
  return [
    ...approved(of),
    ...started(of),
    { fact: "verified", at: at("03:22:40"), verdict: "recovered", readings: readings([0.002, 0, 0], of), afterStep: 1 },
    { fact: "execution-ended", at: at("03:22:41"), outcome: "recovered", detail: null },
    { fact: "resolved", at: at("03:23:05"), how: "remediated", by: null, note: null },
  ];
}
export function filed(of: Plan = plan()): Fact[] {
  return [
    ...recovered(of),
    {
      fact: "narrated",
      at: at("03:23:10"),
      analyst: "runbooks",
      summary: [
        outside(
          "From 03:12 on, 37 % of checkouts failed. Version v142 came with a smaller connection pool; going back to v141 ended it at 03:22.",
        ),
      ],
      wentWell: [outside("The deployment and the pool errors were tied together within two minutes.")],
      wentBadly: [outside("No alert fires on waiting connections before errors rise.")],
    },
    {
      fact: "filed",
      at: at("03:23:40"),
      path: "postmortems/2026/42-checkout-connection-pool-exhausted.md",
      via: "commit",
      url: `${REPOSITORY_URL}/blob/main/postmortems/2026/42-checkout-connection-pool-exhausted.md`,
    },
  ];
}
/** The plan made it worse and was undone; people have to go on. */
export function worse(of: Plan = plan()): Fact[] {
  const undo = `gh-${digestOf(of).slice(0, 16)}-1-undo`;
  return [
    ...approved(of),
    ...started(of),
    { fact: "verified", at: at("03:21:40"), verdict: "worse", readings: readings([0.62, 51, 1], of), afterStep: 1 },
    { fact: "intent", at: at("03:21:42"), key: undo, step: 1, direction: "undo" },
    {
      fact: "done",
      at: at("03:22:50"),
      key: undo,
      outcome: "ok",
      detail: null,
      url: "https://github.com/acme/shop/actions/runs/778",
    },
    { fact: "execution-ended", at: at("03:22:51"), outcome: "worse-undone", detail: null },
    { fact: "escalated", at: at("03:23:20"), reason: "worse", detail: outside("error-ratio 62 % after step 1, 37 % before") },
    { fact: "paged", at: at("03:23:22"), key: "42/worse", reason: "worse", reached: [], failed: ["webhook"] },
  ];
}
/** No attempt was sure enough. */
export function unsure(): Fact[] {
  return [
    opened,
    triaged,
    paged,
    gathered,
    {
      fact: "diagnosed",
      at: at("03:16:02"),
      attempt: 1,
      diagnosis: { ...diagnosis, confidence: { claimed: 0.5, caps: [], value: 0.5 } },
      analyst: "runbooks",
      costUsd: 0,
    },
    {
      fact: "evidence",
      at: at("03:17:20"),
      evidence: { ...evidence, attempt: 2, logsMinutes: 60, changesMinutes: 2880, dropped: 3 },
    },
    {
      fact: "diagnosed",
      at: at("03:17:40"),
      attempt: 2,
      diagnosis: {
        kind: "unknown",
        why: "no runbook matches the observations",
        openQuestions: [outside("Which dependency answers slowly?")],
      },
      analyst: "runbooks",
      costUsd: 0,
    },
    { fact: "escalated", at: at("03:17:45"), reason: "attempts-used", detail: outside("2 attempts, best 50 %") },
  ];
}
export function noIncident(): Fact[] {
  return [
    opened,
    triaged,
    gathered,
    {
      fact: "diagnosed",
      at: at("03:16:02"),
      attempt: 1,
      diagnosis: { kind: "no-incident", why: "every signal is inside its usual band", cites: ["E1"] },
      analyst: "runbooks",
      costUsd: 0,
    },
    { fact: "resolved", at: at("03:16:10"), how: "no-incident", by: null, note: null },
  ];
}

export function incident(facts: readonly Fact[]): Incident {
  return fold(42, facts);
}
