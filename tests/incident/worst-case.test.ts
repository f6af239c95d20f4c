import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  MAX_OBSERVATIONS,
  MAX_SUMMARY,
  MAX_TEMPLATE,
  MOST_WEIGHED,
  MindFact,
  type Evidence,
  type Observation,
} from "../../src/incident/facts.js";
import { MAX_BODY, MindJournal } from "../../src/mind/journal-writer.js";
import { readJournal } from "../../src/incident/journal.js";
import { digestOf } from "../../src/plan/digest.js";
import type { Issue } from "../../src/ports.js";
import * as sample from "../render/sample.js";
import { journalInput, mind, mindFacts, REPOSITORY_ID } from "./support.js";

/** Text that no compression can shorten, the same at every run. */
function noise(seed: string, length: number): string {
  let text = "";
  for (let n = 0; text.length < length; n += 1) text += createHash("sha256").update(`${seed}/${n}`).digest("base64");
  return text.slice(0, length);
}

function observation(attempt: number, index: number): Observation {
  const seed = `${attempt}/${index}`;
  return {
    id: `E${index + 1}`,
    source: "loki",
    subject: "checkout",
    at: new Date(1_780_000_000_000 + index * 977),
    summary: sample.outside(noise(seed, MAX_SUMMARY)),
    detail: {
      kind: "log",
      signal: "errors",
      template: sample.outside(noise(`template ${seed}`, MAX_TEMPLATE)),
      count: index * 7919,
      newSinceOnset: true,
      firstAt: sample.at("03:12:12"),
      lastAt: sample.at("03:15:18"),
    },
    score: index / 40,
    query: "errors",
    link: `https://grafana.example/explore?left=${seed}`,
  };
}

function evidence(attempt: number): Evidence {
  return {
    ...sample.evidence,
    attempt,
    observations: Array.from({ length: MAX_OBSERVATIONS }, (_, index) => observation(attempt, index)),
    dropped: 400,
    review: {
      verdict: "change",
      ids: Array.from({ length: 8 }, (_, index) => `E${index + 1}` as const),
      why: sample.outside(noise(`why ${attempt}`, MAX_SUMMARY)),
      weighed: Array.from({ length: MOST_WEIGHED }, (_, index) => ({
        id: `E${index + 1}` as const,
        says: sample.outside(noise(`says ${attempt} ${index}`, MAX_SUMMARY)),
      })),
    },
  };
}

function worstFacts(): MindFact[] {
  const unsure = mindFacts(sample.unsure()).filter(({ fact }) => fact === "opened" || fact === "triaged");
  const attempts = [1, 2, 3].flatMap((attempt): MindFact[] => [
    { fact: "evidence", at: sample.at("03:15:20"), evidence: evidence(attempt) },
    {
      fact: "diagnosed",
      at: sample.at("03:16:02"),
      attempt,
      diagnosis: {
        ...sample.diagnosis,
        openQuestions: [1, 2, 3].map((n) => sample.outside(noise(`question ${attempt} ${n}`, 200))),
      },
      analyst: "runbooks",
      costUsd: 0.03,
    },
    ...consultations(attempt),
  ]);
  const plans = [1, 2, 3, 4, 5].flatMap((sequence): MindFact[] => {
    const plan = sample.plan({ sequence, cause: noise(`cause ${sequence}`, 300), configSha: noise(`sha ${sequence}`, 40) });
    return [sample.planned(plan), { ...sample.asked(plan), bodySha256: digestOf(plan) } as MindFact];
  });
  return [...unsure, ...attempts, ...plans];
}

describe("the largest incident there can be", () => {
  it("is stored whole in a body of less than 60,000 characters", async () => {
    const sent: string[] = [];
    const issue: Issue = {
      ...journalInput("").issue,
      title: "",
      createdAt: sample.at("03:14:41"),
      editedAt: null,
      state: "open",
      locked: false,
      labels: [],
      url: sample.REPOSITORY_URL,
    };
    const facts = worstFacts();
    const journal = new MindJournal(
      {
        issue,
        readAt: sample.at("03:18:00"),
        repositoryId: REPOSITORY_ID,
        facts: [],
        unwritten: facts,
        revision: 0,
        head: "",
        executions: [],
      },
      mind.signing,
      sample.config,
      {
        clock: { now: () => sample.at("03:18:00"), sleep: () => Promise.resolve() },
        issues: {
          current: () => Promise.resolve(issue),
          create: () => Promise.reject(new Error("Nothing is created here.")),
          update: (_incident, change) => {
            sent.push(change.body);
            return Promise.resolve({ ...issue, body: change.body });
          },
        },
      },
    );
    await journal.flush();
    const body = sent[0] ?? "";
    expect(MindFact.array().parse(JSON.parse(JSON.stringify(facts)))).toEqual(facts);
    expect(body.length).toBeGreaterThan(20_000);
    expect(body.length).toBeLessThan(MAX_BODY);
    expect(readJournal(journalInput(body))).toMatchObject({ kind: "ok", facts });
  });
});

/** Every call of an attempt repaired, and every answer with something to say about it. */
function consultations(attempt: number): readonly MindFact[] {
  return Array.from({ length: 8 }, (_, index): MindFact => {
    const text = noise(`consulted ${attempt} ${index}`, 120);
    return {
      fact: "consulted",
      at: sample.at("03:16:00"),
      task: "diagnose",
      what: "repaired",
      text,
      usd: 0.004,
      inputTokens: 9_000,
    };
  });
}
