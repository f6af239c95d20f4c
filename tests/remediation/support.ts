/** An incident in a fake GitHub whose plan is approved: the journal is signed, the plan comment posted, the approval typed. */
import type { Config } from "../../src/config/config.js";
import { writeBlock } from "../../src/incident/codec.js";
import type { MindFact } from "../../src/incident/facts.js";
import { digestOf } from "../../src/plan/digest.js";
import { sha256 } from "../../src/plan/canonical.js";
import type { Plan, PlanStep } from "../../src/plan/plan.js";
import type { CheckPorts, HandsPorts } from "../../src/ports.js";
import type { CheckRequest } from "../../src/remediation/check.js";
import type { RemediateRequest } from "../../src/remediation/remediate.js";
import { catalogue } from "../../src/actions/catalogue.js";
import { marker } from "../../src/render/marker.js";
import type { Digest } from "../../src/words.js";
import {
  BOT,
  createFakeGitHub,
  createFakeSignals,
  type FakeGitHub,
  type FakeGitHubOptions,
  type FakeSignals,
} from "../fakes/world.js";
import { hands, keys, mind } from "../incident/support.js";
import { release, serviceWith } from "../plan/support.js";
import * as sample from "../render/sample.js";

export const RUN = 9001;
const MINUTE = 60_000;

export const config: Config = { ...sample.config, keys, services: new Map([["checkout", serviceWith()]]) };
export const step: PlanStep = { ...sample.rollback, address: release.address as PlanStep["address"] };

export interface Approved {
  readonly github: FakeGitHub;
  readonly config: Config;
  readonly incident: number;
  readonly plan: Plan;
  readonly digest: Digest;
  readonly planComment: number;
  readonly approval: number; // comment of alice
  readonly signals: FakeSignals;
  /** Signs these facts of the mind into the body, as the next revision. */
  write(facts: readonly MindFact[]): void;
  facts(): readonly MindFact[];
  /** The tag that `check` leaves for a run. */
  reserve(k?: number, run?: number): void;
  checkRequest(changes?: Partial<CheckRequest>): CheckRequest;
  checkPorts(): CheckPorts;
  handsRequest(changes?: Partial<RemediateRequest>): RemediateRequest;
  handsPorts(changes?: Partial<HandsPorts>): HandsPorts;
}
export interface ApprovedOptions {
  readonly plan?: Partial<Plan>;
  readonly config?: Config;
  readonly github?: FakeGitHubOptions;
  readonly approvedBy?: string;
}

export function openApproved(options: ApprovedOptions = {}): Approved {
  const used = options.config ?? config;
  const github = createFakeGitHub({
    roles: { alice: "maintain", amy: "admin", will: "write", tess: "triage", rita: "read" },
    ...options.github,
  });
  github.deploy("v141");
  github.advance(MINUTE);
  github.deploy("v142");
  github.advance(5 * MINUTE);
  const { number: incident } = github.openIssue(BOT.login, { title: "checkout", body: "newborn", labels: ["incident"] });
  const now = github.now();
  const plan = sample.plan({
    repositoryId: github.state.repositoryId,
    incident,
    configSha: used.sha,
    steps: [step],
    verify: {
      criteria: [{ kind: "signal", service: "checkout", signal: "error-ratio", holds: "below", bound: 0.05, unit: "ratio" }],
      soakMs: MINUTE,
      stepMs: 15_000,
    },
    createdAt: now,
    expiresAt: new Date(now.getTime() + 15 * MINUTE),
    ...options.plan,
  });
  const digest = digestOf(plan);
  const asked = github.say(BOT.login, `### The plan\n\n${marker(`plan:${digest}`, 1)}`, incident);
  github.advance(MINUTE);
  const approval = github.say(options.approvedBy ?? "alice", `/approve ${digest}`, incident).id;
  const facts: MindFact[] = [
    { ...sample.opened, at: now },
    ...(sample.diagnosedFacts().slice(1) as MindFact[]),
    { fact: "planned", at: now, plan, digest, proposedBy: "runbooks" },
    { fact: "asked", at: now, digest, comment: asked.id, bodySha256: sha256(asked.body), url: asked.url },
    {
      fact: "command",
      at: github.now(),
      comment: approval,
      by: "alice",
      verb: "approve",
      outcome: "done",
      reason: null,
      text: null,
      severity: null,
    },
    {
      fact: "approved",
      at: github.now(),
      warrant: { digest, by: ["alice"], comments: [approval], gate: "comment", until: plan.expiresAt },
    },
  ];
  let revision = 0;
  let written: readonly MindFact[] = [];
  const write = (next: readonly MindFact[]): void => {
    revision += 1;
    written = next;
    const place = { document: "journal" as const, repository: github.state.repositoryId, issue: incident, plan: null };
    const block = writeBlock({ ...place, revision, previous: "" }, next, mind.signing);
    github.changeIssue(incident, { body: `What people read.\n\n${block.text}` }, BOT.login);
  };
  write(facts);
  const signals = createFakeSignals({ "error-ratio": () => (live(github) === "v142" ? 0.4 : 0.01) });
  signals.firing = false;
  const { clock, desk, comments, people, environments, incidents, reservations, runs, deployments, dispatcher } = github.ports;
  return {
    github,
    config: used,
    incident,
    plan,
    digest,
    planComment: asked.id,
    approval,
    signals,
    write,
    facts: () => written,
    reserve: (k = 1, run = RUN) =>
      void github.state.tags.set(`gatehouse/plan/${incident}/${digest}/${k}`, { message: String(run), commit: "c" }),
    checkRequest: (changes = {}) => ({
      incident,
      digest,
      runId: RUN,
      repository: "acme/shop",
      environment: plan.environment,
      config: used,
      ...changes,
    }),
    checkPorts: () => ({ clock, desk, people, environments, incidents, runs, reservations }),
    handsRequest: (changes = {}) => ({
      incident,
      digest,
      runId: RUN,
      environment: plan.environment,
      repositoryUrl: sample.REPOSITORY_URL,
      config: used,
      key: hands.signing,
      catalogue,
      ...changes,
    }),
    handsPorts: (changes = {}) => ({
      clock,
      desk,
      comments,
      people,
      environments,
      incidents,
      reservations,
      signals: github.count("signals", signals),
      world: { deployments, runs, dispatcher },
      ...changes,
    }),
  };
}

export function live(github: FakeGitHub): string | undefined {
  return github.state.deployments.findLast(({ state }) => state === "live")?.ref;
}

/** Versions that were asked for, in order: what the world counts. */
export function effects(github: FakeGitHub): readonly (string | undefined)[] {
  return github.state.runs.filter(({ workflow }) => workflow === "deploy.yml").map(({ inputs }) => inputs["version"]);
}
