import { describe, expect, it } from "vitest";
import type { MindFact } from "../../src/incident/facts.js";
import { fold, mergeFacts } from "../../src/incident/fold.js";
import type { Config } from "../../src/config/config.js";
import type { HandsFact } from "../../src/incident/facts.js";
import { decideAdmission, standingStop, type AdmissionInput } from "../../src/remediation/admission.js";
import type { ReasonCode } from "../../src/render/reasons.js";
import { PROTECTED_TAGS } from "../fakes/world.js";
import { approvalInput, asCommand, personOf, planComment, posted, said } from "../gate/support.js";
import { keys, mindFacts } from "../incident/support.js";
import { serviceWith } from "../plan/support.js";
import * as sample from "../render/sample.js";

const plan = posted();
const at = sample.at("03:18:45");
const approval = said(2003, "alice", `/approve ${plan.digest}`);
const approved = mindFacts(sample.approved()).map((fact) =>
  fact.fact === "asked" ? { ...fact, comment: plan.comment, bodySha256: plan.bodySha256 } : fact,
) as MindFact[];
const started = sample.started();
const config: Config = { ...sample.config, keys, services: new Map([["checkout", serviceWith()]]) };
const tess = personOf("tess", "triage");

function incidentOf(facts: readonly MindFact[], hands: readonly HandsFact[] = []) {
  return fold(42, mergeFacts(facts, new Map([[plan.digest, hands]])));
}
function input(changes: Partial<AdmissionInput> = {}, comments = [approval]): AdmissionInput {
  const { commands, people, comments: thread } = approvalInput(comments);
  return {
    purpose: { kind: "reserve" },
    incident: incidentOf(approved),
    digest: plan.digest,
    snapshot: {
      at,
      trunk: {
        repositoryId: 1001,
        fullName: "acme/shop",
        visibility: "private",
        defaultBranch: "main",
        head: "0".repeat(40),
        config: null,
        runbooks: [],
        tagRulesets: [PROTECTED_TAGS],
        postmortemIndex: null,
      },
      issue: null,
      comments: thread,
      openIncidents: [],
    },
    commands,
    people: new Map([...people, ["tess", tess]]),
    config,
    environment: { name: "production-gate", exists: true, branches: ["main"], requiredReviewers: 0 },
    recentRemediations: 0,
    reservations: [],
    runs: new Map(),
    now: sample.at("03:19:00"),
    ...changes,
  };
}
const trunkWith = (changes: object) => {
  const base = input();
  return { snapshot: { ...base.snapshot, trunk: { ...base.snapshot.trunk, ...changes } } };
};
const reasonOf = (admission: ReturnType<typeof decideAdmission>) =>
  admission.kind === "refused" ? admission.reason : "admitted";
const minute = 60_000;

describe("a plan is admitted", () => {
  it("when everything still holds, with the warrant of who approved it", () => {
    expect(decideAdmission(input())).toMatchObject({
      kind: "admitted",
      k: 1,
      execution: null,
      service: { name: "checkout" },
      warrant: { digest: plan.digest, by: ["alice"], comments: [2003] },
    });
  });

  it.each<{ name: string; changes: Partial<AdmissionInput> }>([
    {
      name: "in a public repository that allows it",
      changes: { ...trunkWith({ visibility: "public" }), config: { ...config, allowPublic: true } },
    },
    {
      name: "without rulesets where all writers are trusted",
      changes: { ...trunkWith({ tagRulesets: [] }), config: { ...config, trustWriters: true } },
    },
    { name: "without asking about others when the hands do", changes: { recentRemediations: null } },
    {
      name: "to be resumed, though its time to answer has passed meanwhile",
      changes: {
        incident: incidentOf(approved, started),
        now: sample.at("04:00:00"),
        reservations: [{ k: 1, runId: 7 }],
        runs: new Map([[7, { id: 7, title: "", status: "ended", conclusion: "failure", createdAt: at, url: "" }]]),
      },
    },
  ])("$name", ({ changes }) => {
    expect(reasonOf(decideAdmission(input(changes)))).toBe("admitted");
  });
});

