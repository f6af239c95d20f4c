import { describe, expect, it } from "vitest";
import type { MindFact } from "../../src/incident/facts.js";
import { readJournal } from "../../src/incident/journal.js";
import { JournalMovedError, JournalNotStoredError, MAX_BODY, MindJournal } from "../../src/mind/journal-writer.js";
import type { IssueWriter } from "../../src/ports.js";
import { keys, mind, mindFacts } from "../incident/support.js";
import * as sample from "../render/sample.js";
import { config, openStage, type Stage } from "./support.js";

const noticed: MindFact = { fact: "noticed", at: sample.at("03:17:00"), what: "labels-changed", detail: "missing incident" };
const waiting = mindFacts(sample.waiting());

function journalOf(stage: Stage, changes: Partial<IssueWriter> = {}): MindJournal {
  const { facts, revision, head, executions } = stage.journal();
  const start = {
    issue: stage.github.issue(),
    readAt: stage.github.now(),
    repositoryId: stage.github.state.repositoryId,
    facts,
    unwritten: [],
    revision,
    head,
    executions,
  };
  const issues = { ...bind(stage), ...changes };
  return new MindJournal(start, mind.signing, config, { issues, clock: stage.github.ports.clock });
}
function bind({ github: { ports } }: Stage): IssueWriter {
  return {
    create: (change) => ports.issues.create(change),
    update: (incident, change) => ports.issues.update(incident, change),
    current: (incident) => ports.issues.current(incident),
  };
}

describe("the mind's journal", () => {
  it("writes view, labels, state and facts in one request, one revision further, with the head before it", async () => {
    const stage = openStage(waiting);
    const before = stage.journal();
    const journal = journalOf(stage);
    journal.note(noticed);
    await journal.flush();
    expect(stage.github.transcript().filter((call) => call.startsWith("issues."))).toEqual(["issues.update"]);
    expect(stage.journal()).toMatchObject({ revision: before.revision + 1, facts: [...waiting, noticed] });
    const issue = stage.github.issue();
    expect(issue.labels).toEqual(["incident", "severity:P1", "phase:awaiting-approval"]);
    expect(issue.title).toContain("P1 checkout");
    expect(issue.body).toContain("Revision 4");
    expect(headerOf(issue.body)).toMatchObject({ previous: before.head, revision: 4 });
  });

  it("writes nothing when nothing was noted", async () => {
    const stage = openStage(waiting);
    await journalOf(stage).flush();
    expect(stage.github.transcript()).toEqual([]);
  });

  it("writes each fact once, however often it is asked to", async () => {
    const stage = openStage(waiting);
    const journal = journalOf(stage);
    journal.note(noticed);
    await journal.flush();
    await journal.flush();
    expect(stage.github.transcript()).toEqual(["issues.update"]);
    expect(journal.revision).toBe(4);
  });

  it("shows the incident with what was noted before it is written", () => {
    const journal = journalOf(openStage(waiting));
    journal.note({ fact: "escalated", at: sample.at("03:18:00"), reason: "rejected", detail: sample.outside("") });
    expect(journal.incident.phase.at).toBe("escalated");
  });

  it("keeps labels that people have added and takes back those that are ours", async () => {
    const stage = openStage(waiting);
    stage.github.changeIssue(stage.incident, { labels: ["bug", "phase:closed"] }, "mallory");
    const journal = journalOf(stage);
    journal.note(noticed);
    await journal.flush();
    expect(stage.github.issue().labels).toEqual(["incident", "severity:P1", "phase:awaiting-approval", "bug"]);
  });

  it("closes the issue with the post-mortem, and reopens what was closed before", async () => {
    const filed = mindFacts(sample.filed());
    const stage = openStage(filed.slice(0, -1));
    stage.github.changeIssue(stage.incident, { state: "closed" }, "mallory");
    const journal = journalOf(stage);
    journal.note(noticed);
    await journal.flush();
    expect(stage.github.issue().state).toBe("open");
    journal.note(...filed.slice(-1));
    await journal.flush();
    expect(stage.github.issue().state).toBe("closed");
  });
});

