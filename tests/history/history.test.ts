import { describe, expect, it } from "vitest";
import type { MindFact } from "../../src/incident/facts.js";
import { countRemediations } from "../../src/history/history.js";
import { digestOf } from "../../src/plan/digest.js";
import { BOT, createFakeGitHub, type FakeGitHub } from "../fakes/world.js";
import { journalBody, keys, mindFacts, newKey } from "../incident/support.js";
import * as sample from "../render/sample.js";

const config = { ...sample.config, keys };
const NOW = sample.at("04:00:00");
const MINUTE = 60_000;

interface Past {
  readonly service?: string;
  readonly minutesAgo?: number; // of the approval
  readonly times?: number;
  readonly signer?: ReturnType<typeof newKey>;
  readonly body?: string;
}
function approvedFacts({ service = "checkout", minutesAgo = 30, times = 1 }: Past): MindFact[] {
  const at = new Date(NOW.getTime() - minutesAgo * MINUTE);
  const plans = Array.from({ length: times }, (_, index) => sample.plan({ service, sequence: index + 1 }));
  return [
    ...mindFacts(sample.diagnosedFacts()),
    ...plans.flatMap((plan): MindFact[] => [
      sample.planned(plan),
      sample.asked(plan),
      { fact: "approved", at, warrant: sample.warrantFor(digestOf(plan)) },
    ]),
  ];
}
function happened(github: FakeGitHub, past: Past, changes: { labels?: string[]; state?: "closed" } = {}): number {
  const { number } = github.openIssue(BOT.login, { title: "x", body: "newborn", labels: ["incident"] });
  const place = { repository: github.state.repositoryId, issue: number };
  const body = past.body ?? journalBody(approvedFacts(past), place, past.signer?.signing);
  github.changeIssue(number, { body, ...changes }, BOT.login);
  return number;
}
function count(github: FakeGitHub, except: string | null = null): Promise<number> {
  const context = { except, repositoryId: github.state.repositoryId, now: NOW };
  return countRemediations("checkout", config, context, github.ports.incidents);
}
const open = () => createFakeGitHub({ now: NOW });

describe("how often a service was remediated", () => {
  it.each<{ name: string; past: Past; counted: number }>([
    { name: "an approved plan within the hour", past: {}, counted: 1 },
    { name: "two approved plans of one incident", past: { times: 2 }, counted: 2 },
    { name: "exactly an hour ago", past: { minutesAgo: 60 }, counted: 1 },
    { name: "longer ago", past: { minutesAgo: 61 }, counted: 0 },
    { name: "of another service", past: { service: "payments-db" }, counted: 0 },
    { name: "signed by a stranger", past: { signer: newKey("m1") }, counted: 0 },
    { name: "claimed without a signature", past: { body: "approved approved approved" }, counted: 0 },
  ])("$name: $counted", async ({ past, counted }) => {
    const github = open();
    happened(github, past);
    expect(await count(github)).toBe(counted);
  });

  it("is counted across incidents, closed or without any label", async () => {
    const github = open();
    happened(github, {});
    happened(github, {}, { labels: [] });
    happened(github, {}, { state: "closed", labels: ["bug"] });
    expect(await count(github)).toBe(3);
  });

  it("leaves out the plan that asks, and only that one", async () => {
    const github = open();
    happened(github, {});
    const plan = approvedFacts({}).find((fact) => fact.fact === "planned");
    expect(await count(github, plan?.digest ?? null)).toBe(0);
    expect(await count(github, "0".repeat(64))).toBe(1);
  });

  it("is asked for with one request that reaches back as far as the breaker", async () => {
    const github = open();
    await count(github);
    expect(github.calls.map(({ port, method, args }) => [`${port}.${method}`, JSON.parse(args)])).toEqual([
      ["incidents.list", [{ state: "all", changedSince: "2026-06-03T03:00:00.000Z" }]],
    ]);
  });
});