describe("a plan is refused", () => {
  const freeze = [{ from: sample.at("03:00:00"), until: sample.at("04:00:00"), why: "holidays" }];
  const command = (verb: string, comment: number): MindFact => ({
    fact: "command",
    at,
    comment,
    by: "tess",
    verb,
    outcome: "done",
    reason: null,
    text: null,
    severity: null,
  });
  const ended: HandsFact = { fact: "execution-ended", at, outcome: "recovered", detail: null };

  it.each<{ name: string; reason: ReasonCode; changes?: Partial<AdmissionInput>; comments?: (typeof approval)[]; says: string }>([
    {
      name: "that was carried out",
      reason: "already-executed",
      changes: { incident: incidentOf(approved, [...started, ended]) },
      says: "carried out already (recovered)",
    },
    {
      name: "that a person rejected",
      reason: "plan-dead",
      changes: { incident: incidentOf([...approved, { fact: "escalated", at, reason: "rejected", detail: sample.outside("") }]) },
      says: "no longer open",
    },
    {
      name: "that a retry has voided",
      reason: "plan-dead",
      changes: { incident: incidentOf([...approved, command("retry", 2010)]) },
      says: "no longer open",
    },
    {
      name: "that still waits",
      reason: "not-approved",
      changes: { incident: incidentOf(approved.slice(0, -1)) },
      says: "(phase awaiting-approval)",
    },
    { name: "of another digest", reason: "not-approved", changes: { digest: "b".repeat(64) }, says: "is not an approved plan" },
    {
      name: "on hold",
      reason: "held",
      changes: { incident: incidentOf([...approved, command("hold", 2010)]) },
      says: "on hold",
    },
    {
      name: "that somebody has just put on hold",
      reason: "held",
      comments: [approval, said(2010, "tess", "/hold")],
      says: "tess said /hold",
    },
    {
      name: "that somebody has just rejected",
      reason: "rejected",
      comments: [approval, said(2010, "tess", "/reject no")],
      says: "tess said /reject",
    },
    {
      name: "that somebody has just rejected, in an edited comment",
      reason: "rejected",
      comments: [approval, said(2010, "tess", "/reject no", { editedAt: at })],
      says: "tess said /reject",
    },
    {
      name: "that was rejected while it was being carried out, though the mind has answered that",
      reason: "rejected",
      changes: { incident: incidentOf([...approved, command("reject", 2010)], started) },
      comments: [approval, said(2010, "tess", "/reject no")],
      says: "tess said /reject",
    },
    {
      name: "that was rejected while it was being carried out, the comment deleted since",
      reason: "rejected",
      changes: { incident: incidentOf([...approved, command("reject", 2010)], started) },
      says: "tess said /reject",
    },
    {
      name: "made under another config",
      reason: "config-changed",
      changes: { config: { ...config, sha: "0".repeat(40) } },
      says: ".github/gatehouse.yml has changed",
    },
    {
      name: "in a public repository",
      reason: "public-repository",
      changes: trunkWith({ visibility: "public" }),
      says: "allow-public is not set",
    },
    {
      name: "of a service that is not in mode act",
      reason: "mode-observe",
      changes: { config: { ...config, services: new Map([["checkout", serviceWith({ mode: "propose" })]]) } },
      says: "checkout is not in mode act",
    },
    {
      name: "in a freeze",
      reason: "freeze",
      changes: { config: { ...config, remediation: { ...config.remediation, freeze } } },
      says: "holidays",
    },
    {
      name: "beyond the breaker",
      reason: "breaker",
      changes: { recentRemediations: 3 },
      says: "remediated 3 times within 60 minutes",
    },
    {
      name: "whose gate is gone",
      reason: "environment-missing",
      changes: { environment: { name: "production-gate", exists: false, branches: null, requiredReviewers: 0 } },
      says: "does not exist",
    },
    {
      name: "whose gate is open",
      reason: "environment-unprotected",
      changes: { environment: { name: "production-gate", exists: true, branches: ["main", "*"], requiredReviewers: 0 } },
      says: "takes deployments from main, *",
    },
    {
      name: "whose reservation anyone could take back",
      reason: "tag-unprotected",
      changes: trunkWith({ tagRulesets: [] }),
      says: "a reservation could be taken back",
    },
    {
      name: "that began too long ago",
      reason: "resume-too-late",
      changes: { incident: incidentOf(approved, started), now: new Date(sample.at("03:19:20").getTime() + 60 * minute) },
      says: "may resume for 60 minutes only",
    },
    { name: "without its approval", reason: "not-approved", comments: [], says: "1 more approval is needed now." },
    {
      name: "whose approver has lost the role since",
      reason: "not-approved",
      changes: { people: new Map([["alice", personOf("alice", "write")]]) },
      says: "An /approve of alice does not count: no-role.",
    },
    {
      name: "whose approval was edited since",
      reason: "not-approved",
      comments: [{ ...approval, editedAt: at }],
      says: "An /approve of alice does not count: edited.",
    },
    {
      name: "whose comment was edited",
      reason: "plan-comment-changed",
      changes: { snapshot: { ...input().snapshot, comments: [{ ...planComment, editedAt: at }, approval] } },
      says: "edited or deleted",
    },
    {
      name: "whose comment is gone",
      reason: "plan-comment-changed",
      changes: { snapshot: { ...input().snapshot, comments: [approval] } },
      says: "edited or deleted",
    },
    {
      name: "whose time has passed before it began",
      reason: "expired",
      changes: { now: plan.plan.expiresAt },
      says: "ran out at 2026-06-03T03:31:20.000Z",
    },
    {
      name: "that another run has reserved",
      reason: "run-unfinished",
      changes: {
        reservations: [{ k: 1, runId: 7 }],
        runs: new Map([[7, { id: 7, title: "", status: "running", conclusion: null, createdAt: at, url: "" }]]),
      },
      says: "Run 7 is still carrying the plan out",
    },
    {
      name: "by a run that did not reserve it",
      reason: "wrong-run",
      changes: { purpose: { kind: "execute", runId: 8 }, reservations: [{ k: 1, runId: 7 }] },
      says: "reserved for run 7, not for this run 8",
    },
  ])("$name: $reason", ({ reason, changes, comments, says }) => {
    const admission = decideAdmission(input(changes, comments ?? [approval]));
    expect(admission).toMatchObject({ kind: "refused", reason, why: expect.stringContaining(says) });
  });

  it("a millisecond before the time to resume is over it may still go on", () => {
    const now = new Date(sample.at("03:19:20").getTime() + 60 * minute - 1);
    const runs = new Map([[7, { id: 7, title: "", status: "ended" as const, conclusion: "failure", createdAt: at, url: "" }]]);
    const resumed = input({ incident: incidentOf(approved, started), now, reservations: [{ k: 1, runId: 7 }], runs });
    expect(decideAdmission(resumed)).toMatchObject({ kind: "admitted", k: 2 });
  });
});

