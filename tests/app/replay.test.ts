import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../../src/app/app.js";
import { describeReplay, wrapLines } from "../../src/app/describe-replay.js";
import { recordIncident } from "../../src/app/record.js";
import { replay } from "../../src/app/replay.js";
import { capConfidence } from "../../src/diagnosis/confidence.js";
import { createRunbookAnalyst } from "../../src/diagnosis/runbook/analyst.js";
import { createRecordedSources, readRecording, type Recording } from "../../src/evidence/sources/recordings.js";
import { gatherEvidence } from "../../src/evidence/gather.js";
import type { Diagnosis, Fact } from "../../src/incident/facts.js";
import { fold } from "../../src/incident/fold.js";
import { diagnosisInput } from "../../src/mind/diagnose.js";
import { digestOf } from "../../src/plan/digest.js";
import { shippedRunbooks } from "../diagnosis/support/shipped.js";
import { executionBody, handsFacts, journalBody, keys, mindFacts, newKey } from "../incident/support.js";
import * as sample from "../render/sample.js";

const config = { ...sample.config, keys };
const runbooks = shippedRunbooks();
const analyst = createRunbookAnalyst(runbooks);

/** What the mind does and journals: the analyst's answer to all that is known, after the evidence. */
async function diagnosedLive(facts: readonly Fact[]): Promise<readonly Fact[]> {
  const last = facts.findLast((fact) => fact.fact === "evidence");
  if (last?.fact !== "evidence") throw new Error("The sample has no evidence.");
  const input = diagnosisInput(fold(42, facts), last.evidence, sample.service);
  const diagnosis = capConfidence(await analyst.diagnose(input), last.evidence);
  const at = sample.at("03:30:00");
  return [...facts, { fact: "diagnosed", at, attempt: last.evidence.attempt, diagnosis, analyst: "runbooks", costUsd: 0 }];
}

const beforeDiagnosis = sample.diagnosedFacts().filter(({ fact }) => fact !== "diagnosed");
const second: Fact = {
  fact: "evidence",
  at: sample.at("03:29:00"),
  evidence: { ...sample.evidence, attempt: 2, logsMinutes: 60, changesMinutes: 2_880, dropped: 3 },
};

function bodyOf(facts: readonly Fact[]): string {
  return journalBody(mindFacts(facts));
}

/** As `gh issue view --json body,comments` prints it. */
function withComments(facts: readonly Fact[]): string {
  const comments = [{ body: "Looking." }, { body: executionBody(handsFacts(facts)) }];
  return JSON.stringify({
    body: bodyOf(facts),
    comments: comments.map((comment) => ({ ...comment, id: "IC_x", createdAt: "2026-06-03T03:20:00Z" })),
  });
}

/** Through the file, as a person would. */
async function written(recording: Recording): Promise<{ readonly path: string; readonly recording: Recording }> {
  const path = join(await mkdtemp(join(tmpdir(), "replay-")), "incident.json");
  await writeFile(path, JSON.stringify(recording));
  return { path, recording: await readRecording({ path }) };
}

async function recordAndReplay(text: string, attempt: number | null = null) {
  const { recording } = await written(recordIncident({ text, config, attempt }));
  return replay(recording, config, runbooks);
}

function said(facts: readonly Fact[]): Diagnosis | undefined {
  const last = facts.findLast((fact) => fact.fact === "diagnosed");
  return last?.fact === "diagnosed" ? last.diagnosis : undefined;
}

