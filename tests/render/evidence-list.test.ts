import { describe, expect, it } from "vitest";
import type { Fact, Observation } from "../../src/incident/facts.js";
import { evidencePart, hypothesesPart } from "../../src/render/issue-details.js";
import * as sample from "./sample.js";

const [metric] = sample.observations;

function steady(id: Observation["id"], signal: string, value: string): Observation {
  if (metric?.detail.kind !== "metric") throw new Error("the sample has changed");
  const detail = { ...metric.detail, signal, direction: "steady" as const, onsetAt: null };
  return { ...metric, id, summary: sample.outside(`${signal} is steady at ${value}`), detail, query: signal, link: null };
}

function state(id: Observation["id"], subject: string, query: string, message: string): Observation {
  const summary = sample.outside(`${query.replace(":", " ")}: ${message}`);
  return {
    id,
    source: "kubernetes",
    subject,
    at: sample.at("03:14:00"),
    summary,
    detail: { kind: "state" },
    score: 0.9,
    query,
    link: null,
  };
}

function linesOf(...observations: readonly Observation[]): readonly string[] {
  const evidence = { ...sample.evidence, observations: [...observations], review: { ...sample.evidence.review, weighed: [] } };
  const facts: Fact[] = [sample.opened, { fact: "evidence", at: sample.at("03:15:20"), evidence }];
  return (evidencePart(sample.incident(facts)) ?? "").split("\n").filter((line) => line.startsWith("- "));
}

describe("the list of evidence", () => {
  it("says what did nothing on one line, at the end", () => {
    const lines = linesOf(
      steady("E1", "heap", "57.6 MiB"),
      state("E2", "app/web", "container:OutOfMemory", "server was killed"),
      steady("E3", "cpu", "0.201 cores"),
    );
    expect(lines).toEqual([
      "- **E2** state · app/web: container OutOfMemory: server was killed · kubernetes",
      "- steady · **E1** heap 57.6 MiB · **E3** cpu 0.201 cores",
    ]);
  });

  it("names an object once", () => {
    expect(
      linesOf(
        state("E1", "app/web", "app:Slow", "its latency rose"),
        state("E2", "service/db", "dependency:Busy", "cpu rose"),
        state("E3", "namespace/shop", "cluster:Healthy", "all pods run"),
      ).map((line) => line.replace(/ · kubernetes$/, "")),
    ).toEqual([
      "- **E1** state · app/web Slow: its latency rose",
      "- **E2** state · service/db Busy: cpu rose",
      "- **E3** state · namespace/shop Healthy: all pods run",
    ]);
  });
});

describe("what else it could be", () => {
  it("leaves out what is as good as ruled out", () => {
    const { diagnosis } = sample;
    if (diagnosis.kind !== "cause") throw new Error("the sample has changed");
    const [first] = diagnosis.hypotheses;
    if (first === undefined) throw new Error("the sample has changed");
    const rival = (likelihood: number) => ({ ...first, cause: sample.outside(`rival of ${likelihood}`), likelihood });
    const told = hypothesesPart(
      sample.incident([
        ...sample.diagnosedFacts().slice(0, -1),
        {
          fact: "diagnosed",
          at: sample.at("03:16:02"),
          attempt: 1,
          diagnosis: { ...diagnosis, hypotheses: [first, rival(0.2), rival(0.004)] },
          analyst: "runbooks",
          costUsd: 0,
        },
      ]),
    );
    expect(told).toContain("rival of 0.2");
    expect(told).not.toContain("rival of 0.004");
  });
});
