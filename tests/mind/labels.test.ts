import { describe, expect, it } from "vitest";
import type { Fact } from "../../src/incident/facts.js";
import { fold } from "../../src/incident/fold.js";
import { expectedLabels, expectedState, noticeChanges } from "../../src/mind/labels.js";
import type { Issue } from "../../src/ports.js";
import * as sample from "../render/sample.js";

const now = sample.at("03:30:00");
const waiting = fold(42, sample.waiting());
const usual = ["incident", "severity:P1", "phase:awaiting-approval"];

function issue(changes: Partial<Issue> = {}): Issue {
  const author = { login: "github-actions[bot]", isBot: true };
  const text = { title: "", body: "", url: "", createdAt: now, editedAt: null };
  return { number: 42, author, ...text, state: "open", locked: false, labels: usual, ...changes };
}
const notice = (changes: Partial<Issue>, facts: readonly Fact[] = sample.waiting(), handsAtWork = false) =>
  noticeChanges(fold(42, facts), issue(changes), { now, handsAtWork }).map(({ what, detail }) => `${what}: ${detail}`);

describe("expectedLabels", () => {
  it("are ours as the journal has them, and whatever people have added", () => {
    const present = ["customer-facing", "severity:P3", "phase:opened", "incident-review", "incident"];
    expect(expectedLabels(waiting, present)).toEqual([...usual, "customer-facing", "incident-review"]);
  });

  it("name no severity before triage", () => {
    expect(expectedLabels(fold(42, [sample.opened]), [])).toEqual(["incident", "phase:opened"]);
  });

  it.each([
    { name: "a running incident", facts: sample.waiting(), state: "open" },
    { name: "a resolved one", facts: sample.recovered(), state: "open" },
    { name: "a filed one", facts: sample.filed(), state: "closed" },
  ])("$name is $state", ({ facts, state }) => {
    expect(expectedState(fold(42, facts))).toBe(state);
  });
});

describe("noticeChanges", () => {
  it.each<{ name: string; changes: Partial<Issue>; facts?: readonly Fact[]; handsAtWork?: boolean; noticed: string[] }>([
    { name: "nothing where nothing was moved", changes: {}, noticed: [] },
    { name: "no label that is not ours", changes: { labels: [...usual, "bug"] }, noticed: [] },
    { name: "not the order of labels", changes: { labels: usual.toReversed() }, noticed: [] },
    {
      name: "labels that were taken away",
      changes: { labels: ["bug"] },
      noticed: ["labels-changed: missing incident, severity:P1, phase:awaiting-approval"],
    },
    {
      name: "labels that were swapped",
      changes: { labels: ["incident", "severity:P3", "phase:approved"] },
      noticed: ["labels-changed: missing severity:P1, phase:awaiting-approval; added severity:P3, phase:approved"],
    },
    { name: "a stranger closing it", changes: { state: "closed" }, noticed: ["closed-by-hand: in phase awaiting-approval"] },
    {
      name: "somebody reopening it",
      changes: { labels: ["incident", "severity:P1", "phase:closed"] },
      facts: sample.filed(),
      noticed: ["reopened-by-hand: after it was over"],
    },
    { name: "a lock", changes: { locked: true }, noticed: ["locked: the automation cannot comment on a locked issue"] },
    {
      name: "a lock only once",
      changes: { locked: true },
      facts: [...sample.waiting(), { fact: "noticed", at: now, what: "locked", detail: "" }],
      noticed: [],
    },
    {
      name: "no phase that lags behind the hands",
      changes: { labels: ["incident", "severity:P1", "phase:approved"] },
      facts: [...sample.approved(), ...sample.started()],
      handsAtWork: true,
      noticed: [],
    },
    {
      name: "another label all the same while the hands are at work",
      changes: { labels: ["incident", "phase:approved"] },
      facts: [...sample.approved(), ...sample.started()],
      handsAtWork: true,
      noticed: ["labels-changed: missing severity:P1"],
    },
    {
      name: "everything at once",
      changes: { labels: [], state: "closed", locked: true },
      facts: [sample.opened],
      noticed: [
        "labels-changed: missing incident, phase:opened",
        "closed-by-hand: in phase opened",
        "locked: the automation cannot comment on a locked issue",
      ],
    },
  ])("notices $name", ({ changes, facts, handsAtWork, noticed }) => {
    expect(notice(changes, facts, handsAtWork)).toEqual(noticed);
  });
});
