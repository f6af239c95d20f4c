import { describe, expect, it } from "vitest";
import type { HandsFact, MindFact } from "../../src/incident/facts.js";
import { readJournal, type JournalInput } from "../../src/incident/journal.js";
import { encodeIntakeBlock } from "../../src/intake/intake.js";
import { digestOf } from "../../src/plan/digest.js";
import { marker } from "../../src/render/marker.js";
import * as sample from "../render/sample.js";
import {
  comment,
  executionBody,
  hands,
  handsFacts,
  ISSUE,
  journalBody,
  journalInput,
  keys,
  mind,
  mindFacts,
  newKey,
  person,
} from "./support.js";

const digest = digestOf(sample.plan());
const approved = mindFacts(sample.approved());
const done = handsFacts(sample.recovered());
const execution = comment(2004, executionBody(done));
const seen: MindFact = { fact: "execution-seen", at: sample.at("03:22:00"), digest, comment: 2004, head: "h", revision: 1 };

const read = (body: string, changes: Partial<JournalInput> = {}) => readJournal(journalInput(body, changes));

describe("a newborn issue", () => {
  const intake = { key: "k1", alerts: [sample.alert], reportedBy: null } as const;
  const issue = { number: ISSUE, body: encodeIntakeBlock(intake), author: { login: "github-actions[bot]", isBot: true } };

  it("is believed while nobody has edited it", () => {
    expect(readJournal({ ...journalInput(""), issue: { ...issue, editedAt: null } })).toEqual({ kind: "intake", intake });
  });

  it.each([
    {
      name: "was edited before it was taken in",
      issue: { ...issue, editedAt: sample.at("03:15:00") },
      says: "The unsigned intake of #42 was edited at 2026-06-03T03:15:00.000Z",
    },
    {
      name: "holds nothing of ours",
      issue: { ...issue, body: "Help!", editedAt: null },
      says: "holds neither a journal nor an intake block",
    },
  ])("is broken when it $name", ({ issue: other, says }) => {
    const reading = readJournal({ ...journalInput(""), issue: other });
    expect(reading).toMatchObject({ kind: "broken", reason: "journal-broken", why: expect.stringContaining(says) });
  });

  it("of a person is no journal, whatever it holds: anyone can copy a body", () => {
    const forged = { ...issue, author: person("mallory"), editedAt: null };
    for (const body of [issue.body, journalBody(approved), "Help!"])
      expect(readJournal({ ...journalInput(""), issue: { ...forged, body } })).toMatchObject({
        kind: "broken",
        reason: "journal-broken",
        why: expect.stringContaining("#42 was opened by mallory, not by the automation"),
      });
  });

  it("is broken, not newborn, once the journal was cut out of an edited body", () => {
    const body = journalBody(approved).replace(/<!--[\s\S]*-->/, encodeIntakeBlock(intake));
    expect(read(body)).toMatchObject({ kind: "broken", reason: "journal-broken" });
  });
});