describe("a replay", () => {
  it("of a recorded incident gives the diagnosis, the severity and the evidence of the live run, exactly", async () => {
    const facts = await diagnosedLive(beforeDiagnosis);
    const replayed = await recordAndReplay(bodyOf(facts));
    expect(replayed.diagnosis).toEqual(said(facts));
    expect(replayed.recorded).toMatchObject({ analyst: "runbooks", same: true });
    expect(replayed.evidence).toEqual(sample.evidence);
    expect(replayed.triage).toMatchObject({ severity: "P1", errorRatio: 0.37 });
    expect(replayed.proposal).toMatchObject({ choices: [{ action: "github.workflow", target: "release" }] });
  });

  it("of a later attempt knows what had failed by then, where the comments were given", async () => {
    const facts = await diagnosedLive([...sample.worse(), second]);
    const replayed = await recordAndReplay(withComments(facts));
    expect(replayed).toMatchObject({ evidence: { attempt: 2, dropped: 3 }, recorded: { same: true } });
    expect(replayed.proposal?.choices[0]?.action).not.toBe("github.workflow");
    expect((await recordAndReplay(bodyOf(facts))).proposal?.choices[0]?.action).toBe("github.workflow");
  });

  it("can be of an earlier attempt, which knows nothing of what came later", async () => {
    const facts = await diagnosedLive([...(await diagnosedLive(beforeDiagnosis)), second]);
    expect(await recordAndReplay(bodyOf(facts), 1)).toMatchObject({
      evidence: { attempt: 1, dropped: 0 },
      recorded: { same: true },
    });
  });

  it("says so when the runbooks of today say something else", async () => {
    const facts = await diagnosedLive(beforeDiagnosis);
    const { recording } = await written(recordIncident({ text: bodyOf(facts), config, attempt: null }));
    const replayed = await replay(recording, config, []);
    expect(replayed).toMatchObject({ diagnosis: { kind: "unknown" }, recorded: { same: false }, proposal: null });
    expect(describeReplay(replayed)).toMatch(/Cause: not known.*\nProposal: none\.\nThe recorded run said something else/);
  });

  it("of a run that ended before its diagnosis has nothing to compare with", async () => {
    const replayed = await recordAndReplay(bodyOf(beforeDiagnosis));
    expect(replayed.recorded).toBeNull();
    expect(describeReplay(replayed)).toContain("The recorded run ended before its diagnosis.");
    expect(describeReplay(replayed)).toMatch(/onset \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\.\n {2}E1 \d\d:\d\d:\d\d /);
  });

  it("is shown on lines of its own, however the evidence is worded", async () => {
    const shown = describeReplay(await recordAndReplay(bodyOf(await diagnosedLive(beforeDiagnosis))));
    expect(shown).toContain("Severity P1: 37 % of requests fail");
    expect(shown).toMatch(/^Changes: E3: lowers size 50 → 4\.\n {2}E3 for: lowers size 50 → 4; went out with checkout/m);
    expect(shown).toMatch(
      /^ {2}E2 03:12:12 loki, checkout: new since the onset, 2,871× from 03:12:06 UTC: timeout: no free connection/m,
    );
    expect(shown).toMatch(/^ {2}\d+ % connection-pool-exhausted: checkout has more work/m);
    expect(shown).toContain("tempo (unavailable: no answer within 10 s)");
    expect(shown).toContain("The recorded run said the same (runbooks).");
    expect(shown).not.toContain("@everyone");
  });

  it.each([
    { name: "a recording without a question", change: { asked: undefined }, says: /not what was asked.*gatehouse record/ },
    { name: "a service that the config does not have", change: {}, services: new Map(), says: /has no service checkout/ },
  ])("refuses $name", async ({ change, services = config.services, says }) => {
    const recording = recordIncident({ text: bodyOf(beforeDiagnosis), config, attempt: null });
    const { asked, ...rest } = recording;
    const changed = "asked" in change ? rest : { ...rest, ...(asked && { asked }) };
    await expect(replay(changed, { ...config, services }, runbooks)).rejects.toThrow(says);
  });
});

