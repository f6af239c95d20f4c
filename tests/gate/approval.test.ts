import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideApproval, isPlanCommentIntact, whyNotPerson, type ApprovalInput } from "../../src/gate/approval.js";
import type { ThreadComment } from "../../src/ports.js";
import type { ReasonCode } from "../../src/render/reasons.js";
import { ROLES } from "../../src/words.js";
import * as sample from "../render/sample.js";
import { approvalInput, approvers, BODY, PLAN_COMMENT, personOf, planComment, posted, said } from "./support.js";

const plan = posted();
const short = plan.digest.slice(0, 8);
const high = posted({ risk: "high", quorum: 2 });
const approve = `/approve ${short}`;
const approveHigh = `/approve ${high.digest.slice(0, 8)}`;
const expiry = plan.plan.expiresAt;
const justBefore = new Date(expiry.getTime() - 1);
const decide = (comments: readonly ThreadComment[], changes: Partial<ApprovalInput> = {}) =>
  decideApproval(approvalInput(comments, changes));

describe("one approval is enough", () => {
  it.each<{ name: string; comments: ThreadComment[]; changes?: Partial<ApprovalInput> }>([
    { name: "with the short digest", comments: [said(2003, "alice", approve)] },
    { name: "with the whole digest", comments: [said(2003, "alice", `/approve ${plan.digest}`)] },
    { name: "without a digest, for the first plan at low risk", comments: [said(2003, "alice", "/approve")] },
    { name: "of an administrator", comments: [said(2003, "amy", approve)] },
    {
      name: "in the last millisecond",
      comments: [said(2003, "alice", approve, { createdAt: justBefore })],
      changes: { now: justBefore },
    },
    {
      name: "of a person the config names, in other letters",
      comments: [said(2003, "rita", approve)],
      changes: { approvers: { ...approvers, users: ["@Rita"] } },
    },
    {
      name: "of who reported it, below high risk",
      comments: [said(2003, "alice", approve)],
      changes: { reportedBy: "alice" },
    },
  ])("$name", ({ comments, changes }) => {
    expect(decide(comments, changes)).toMatchObject({
      kind: "approved",
      warrant: { digest: plan.digest, comments: [2003], gate: "comment", until: expiry },
    });
  });

  it("is not taken back by later ones that do not count", () => {
    const others = [said(2004, "will", approve), said(2005, "alice", "/approve deadbeef")];
    expect(decide([said(2003, "alice", approve), ...others])).toMatchObject({
      kind: "approved",
      warrant: { by: ["alice"], comments: [2003] },
      votes: [{ counts: true }, { counts: false, reason: "no-role" }, { counts: false, reason: "stale-digest" }],
    });
  });
});

describe("an approval that does not count", () => {
  it.each<{ name: string; vote: ThreadComment; changes?: Partial<ApprovalInput>; reason: ReasonCode }>([
    { name: "a role too weak", vote: said(2003, "will", approve), reason: "no-role" },
    { name: "a stranger", vote: said(2003, "mallory", approve), reason: "no-role" },
    {
      name: "a bot",
      vote: said(2003, "helper[bot]", approve, { author: { login: "helper[bot]", isBot: true } }),
      changes: { people: new Map([["helper[bot]", personOf("helper[bot]", "admin")]]) },
      reason: "bot",
    },
    { name: "edited", vote: said(2003, "alice", approve, { editedAt: sample.at("03:19:00") }), reason: "edited" },
    { name: "the digest of another plan", vote: said(2003, "alice", "/approve deadbeef"), reason: "stale-digest" },
    {
      name: "a digest that goes on in another way",
      vote: said(2003, "alice", `/approve ${short}${plan.digest[8] === "0" ? "1" : "0"}`),
      reason: "stale-digest",
    },
    { name: "written before the plan", vote: said(2001, "alice", "/approve"), reason: "stale-digest" },
    { name: "bare, at a second plan", vote: said(2003, "alice", "/approve"), changes: { plansMade: 2 }, reason: "digest-needed" },
    { name: "bare, at high risk", vote: said(2003, "alice", "/approve"), changes: { plan: high }, reason: "digest-needed" },
    {
      name: "written in the moment of expiry, though read before",
      vote: said(2003, "alice", approve, { createdAt: expiry }),
      changes: { now: justBefore },
      reason: "expired",
    },
    {
      name: "who reported it, at high risk",
      vote: said(2003, "alice", approveHigh),
      changes: { plan: high, reportedBy: "alice" },
      reason: "own-incident",
    },
    {
      name: "who reported it, in other letters",
      vote: said(2003, "alice", approveHigh),
      changes: { plan: high, reportedBy: "Alice" },
      reason: "own-incident",
    },
    {
      name: "a team that cannot be read",
      vote: said(2003, "will", approve),
      changes: {
        approvers: { ...approvers, teams: ["acme/payments"] },
        people: new Map([["will", personOf("will", "write", { "acme/payments": "cannot-check" })]]),
      },
      reason: "cannot-check-team",
    },
  ])("$name: $reason", ({ vote, changes, reason }) => {
    const decision = decide([vote], changes);
    const missing = changes?.plan?.plan.quorum ?? 1;
    const votes = [{ comment: vote.id, by: vote.author.login, counts: false, reason }];
    expect(decision).toEqual({ kind: "waiting", missing, votes });
  });

  it("a digest too short is no approval at all", () => {
    const typed = said(2003, "alice", `/approve ${short.slice(0, 7)}`);
    expect(decide([typed])).toEqual({ kind: "waiting", missing: 1, votes: [] });
  });

  it("a deleted one is simply not there", () => {
    expect(decide([])).toEqual({ kind: "waiting", missing: 1, votes: [] });
  });
});

