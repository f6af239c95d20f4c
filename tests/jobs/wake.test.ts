import { describe, expect, it } from "vitest";
import type { Fact, MindFact } from "../../src/incident/facts.js";
import { encodeIntakeBlock } from "../../src/intake/intake.js";
import { ALARM_LABEL } from "../../src/jobs/alarm.js";
import { isDue, sweep, wake } from "../../src/jobs/wake.js";
import type { Issue } from "../../src/ports.js";
import { BOT, createFakeGitHub } from "../fakes/world.js";
import { journalBody, keys, mindFacts, newKey, REPOSITORY_ID } from "../incident/support.js";
import { serviceWith } from "../plan/support.js";
import * as sample from "../render/sample.js";

const config = { ...sample.config, keys, services: new Map([["checkout", serviceWith()]]) };
const now = sample.at("03:20:00");
const at = now;

function issue(body: string, changes: Partial<Issue> = {}): Issue {
  return {
    number: 42,
    title: "",
    body,
    author: BOT,
    createdAt: now,
    editedAt: null,
    state: "open",
    locked: false,
    labels: ["incident"],
    url: "",
    ...changes,
  };
}
const withJournal = (facts: readonly Fact[], changes: Partial<Issue> = {}): Issue =>
  issue(journalBody(mindFacts(facts), {}), { editedAt: now, ...changes });
const hold: MindFact = {
  fact: "command",
  at,
  comment: 3001,
  by: "tess",
  verb: "hold",
  outcome: "done",
  reason: null,
  text: null,
  severity: null,
};
const pages = (...keysSent: readonly string[]): MindFact[] =>
  keysSent.map((key) => ({ fact: "paged", at, key, reason: "x", reached: ["github"], failed: [] }));
const newborn = encodeIntakeBlock({ key: "k1", alerts: [sample.alert], reportedBy: null });
const stranger = newKey("m1").signing;

describe("isDue", () => {
  it.each<{ name: string; issue: Issue; due: boolean }>([
    { name: "a newborn that nobody has taken in", issue: issue(newborn), due: true },
    { name: "a newborn that somebody edited", issue: issue(newborn, { editedAt: now }), due: true },
    { name: "a newborn that was closed", issue: issue(newborn, { state: "closed" }), due: false },
    { name: "a body that cannot be read", issue: issue("Nothing."), due: true },
    { name: "a body signed by a stranger", issue: issue(journalBody(mindFacts(sample.waiting()), {}, stranger)), due: true },
    { name: "a body that cannot be read, closed", issue: issue("Nothing.", { state: "closed" }), due: false },
    { name: "another workflow's issue", issue: issue("Broken links.", { labels: ["report"] }), due: false },
    { name: "a body without its journal, but with the label", issue: issue("All fine.", { labels: ["incident"] }), due: true },
    {
      name: "a damaged journal whose label was taken off",
      issue: issue("<!-- gatehouse:journal {} -->", { labels: [] }),
      due: true,
    },
    { name: "the issue of an alarm", issue: issue("The automation broke.", { labels: [ALARM_LABEL] }), due: false },
    {
      name: "an incident that somebody has labelled as an alarm",
      issue: withJournal(sample.waiting(), { labels: ["incident", ALARM_LABEL] }),
      due: true,
    },
    { name: "a newborn that somebody has labelled as an alarm", issue: issue(newborn, { labels: [ALARM_LABEL] }), due: true },
    { name: "something to do", issue: withJournal([sample.opened]), due: true },
    { name: "a plan that waits: an answer may have been lost", issue: withJournal(sample.waiting()), due: true },
    {
      name: "people at work: a command may have been lost",
      issue: withJournal([...sample.worse(), ...pages("escalated:1")]),
      due: true,
    },
    { name: "an approval without a run", issue: withJournal([...sample.approved(), ...pages("opened")]), due: true },
    { name: "a hold", issue: withJournal([...sample.approved(), hold]), due: true },
    { name: "a post-mortem to be filed", issue: withJournal(sample.filed().slice(0, -1)), due: true },
    { name: "a closed one", issue: withJournal(sample.filed(), { state: "closed" }), due: false },
    { name: "a closed one that somebody reopened", issue: withJournal(sample.filed()), due: true },
    { name: "a running one that somebody closed", issue: withJournal(sample.waiting(), { state: "closed" }), due: true },
  ])("$name: $due", ({ issue: each, due }) => {
    expect(isDue(each, REPOSITORY_ID, config, now)).toBe(due);
  });

  it("does not believe a journal of another repository", () => {
    expect(isDue(withJournal(sample.filed(), { state: "closed" }), REPOSITORY_ID + 1, config, now)).toBe(false);
    expect(isDue(withJournal(sample.filed()), REPOSITORY_ID + 1, config, now)).toBe(true);
  });
});

describe("sweep", () => {
  it("wakes each incident with something due, by one dispatch each, and no other", async () => {
    const github = createFakeGitHub();
    const place = (number: number) => ({ repository: github.state.repositoryId, issue: number });
    const open = (body: string, labels: readonly string[] = ["incident"]) =>
      github.openIssue(BOT.login, { title: "x", body, labels }).number;
    const due = open("newborn");
    github.changeIssue(due, { body: journalBody(mindFacts(sample.waiting()), place(due)) }, BOT.login);
    const closed = open("newborn");
    github.changeIssue(closed, { body: journalBody(mindFacts(sample.filed()), place(closed)), state: "closed" }, BOT.login);
    open("The automation broke.", [ALARM_LABEL]);
    github.openIssue("alice", { title: "mine", body: "Hello", labels: ["incident"] });
    const fresh = open(newborn);
    expect(await sweep("acme/shop", config, github.ports)).toEqual([fresh, due]);
    expect(github.state.runs.map(({ workflow, inputs }) => [workflow, inputs])).toEqual([
      ["incident.yml", { incident: String(fresh) }],
      ["incident.yml", { incident: String(due) }],
    ]);
  });

  it("finds an open one also behind more closed ones than the list of all shows", async () => {
    const github = createFakeGitHub();
    const due = github.openIssue(BOT.login, { title: "x", body: newborn, labels: ["incident"] }).number;
    const { incidents } = github.ports;
    const list: typeof incidents.list = async (filter) =>
      (await incidents.list(filter)).filter(({ number }) => filter.state === "open" || number !== due);
    expect(await sweep("acme/shop", config, { ...github.ports, incidents: { list } })).toEqual([due]);
  });

  it("does nothing where nothing is due", async () => {
    const github = createFakeGitHub();
    expect(await sweep("acme/shop", config, github.ports)).toEqual([]);
    expect(github.calls.map(({ port, method, args }) => [`${port}.${method}`, ...(JSON.parse(args) as unknown[])])).toEqual([
      ["desk.look", null],
      ["incidents.list", { state: "open", changedSince: null }],
      ["incidents.list", { state: "all", changedSince: null }],
    ]);
  });
});

it("wake starts the mind on the default branch for this incident, and nothing else", async () => {
  const github = createFakeGitHub();
  await wake(42, "acme/shop", "main", github.ports);
  expect(github.calls.map(({ port, args }) => [port, JSON.parse(args)])).toEqual([
    ["dispatcher", [{ repository: "acme/shop", workflow: "incident.yml", ref: "main", inputs: { incident: "42" } }]],
  ]);
});