describe("a signed journal", () => {
  it("gives the incident, its revision and the head that the next revision names", () => {
    const reading = read(journalBody(approved));
    expect(reading).toMatchObject({ kind: "ok", revision: 3, facts: approved, executions: [] });
    expect(reading).toMatchObject({ incident: { phase: { at: "approved" } }, head: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it.each([
    {
      name: "signed for another repository",
      body: journalBody(approved, { repository: 77 }),
      says: "was signed for another repository (id 77)",
    },
    { name: "signed for another issue", body: journalBody(approved, { issue: 41 }), says: "was signed for issue #41" },
    { name: "signed by the hands", body: journalBody(approved, {}, hands.signing), says: 'the key "h1"' },
    {
      name: "signed by the hands under the mind's key id",
      body: journalBody(approved, {}, { id: "m1", key: hands.signing.key }),
      says: "its signature does not fit",
    },
    { name: "signed by a stranger", body: journalBody(approved, {}, newKey("m1").signing), says: "its signature does not fit" },
    { name: "there twice", body: `${journalBody(approved)}\n${journalBody(approved)}`, says: "there are 2 journal blocks" },
    { name: "of no facts", body: journalBody([]), says: "not in this version's form" },
    { name: "without its opening", body: journalBody(approved.slice(1)), says: "not in this version's form" },
    {
      name: "with a fact this version does not know",
      body: journalBody([...approved, { fact: "moved", at: sample.at("03:20:00") }]),
      says: "not in this version's form",
    },
    {
      name: "with a key this version does not know",
      body: journalBody([{ ...sample.opened, extra: 1 }]),
      says: "not in this version's form",
    },
    {
      name: "with facts that only the hands may write",
      body: journalBody([...approved, ...sample.started()]),
      says: "not in this version's form",
    },
  ])("is broken when it is $name", ({ body, says }) => {
    expect(read(body)).toMatchObject({ kind: "broken", reason: "journal-broken", why: expect.stringContaining(says) });
  });

  it("is read with either of two keys while they rotate", () => {
    const newer = newKey("m2");
    const rotating = { ...keys, mind: [mind.public, newer.public] };
    const kinds = [journalBody(approved), journalBody(approved, {}, newer.signing)].map(
      (body) => read(body, { keys: rotating }).kind,
    );
    expect(kinds).toEqual(["ok", "ok"]);
  });
});

describe("an older body that was put back", () => {
  const told = (revision: number) => comment(2010, `Told.\n\n${marker("outcome:1", revision)}`);

  it("is given away by a comment that knows a later revision", () => {
    expect(read(journalBody(approved), { comments: [told(4)] })).toMatchObject({
      kind: "broken",
      reason: "journal-rolled-back",
      why: expect.stringContaining("holds revision 3, but a comment was written at revision 4"),
    });
  });

  it.each([
    { name: "of this very revision", comments: [told(3)] },
    { name: "of a person", comments: [{ ...told(9), author: person("mallory") }] },
    { name: "of another bot", comments: [{ ...told(9), author: { login: "other[bot]", isBot: true } }] },
    { name: "that was edited", comments: [{ ...told(9), editedAt: sample.at("03:30:00") }] },
    { name: "whose marker is not the last line", comments: [{ ...told(9), body: `${marker("x", 9)}\nmore` }] },
  ])("is not suspected because of a comment $name", ({ comments }) => {
    expect(read(journalBody(approved), { comments }).kind).toBe("ok");
  });
});

describe("execution comments", () => {
  it("become part of the incident, right after the approval", () => {
    const reading = read(journalBody(approved), { comments: [execution] });
    expect(reading).toMatchObject({
      kind: "ok",
      incident: { phase: { at: "remediating", execution: { outcome: "recovered" } } },
    });
    expect(reading).toMatchObject({ executions: [{ digest, comment: 2004, revision: 1 }] });
  });

  const forged = (body: string) => comment(2005, body);
  it.each([
    { name: "signed by the mind", extra: forged(executionBody(done, {}, mind.signing)) },
    { name: "signed by the mind under the hands' key id", extra: forged(executionBody(done, {}, { ...mind.signing, id: "h1" })) },
    { name: "signed for another issue", extra: forged(executionBody(done, { issue: 7 })) },
    { name: "signed for another repository", extra: forged(executionBody(done, { repository: 7 })) },
    { name: "that names no plan", extra: forged(executionBody(done, { plan: null })) },
    { name: "of a plan that nobody approved", extra: forged(executionBody(done, { plan: "c".repeat(64) })) },
    {
      name: "with facts of the mind in it",
      extra: forged(executionBody([sample.opened as unknown as HandsFact], { plan: digest })),
    },
  ])("change nothing when one is $name", ({ extra }) => {
    expect(read(journalBody(approved), { comments: [extra] })).toMatchObject({
      kind: "ok",
      incident: { phase: { at: "approved" }, executions: [] },
    });
  });

  it("count by revision when an older copy is posted again", () => {
    const older = comment(2006, executionBody(done.slice(0, 1)));
    const newer = comment(2004, executionBody(done, { revision: 5 }));
    for (const comments of [
      [older, newer],
      [newer, older],
    ])
      expect(read(journalBody(approved), { comments })).toMatchObject({ executions: [{ comment: 2004, revision: 5 }] });
  });

  it("count whoever posted them, because only the signature proves anything", () => {
    const moved = { ...execution, author: person("mallory"), editedAt: sample.at("03:40:00") };
    expect(read(journalBody(approved), { comments: [moved] })).toMatchObject({ incident: { phase: { at: "remediating" } } });
  });

  it.each([
    { name: "was deleted", comments: [comment(2002, "the plan")] },
    { name: "was set back to an older revision", comments: [comment(2004, executionBody(done.slice(0, 1), { revision: 1 }))] },
    { name: "was damaged", comments: [comment(2004, executionBody(done, { revision: 2 }).replace("v1 ey", "v1 eY"))] },
  ])("are missed when one that the mind has seen $name", ({ comments }) => {
    const journal = journalBody([...approved, { ...seen, revision: 2 }]);
    expect(read(journal, { comments })).toMatchObject({
      kind: "broken",
      reason: "execution-missing",
      why: expect.stringContaining(`plan ${digest.slice(0, 8)} (comment 2004) was deleted or set back`),
    });
  });

  it("are left out, not missed, by a reader that looks at the body alone", () => {
    expect(read(journalBody([...approved, seen]), { comments: null })).toMatchObject({ kind: "ok", executions: [] });
  });

  it("are missed when every comment was deleted", () => {
    expect(read(journalBody([...approved, seen]), { comments: [] })).toMatchObject({
      kind: "broken",
      reason: "execution-missing",
    });
  });
});