describe("the quorum", () => {
  const two = { plan: high };
  it.each<{ name: string; comments: ThreadComment[]; changes?: Partial<ApprovalInput>; expected: object }>([
    { name: "waits for the second", comments: [said(2003, "alice", approveHigh)], expected: { kind: "waiting", missing: 1 } },
    {
      name: "counts one person once",
      comments: [said(2003, "alice", approveHigh), said(2004, "alice", approveHigh)],
      expected: { kind: "waiting", missing: 1 },
    },
    {
      name: "counts one person once, however the login is written",
      comments: [said(2003, "alice", approveHigh), said(2004, "ALICE", approveHigh)],
      changes: { people: new Map(["alice", "ALICE"].map((login) => [login, personOf(login, "admin")])) },
      expected: { kind: "waiting", missing: 1 },
    },
    {
      name: "is reached by two",
      comments: [said(2003, "alice", approveHigh), said(2004, "amy", approveHigh)],
      expected: { kind: "approved", warrant: { by: ["alice", "amy"], comments: [2003, 2004] } },
    },
    {
      name: "is not reached by one who counts and one who does not",
      comments: [said(2003, "alice", approveHigh), said(2004, "will", approveHigh)],
      expected: { kind: "waiting", missing: 1 },
    },
    {
      name: "is not reached with the reporter",
      comments: [said(2003, "alice", approveHigh), said(2004, "amy", approveHigh)],
      changes: { reportedBy: "amy" },
      expected: { kind: "waiting", missing: 1 },
    },
  ])("$name", ({ comments, changes, expected }) => {
    expect(decide(comments, { ...two, ...changes })).toMatchObject(expected);
  });

  it("names each person once in the warrant", () => {
    const people = new Map(["alice", "Alice", "amy"].map((login) => [login, personOf(login, "admin")]));
    const comments = [said(2003, "alice", approveHigh), said(2004, "Alice", approveHigh), said(2005, "amy", approveHigh)];
    expect(decide(comments, { ...two, people })).toMatchObject({ warrant: { by: ["alice", "amy"] } });
  });
});

describe("time", () => {
  it.each([
    { name: "a millisecond early", now: justBefore, kind: "approved" },
    { name: "at the moment", now: expiry, kind: "expired" },
    { name: "a millisecond late", now: new Date(expiry.getTime() + 1), kind: "expired" },
  ])("$name the plan is $kind", ({ now, kind }) => {
    expect(decide([said(2003, "alice", approve)], { now }).kind).toBe(kind);
  });
});

describe("the plan comment", () => {
  const vote = said(2003, "alice", approve);
  it.each<{ name: string; comments: ThreadComment[] }>([
    { name: "was deleted", comments: [vote] },
    { name: "was edited, even back to the same bytes", comments: [{ ...planComment, editedAt: sample.at("03:17:00") }, vote] },
    { name: "holds other bytes", comments: [{ ...planComment, body: `${BODY} ` }, vote] },
    { name: "is not by a bot", comments: [{ ...planComment, author: { login: "mallory", isBot: false } }, vote] },
    { name: "is another comment with the same bytes", comments: [{ ...planComment, id: PLAN_COMMENT + 100 }, vote] },
  ])("voids every approval when it $name", ({ comments }) => {
    expect(isPlanCommentIntact(plan, comments)).toBe(false);
    expect(decideApproval({ ...approvalInput([vote]), comments })).toEqual({ kind: "void", reason: "plan-comment-changed" });
  });
});

