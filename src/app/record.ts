/** `gatehouse record`: what a live run saw, taken from the journal of its issue. Reads only; the evidence was redacted when it was gathered. */
import { z } from "zod";
import type { Config } from "../config/config.js";
import { When, type Evidence, type Fact, type FactOf } from "../incident/facts.js";
import { fold, mergeFacts } from "../incident/fold.js";
import { readJournal, type GoodJournal } from "../incident/journal.js";
import { readBlock } from "../incident/codec.js";
import { serviceOf } from "../mind/context.js";
import { diagnosisInput } from "../mind/diagnose.js";
import type { ThreadComment } from "../ports.js";
import type { Recording } from "../evidence/sources/recordings.js";
import { ConfigurationError } from "./app.js";

export interface RecordRequest {
  /** The body of the issue, or what `gh issue view <number> --json body,comments` prints. */
  readonly text: string;
  readonly config: Config; // with the public keys
  readonly attempt: number | null; // null: the last one
}

/** @throws {ConfigurationError} when the journal is not there, not signed by a key of the config, or holds no such evidence */
export function recordIncident({ text, config, attempt }: RecordRequest): Recording {
  const journal = openJournal(text, config);
  const executions = new Map(journal.executions.map(({ digest, facts }) => [digest, facts]));
  const facts = mergeFacts(journal.facts, executions);
  const { evidence, answer, before } = findMoment(facts, attempt);
  const incident = fold(journal.incident.number, before);
  const input = diagnosisInput(incident, evidence, serviceOf(incident, config));
  const triaged = before.findLast((fact) => fact.fact === "triaged");
  return {
    version: 1,
    observations: evidence.observations.map(({ id: _id, ...observation }) => observation),
    coverage: evidence.coverage,
    asked: {
      service: input.service.name,
      alerts: [...input.alerts],
      attempt: input.attempt,
      onset: input.onset,
      hints: [...input.hints],
      failed: input.failed.map((move) => ({ ...move })),
      leftOpen: [...input.leftOpen],
      errorRatio: triaged?.triage.errorRatio ?? null,
      windows: { onset: evidence.onset, logsMinutes: evidence.logsMinutes, changesMinutes: evidence.changesMinutes },
      dropped: evidence.dropped,
      review: evidence.review,
      answer: answer === null ? null : { analyst: answer.analyst, diagnosis: answer.diagnosis },
    },
  };
}

interface Moment {
  readonly evidence: Evidence;
  readonly answer: FactOf<"diagnosed"> | null;
  readonly before: readonly Fact[]; // all that was known when the analyst was asked
}

function findMoment(facts: readonly Fact[], attempt: number | null): Moment {
  const wanted = (fact: Fact): fact is FactOf<"evidence"> =>
    fact.fact === "evidence" && (attempt === null || fact.evidence.attempt === attempt);
  const at = facts.findLastIndex(wanted);
  const seen = facts[at];
  if (seen?.fact !== "evidence") {
    const which = attempt === null ? "no evidence" : `no evidence of attempt ${attempt}`;
    throw new ConfigurationError(`The journal holds ${which}: there is nothing to record.`);
  }
  const next = facts.slice(at).findIndex((fact) => fact.fact === "diagnosed" && fact.attempt === seen.evidence.attempt);
  const answer = next === -1 ? undefined : facts[at + next];
  return {
    evidence: seen.evidence,
    answer: answer?.fact === "diagnosed" ? answer : null,
    before: facts.slice(0, next === -1 ? at + 1 : at + next),
  };
}

/** Its number and repository are those it was signed for: a file does not know where it came from. */
function openJournal(text: string, config: Config): GoodJournal {
  const { body, comments } = readIssue(text);
  const reading = readBlock(body, "journal", config.keys.mind);
  if (reading.kind === "none")
    throw new ConfigurationError("There is no journal in it. Give the body of an incident's issue, hidden comment included.");
  if (reading.kind === "broken") throw new ConfigurationError(`The journal is not valid: ${reading.why}.`);
  const { issue, repository } = reading.block.header;
  const journal = readJournal({
    issue: { number: issue, body, editedAt: null, author: OPENER },
    comments,
    repositoryId: repository,
    keys: config.keys,
  });
  if (journal.kind !== "ok") throw new ConfigurationError(journal.kind === "broken" ? journal.why : "The journal is not signed.");
  return journal;
}

/** A file does not say who opened the issue; here the signature alone has to do. */
const OPENER = { login: "", isBot: true };
const NOBODY = { login: "", isBot: false };
const IssueJson = z.object({
  body: z.string(),
  comments: z.array(z.object({ body: z.string(), createdAt: When })).optional(),
});

/** Without comments the executions are not known: a journal alone records the evidence all the same. */
function readIssue(text: string): { readonly body: string; readonly comments: readonly ThreadComment[] | null } {
  if (!text.trimStart().startsWith("{")) return { body: text, comments: null };
  const parsed = IssueJson.safeParse(parseJson(text));
  if (!parsed.success)
    throw new ConfigurationError("The issue's JSON has no body. Make it with: gh issue view <number> --json body,comments");
  const { body, comments } = parsed.data;
  const thread = comments?.map((comment, index) => ({
    ...comment,
    id: index + 1,
    author: NOBODY,
    editedAt: null,
    url: "",
    ourReactions: [],
  }));
  return { body, comments: thread ?? null };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ConfigurationError(`The issue is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
