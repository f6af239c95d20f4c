import { describe, expect, it } from "vitest";
import { decideOverdue } from "../../src/gate/deadline.js";
import { approversIn, askPeople, stoppersIn } from "../../src/gate/people.js";
import { fold } from "../../src/incident/fold.js";
import { createFakeGitHub } from "../fakes/world.js";
import * as sample from "../render/sample.js";
import { approvers, asCommand, said } from "./support.js";

const bot = { author: { login: "helper[bot]", isBot: true } };
const commands = [
  said(1, "alice", "/approve"),
  said(2, "helper[bot]", "/approve", bot),
  said(3, "tess", "/hold"),
  said(4, "amy", "/approve 1a2b3c4d"),
  said(5, "will", "/reject no"),
  said(6, "rita", "/approve please"),
  said(7, "helper[bot]", "/hold", bot),
  said(8, "zoe", "/status"),
].map(asCommand);

describe("who is asked about", () => {
  it("is everyone whose approval might count", () => {
    expect(approversIn(commands, 0)).toEqual(["alice", "amy"]);
    expect(approversIn(commands, 4)).toEqual(["amy"]);
    expect(approversIn(commands, 5)).toEqual([]);
  });

  it("is everyone whose hold or rejection has no answer yet", () => {
    expect(stoppersIn(commands, new Set())).toEqual(["tess", "will"]);
    expect(stoppersIn(commands, new Set([3]))).toEqual(["will"]);
  });
});

describe("askPeople", () => {
  it("asks once for each person, for role and for every approver team", async () => {
    const github = createFakeGitHub({ roles: { alice: "maintain" }, teams: { "acme/a": ["Alice"], "acme/b": [] } });
    const teams = ["acme/a", "acme/b", "acme/secret"];
    const people = await askPeople(["alice", "alice", "mallory"], { ...approvers, teams }, github.ports.people);
    expect(people.get("alice")).toEqual({
      login: "alice",
      role: "maintain",
      teams: { "acme/a": "yes", "acme/b": "no", "acme/secret": "cannot-check" },
    });
    expect(people.get("mallory")).toMatchObject({ role: "none" });
    expect(github.transcript().filter((call) => call === "people.roleOf")).toHaveLength(2);
  });

  it("asks nobody about nobody", async () => {
    const github = createFakeGitHub();
    expect((await askPeople([], approvers, github.ports.people)).size).toBe(0);
    expect(github.calls).toEqual([]);
  });
});

describe("decideOverdue", () => {
  const expiresAt = sample.plan().expiresAt;
  it.each([
    { name: "a plan a millisecond before its time", facts: sample.waiting(), ms: -1, reason: null },
    { name: "a plan whose time has come", facts: sample.waiting(), ms: 0, reason: "no-answer" },
    { name: "a plan that was answered", facts: sample.approved(), ms: 60_000, reason: null },
    { name: "no plan", facts: sample.diagnosedFacts(), ms: 60_000, reason: null },
  ])("$name: $reason", ({ facts, ms, reason }) => {
    const step = decideOverdue(fold(42, facts), new Date(expiresAt.getTime() + ms));
    expect(step?.do === "escalate" ? step.reason : null).toBe(reason);
  });
});