describe("whyNotPerson", () => {
  const teams = { roles: [], users: [], teams: ["acme/a", "acme/b"] } as const;
  it.each([
    ...ROLES.map((role) => ({
      name: `${role}, where maintain is asked for`,
      person: personOf("pat", role),
      config: { roles: ["maintain" as const], users: [], teams: [] },
      why: role === "maintain" || role === "admin" ? null : "no-role",
    })),
    { name: "nobody", person: undefined, config: approvers, why: "no-role" },
    {
      name: "a named person without access",
      person: personOf("pat", "none"),
      config: { ...approvers, users: ["pat"] },
      why: "no-role",
    },
    {
      name: "somebody whose name only begins like it",
      person: personOf("patty", "write"),
      config: { ...approvers, users: ["pat"] },
      why: "no-role",
    },
    {
      name: "a member of one team",
      person: personOf("pat", "read", { "acme/a": "no", "acme/b": "yes" }),
      config: teams,
      why: null,
    },
    {
      name: "a member of none",
      person: personOf("pat", "write", { "acme/a": "no", "acme/b": "no" }),
      config: teams,
      why: "no-role",
    },
    {
      name: "a member of one, the other cannot be read",
      person: personOf("pat", "read", { "acme/a": "cannot-check", "acme/b": "yes" }),
      config: teams,
      why: null,
    },
    {
      name: "a member of none that can be read",
      person: personOf("pat", "write", { "acme/a": "no", "acme/b": "cannot-check" }),
      config: teams,
      why: "cannot-check-team",
    },
    { name: "somebody whose teams were not asked", person: personOf("pat", "write"), config: teams, why: "cannot-check-team" },
    {
      name: "no approvers at all",
      person: personOf("pat", "admin"),
      config: { roles: [], users: [], teams: [] },
      why: "no-role",
    },
  ])("$name: $why", ({ person, config, why }) => {
    expect(whyNotPerson(person, config)).toBe(why);
  });
});

describe("without an approval that counts", () => {
  const logins = ["alice", "will", "rita", "mallory", "helper[bot]"] as const;
  /** Comments that each lack one thing at least. */
  const worthless = fc
    .record({
      id: fc.integer({ min: 1_900, max: 2_200 }).filter((id) => id !== PLAN_COMMENT),
      login: fc.constantFrom(...logins),
      body: fc.constantFrom(
        "/approve",
        approve,
        `/approve ${plan.digest}`,
        "/approve deadbeef",
        "/approve 1234",
        "/approved",
        " x",
      ),
      edited: fc.boolean(),
      late: fc.boolean(),
    })
    .filter(
      ({ id, login, body, edited, late }) =>
        login !== "alice" ||
        edited ||
        late ||
        id < PLAN_COMMENT ||
        !["/approve", approve, `/approve ${plan.digest}`].includes(body),
    )
    .map(({ id, login, body, edited, late }) =>
      said(id, login, body, {
        author: { login, isBot: login.endsWith("[bot]") },
        editedAt: edited ? sample.at("03:19:00") : null,
        createdAt: late ? expiry : sample.at("03:18:00"),
      }),
    );

  it("nothing is ever approved", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(worthless, { maxLength: 6, selector: ({ id }) => id }),
        fc.date({ min: sample.at("03:00:00"), max: sample.at("04:00:00"), noInvalidDate: true }),
        fc.boolean(),
        (comments, now, intact) => {
          const input = approvalInput(comments, { now });
          const decision = decideApproval(intact ? input : { ...input, comments });
          expect(decision.kind).not.toBe("approved");
          expect(decision.kind === "void" || decision.votes.every(({ counts }) => !counts)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("a vote that counts is always a person's own, unedited, after the plan and of this digest", () => {
    fc.assert(
      fc.property(fc.uniqueArray(worthless, { maxLength: 4, selector: ({ id }) => id }), (comments) => {
        const good = said(3_000, "amy", approve);
        const decision = decide([...comments, good]);
        expect(decision).toMatchObject({ kind: "approved", warrant: { by: ["amy"], comments: [3_000] } });
      }),
      { numRuns: 200 },
    );
  });
});