describe("standingStop", () => {
  const incident = incidentOf(approved);
  it.each([
    { name: "of somebody without the role", comment: said(2010, "rita", "/hold"), stops: false },
    { name: "of a stranger", comment: said(2010, "mallory", "/reject"), stops: false },
    {
      name: "of a bot",
      comment: said(2010, "tess", "/hold", { author: { login: "tess", isBot: true } }),
      stops: false,
    },
    { name: "from before the plan", comment: said(2001, "tess", "/reject"), stops: false },
    { name: "that is only a question", comment: said(2010, "tess", "/status"), stops: false },
    { name: "that is malformed", comment: said(2010, "tess", "/severity x"), stops: false },
    { name: "of triage", comment: said(2010, "tess", "/hold"), stops: true },
  ])("a command $name stops: $stops", ({ comment, stops }) => {
    const people = new Map(["rita", "tess"].map((login) => [login, personOf(login, login === "tess" ? "triage" : "read")]));
    expect(standingStop({ incident, commands: [asCommand(comment)], people }, plan) !== null).toBe(stops);
  });

  it("a hold that was answered and ended by a fresh approval does not stop again", () => {
    const command = asCommand(said(2001, "tess", "/hold"));
    const answered = { ...incident, answered: new Set([2001]) };
    expect(standingStop({ incident: answered, commands: [command], people: new Map([["tess", tess]]) }, plan)).toBeNull();
  });

  it("a plan that died since the execution began stops it: a retry, a newer plan, an escalation", () => {
    const dead = { ...incidentOf(approved, started), deadDigests: new Set([plan.digest]) };
    expect(standingStop({ incident: dead, commands: [], people: new Map() }, plan)).toMatchObject({ reason: "plan-dead" });
  });
});