describe("a recording of an incident", () => {
  it("is told again by recorded sources too", async () => {
    const { path } = await written(recordIncident({ text: bodyOf(beforeDiagnosis), config, attempt: null }));
    const windows = { logsMs: 1_800_000, changesMs: 86_400_000 };
    const request = {
      service: sample.service,
      alerts: [sample.alert] as const,
      onset: sample.evidence.onset,
      now: sample.at("03:15:00"),
      attempt: 1,
      windows,
    };
    const { observations } = await gatherEvidence(request, await createRecordedSources({ path }), {
      sleep: () => Promise.resolve(),
    });
    const summaries = sample.evidence.observations.map(({ summary }) => summary.outside);
    expect(observations.map(({ summary }) => summary.outside).toSorted()).toEqual(summaries.toSorted());
  });

  const body = bodyOf(beforeDiagnosis);
  it.each([
    { name: "text without a journal", text: "Help!", says: /There is no journal in it/ },
    { name: "a journal of other keys", text: body, other: true, says: /is not valid: .*signature does not fit/ },
    { name: "JSON without a body", text: '{"title": "x"}', says: /gh issue view <number> --json body,comments/ },
    { name: "broken JSON", text: "{", says: /The issue is not JSON/ },
    { name: "an attempt that was not made", text: body, attempt: 4, says: /no evidence of attempt 4/ },
    {
      name: "an incident without evidence",
      text: bodyOf([sample.opened]),
      says: /holds no evidence: there is nothing to record/,
    },
    {
      name: "comments without the execution that the journal has seen",
      text: JSON.stringify({ body: bodyOf([...beforeDiagnosis, seenExecution()]), comments: [] }),
      says: /was deleted or set back/,
    },
  ])("is not made of $name", ({ text, other = false, attempt = null, says }) => {
    const others = other ? { ...config, keys: { ...keys, mind: [newKey("m1").public] } } : config;
    const record = () => recordIncident({ text, config: others, attempt });
    expect(record).toThrow(says);
    expect(record).toThrow(ConfigurationError);
  });
});

function seenExecution(): Fact {
  return {
    fact: "execution-seen",
    at: sample.at("03:22:00"),
    digest: digestOf(sample.plan()),
    comment: 7,
    head: "h",
    revision: 1,
  };
}

describe("lines of a terminal", () => {
  it("are cut between words, what follows stands below its text, and nothing is lost", () => {
    const text = `Cause:\n  91 % pool: ${"the pool is empty ".repeat(12).trim()}`;
    const lines = wrapLines(text, 60).split("\n");
    expect(lines.every((line) => line.length <= 60)).toBe(true);
    expect(lines.slice(2).every((line) => /^ {4}\S/.test(line))).toBe(true);
    expect(lines.join(" ").replaceAll(/\s+/g, " ")).toBe(text.replaceAll(/\s+/g, " "));
  });

  it("that are one long word stay whole", () => {
    expect(wrapLines("x".repeat(200), 80)).toBe("x".repeat(200));
  });
});

describe("a replay that words the same cause otherwise", () => {
  it("says so, and shows what was said only where it was something else", async () => {
    const recording = recordIncident({ text: bodyOf(await diagnosedLive(beforeDiagnosis)), config, attempt: null });
    const replayed = await replay(recording, config, runbooks);
    const { diagnosis } = replayed;
    if (diagnosis.kind !== "cause") throw new Error("the sample has changed");
    const [first, ...others] = diagnosis.hypotheses;
    if (first === undefined) throw new Error("the sample has changed");
    const shown = (hypotheses: typeof diagnosis.hypotheses): string =>
      describeReplay({ ...replayed, recorded: { analyst: "runbooks", same: false, diagnosis: { ...diagnosis, hypotheses } } });
    expect(shown([{ ...first, cause: sample.outside("the same, said otherwise") }, ...others])).toMatch(
      /The recorded run named the same cause, just as sure, in other words \(runbooks\)\.$/,
    );
    expect(shown([{ ...first, runbook: "bad-flag" }, ...others])).toContain("The recorded run said something else");
  });
});
