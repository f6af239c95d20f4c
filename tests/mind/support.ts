/** The mind in a fake GitHub: an issue, a journal of chosen facts, and ports that count. */
import { catalogue } from "../../src/actions/catalogue.js";
import type { Config } from "../../src/config/config.js";
import { createRunbookAnalyst } from "../../src/diagnosis/runbook/analyst.js";
import type { MindFact } from "../../src/incident/facts.js";
import { readJournal, type GoodJournal, type JournalReading } from "../../src/incident/journal.js";
import { encodeIntakeBlock, type Intake } from "../../src/intake/intake.js";
import { respond, type RespondRequest, type RespondResult } from "../../src/mind/respond.js";
import type { MindPorts } from "../../src/ports.js";
import {
  BOT,
  countAll,
  createFakeGitHub,
  createFakePager,
  createFakeSignals,
  type FakeGitHub,
  type FakeGitHubOptions,
} from "../fakes/world.js";
import { journalBody, keys, mind } from "../incident/support.js";
import { serviceWith } from "../plan/support.js";
import * as sample from "../render/sample.js";

export const config: Config = { ...sample.config, keys, services: new Map([["checkout", serviceWith()]]) };
export const intake: Intake = { key: "k1", alerts: [sample.alert], reportedBy: null };

export interface Stage {
  readonly github: FakeGitHub;
  readonly incident: number;
  readonly pager: ReturnType<typeof createFakePager>;
  readonly signals: ReturnType<typeof createFakeSignals>;
  readonly ports: MindPorts;
  respond(changes?: Partial<RespondRequest>, ports?: Partial<MindPorts>): Promise<RespondResult>;
  reading(): JournalReading;
  journal(): GoodJournal;
}

/** @param facts - null: a newborn issue with an unsigned intake */
export function openStage(
  facts: readonly MindFact[] | null,
  options: FakeGitHubOptions & { readonly revision?: number } = {},
): Stage {
  const github = createFakeGitHub({
    now: sample.at("03:17:00"),
    roles: { alice: "maintain", amy: "admin", will: "write", tess: "triage", rita: "read" },
    ...options,
  });
  github.deploy("v141");
  github.deploy("v142");
  const { number: incident } = github.openIssue(BOT.login, {
    title: "checkout",
    body: encodeIntakeBlock(intake),
    labels: ["incident"],
  });
  if (facts) {
    const place = { repository: github.state.repositoryId, issue: incident, revision: options.revision ?? 3 };
    github.changeIssue(incident, { body: journalBody(facts, place) }, BOT.login);
  }
  const pager = createFakePager();
  const signals = createFakeSignals({ "error-ratio": 0.37 });
  const counted = countAll(github, { pager, signals });
  const ports: MindPorts = {
    ...github.ports,
    ...counted,
    sources: [],
    read: { deployments: github.ports.deployments, runs: github.ports.runs },
    analyst: createRunbookAnalyst([]),
    archived: github.ports.archive,
  };
  const reading = (): JournalReading =>
    readJournal({
      issue: github.issue(incident),
      comments: github.comments(incident),
      repositoryId: github.state.repositoryId,
      keys,
    });
  return {
    github,
    incident,
    pager,
    signals,
    ports,
    respond: (changes = {}, others = {}) =>
      respond({ incident, config, key: mind.signing, catalogue, ...changes }, { ...ports, ...others }),
    reading,
    journal() {
      const read = reading();
      if (read.kind !== "ok") throw new Error(`The journal is ${read.kind}.`);
      return read;
    },
  };
}

/** What the bot has written below the issue. */
export function ours(stage: Stage): readonly string[] {
  return stage.github.comments(stage.incident).flatMap(({ author, body }) => (author.isBot ? [body] : []));
}
