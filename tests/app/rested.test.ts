import { describe, expect, it } from "vitest";
import { readOpenEvent } from "../../src/app/event.js";
import { ConfigurationError } from "../../src/app/app.js";
import { previewed, restedInWords } from "../../src/app/rested.js";
import type { Environment } from "../../src/config/environment.js";
import type { Fact } from "../../src/incident/facts.js";
import { refuse } from "../../src/remediation/refusal.js";
import { wait, type Wait } from "../../src/step.js";
import * as sample from "../render/sample.js";

function rested(waiting: Wait, facts: readonly Fact[] = sample.waiting()) {
  return restedInWords({ kind: "rested", incident: sample.incident(facts), wait: waiting, happened: ["triage", "ask"] });
}

describe("how the mind rested", () => {
  it.each<{ for: Wait["for"]; next: "wait" | "gate" | "archive" }>([
    { for: "approval", next: "wait" },
    { for: "people", next: "wait" },
    { for: "gate", next: "gate" },
    { for: "hands", next: "wait" },
    { for: "archive", next: "archive" },
    { for: "nothing", next: "wait" },
  ])("waiting for $for → next=$next", ({ for: what, next }) => {
    expect(rested(wait(what))).toMatchObject({ incident: 42, phase: "awaiting-approval", next, failed: false, reason: null });
  });

  it("names the deadline and what was done", () => {
    expect(rested(wait("approval", sample.at("03:31:20")))).toMatchObject({
      happened: ["Did: triage, ask."],
      comesNext: "An approver answers the plan. Deadline: 2026-06-03T03:31:20.000Z.",
    });
  });

  it("tells the reason when people have it", () => {
    expect(rested(wait("people"), sample.worse())).toMatchObject({ phase: "escalated", reason: "worse" });
  });
});

describe("a dry run", () => {
  it("says what would be done", () => {
    expect(previewed({ do: "triage" }, 42)).toMatchObject({ happened: ["It would triage first."], failed: false });
    expect(previewed(wait("approval"), 42)).toMatchObject({ happened: ["It would wait for approval."] });
    expect(previewed(refuse("journal-broken", "Not valid."), 42)).toMatchObject({ reason: "journal-broken", failed: true });
  });
});

describe("what woke open", () => {
  const person = { login: "alice", type: "User" };
  const issue = { number: 7, title: "Checkout is down", body: null, user: person };
  const read = (eventName: string, event: Record<string, unknown>) =>
    readOpenEvent({ environment: { eventName } as Environment, event });

  it.each([
    {
      name: "a dispatch",
      event: "repository_dispatch",
      payload: { client_payload: { version: 1 } },
      expected: { kind: "dispatch", clientPayload: { version: 1 } },
    },
    {
      name: "a dispatch without a payload",
      event: "repository_dispatch",
      payload: {},
      expected: { kind: "dispatch", clientPayload: {} },
    },
    {
      name: "a person's issue",
      event: "issues",
      payload: { issue },
      expected: {
        kind: "issue",
        issue: { number: 7, title: "Checkout is down", body: "", author: { login: "alice", isBot: false } },
      },
    },
    {
      name: "a bot's issue",
      event: "issues",
      payload: { issue: { ...issue, body: "x", user: { login: "helper[bot]", type: "Bot" } } },
      expected: { kind: "issue", issue: { body: "x", author: { login: "helper[bot]", isBot: true } } },
    },
  ])("is read from $name", ({ event, payload, expected }) => {
    expect(read(event, payload)).toMatchObject(expected);
  });

  it.each([
    { name: "another event", event: "push", payload: {} },
    { name: "an issues event without an issue", event: "issues", payload: {} },
    { name: "an issue without an author", event: "issues", payload: { issue: { ...issue, user: null } } },
  ])("is refused for $name", ({ event, payload }) => {
    expect(() => read(event, payload)).toThrow(ConfigurationError);
    expect(() => read(event, payload)).toThrow(`answers repository_dispatch and issues events, not ${event}`);
  });
});