describe("a body that somebody else wrote meanwhile", () => {
  it("is not overwritten: everything has to be read again", async () => {
    const stage = openStage(waiting);
    const journal = journalOf(stage);
    journal.note(noticed);
    stage.github.changeIssue(stage.incident, { body: `${stage.github.issue().body}\nedited` }, "mallory");
    stage.github.advance(60_000);
    await expect(journal.flush()).rejects.toThrow(JournalMovedError);
    expect(stage.github.issue().body).toContain("edited");
  });

  it("is looked for before a later write too", async () => {
    const stage = openStage(waiting);
    const journal = journalOf(stage);
    journal.note(noticed);
    await journal.flush();
    stage.github.advance(60_000);
    stage.github.changeIssue(stage.incident, { body: "all fine" }, "mallory");
    journal.note(noticed);
    await expect(journal.flush()).rejects.toThrow("was written by someone else meanwhile");
  });

  it("is not looked for within seconds of the last answer", async () => {
    const stage = openStage(waiting);
    const journal = journalOf(stage);
    stage.github.advance(9_000);
    journal.note(noticed);
    await journal.flush();
    expect(stage.github.transcript()).toEqual(["issues.update"]);
  });

  it("is no other body when only a label was moved", async () => {
    const stage = openStage(waiting);
    const journal = journalOf(stage);
    stage.github.changeIssue(stage.incident, { labels: ["bug"] }, "tess");
    stage.github.advance(60_000);
    journal.note(noticed);
    await journal.flush();
    expect(journal.revision).toBe(4);
  });
});

describe("an answer that differs from what was sent", () => {
  it("is an error, and the revision does not count", async () => {
    const stage = openStage(waiting);
    const old = stage.github.issue();
    const journal = journalOf(stage, { update: () => Promise.resolve(old) });
    journal.note(noticed);
    await expect(journal.flush()).rejects.toThrow(JournalNotStoredError);
    await expect(journal.flush()).rejects.toThrow("did not keep revision 4 of incident #1");
    expect(journal.revision).toBe(3);
  });
});

describe("a view that is too long", () => {
  it("is cut; the journal is whole", async () => {
    const noise = Array.from({ length: 40 }, (_, n) => `${n} ${Math.sin(n).toString(36).repeat(14)}`.slice(0, 200));
    const evidence = {
      ...sample.evidence,
      observations: noise.map((text, n) => ({ ...sample.observations[1], id: `E${n + 1}`, summary: sample.outside(text) })),
    } as typeof sample.evidence;
    const attempts = Array.from({ length: 40 }, (_, attempt): MindFact[] => [
      { fact: "evidence", at: sample.at("03:15:20"), evidence: { ...evidence, attempt: attempt + 1 } },
      {
        fact: "diagnosed",
        at: sample.at("03:16:02"),
        attempt: attempt + 1,
        diagnosis: sample.diagnosis,
        analyst: "runbooks",
        costUsd: 0,
      },
    ]).flat();
    const facts = [...mindFacts(sample.diagnosedFacts()), ...attempts];
    const stage = openStage(facts);
    const sent: string[] = [];
    const journal = journalOf(stage, {
      update: (incident, change) => {
        sent.push(change.body);
        return bind(stage).update(incident, { ...change, body: change.body });
      },
    });
    journal.note(noticed);
    await journal.flush();
    const body = sent[0] ?? "";
    expect(body.length).toBeLessThanOrEqual(MAX_BODY);
    const { github } = stage;
    expect(readJournal({ issue: github.issue(), comments: [], repositoryId: github.state.repositoryId, keys })).toMatchObject({
      kind: "ok",
      facts: [...facts, noticed],
    });
  });
});

function headerOf(body: string): unknown {
  const [, head = ""] = /<!-- gatehouse:journal v1 (\S+) /.exec(body) ?? [];
  return JSON.parse(Buffer.from(head, "base64").toString("utf8"));
}
