/**
 * The documents of an incident, read together: the issue body (the mind's) and the execution comments (the hands').
 * Nothing but a valid signature makes text on the issue a fact; authorship and markers prove nothing.
 */
import type { PublicKey } from "../config/config.js";
import { decodeIntakeBlock, type Intake } from "../intake/intake.js";
import { readMarker } from "../render/marker.js";
import type { Issue, ThreadComment } from "../ports.js";
import { readBlock, type Block } from "./codec.js";
import { HandsFact, MindFact } from "./facts.js";
import { fold, mergeFacts } from "./fold.js";
import type { Incident } from "./incident.js";

export interface ExecutionDocument {
  readonly digest: string;
  readonly comment: number;
  readonly revision: number;
  readonly head: string;
  readonly facts: readonly HandsFact[];
}
export interface GoodJournal {
  readonly kind: "ok";
  readonly incident: Incident;
  readonly revision: number;
  readonly head: string;
  readonly facts: readonly MindFact[];
  readonly executions: readonly ExecutionDocument[];
}
export type JournalReading =
  | GoodJournal
  | { readonly kind: "intake"; readonly intake: Intake } // newborn: nothing signed yet
  | {
      readonly kind: "broken";
      readonly reason: "journal-broken" | "journal-rolled-back" | "execution-missing";
      readonly why: string;
    };
export interface JournalInput {
  readonly issue: Pick<Issue, "number" | "body" | "editedAt" | "author">;
  readonly comments: readonly ThreadComment[] | null; // null: not read, so the executions are left out (sweep, history)
  readonly repositoryId: number;
  readonly keys: { readonly mind: readonly PublicKey[]; readonly hands: readonly PublicKey[] };
}

export function readJournal(input: JournalInput): JournalReading {
  if (!input.issue.author.isBot)
    return broken(
      `#${input.issue.number} was opened by ${input.issue.author.login}, not by the automation: whatever it holds is no journal.`,
    );
  const reading = readBlock(input.issue.body, "journal", input.keys.mind);
  if (reading.kind === "none") return readNewborn(input.issue);
  if (reading.kind === "broken") return broken(`The journal in the body of #${input.issue.number} is not valid: ${reading.why}.`);
  return readSigned(reading.block, input);
}

/** An intake block counts only while nobody has edited the issue: afterwards, unsigned means broken. */
function readNewborn(issue: JournalInput["issue"]): JournalReading {
  const intake = decodeIntakeBlock(issue.body);
  if (!intake) return broken(`The body of #${issue.number} holds neither a journal nor an intake block.`);
  if (issue.editedAt !== null)
    return broken(
      `The unsigned intake of #${issue.number} was edited at ${issue.editedAt.toISOString()} before it was taken in.`,
    );
  return { kind: "intake", intake };
}

function readSigned(block: Block, input: JournalInput): JournalReading {
  const { header } = block;
  const place = wrongPlace(block, input);
  if (place) return broken(place);
  const facts = MindFact.array().safeParse(block.facts);
  if (!facts.success || facts.data[0]?.fact !== "opened")
    return broken(`The journal of #${input.issue.number} is signed but its facts are not in this version's form.`);
  const newer = newestMarker(input);
  if (newer > header.revision) return rolledBack(input.issue.number, header.revision, newer);
  const executions = readExecutions(input);
  const missing = missingExecution(facts.data, executions, input);
  if (missing) return missing;
  const merged = mergeFacts(facts.data, new Map(executions.map((document) => [document.digest, document.facts])));
  const incident = fold(input.issue.number, merged);
  return { kind: "ok", incident, revision: header.revision, head: block.head, facts: facts.data, executions };
}

function wrongPlace({ header }: Block, { issue, repositoryId }: JournalInput): string | null {
  if (header.repository !== repositoryId)
    return `The journal in #${issue.number} was signed for another repository (id ${header.repository}): a transferred issue is not trusted.`;
  if (header.issue !== issue.number) return `The journal in #${issue.number} was signed for issue #${header.issue}.`;
  return null;
}

/** Our comments name the revision they were posted at; an unedited one that knows a later revision gives an old body away. */
function newestMarker({ comments, issue }: JournalInput): number {
  const ours = (comments ?? []).filter(
    ({ author, editedAt }) => author.isBot && author.login === issue.author.login && editedAt === null,
  );
  return Math.max(0, ...ours.map((comment) => readMarker(comment.body)?.revision ?? 0));
}

function rolledBack(issue: number, revision: number, newer: number): JournalReading {
  return {
    kind: "broken",
    reason: "journal-rolled-back",
    why: `The body of #${issue} holds revision ${revision}, but a comment was written at revision ${newer}: an older body was put back.`,
  };
}

function broken(why: string): JournalReading {
  return { kind: "broken", reason: "journal-broken", why };
}

/** Every execution document of this issue with a valid signature; of two for one plan the newer revision counts. */
function readExecutions({ comments, keys, repositoryId, issue }: JournalInput): readonly ExecutionDocument[] {
  const newest = new Map<string, ExecutionDocument>();
  for (const comment of comments ?? []) {
    const reading = readBlock(comment.body, "execution", keys.hands);
    if (reading.kind !== "ok") continue;
    const { header, facts, head } = reading.block;
    const parsed = HandsFact.array().safeParse(facts);
    if (!parsed.success || header.plan === null || header.repository !== repositoryId || header.issue !== issue.number) continue;
    const known = newest.get(header.plan);
    if (!known || known.revision < header.revision) {
      newest.set(header.plan, { digest: header.plan, comment: comment.id, revision: header.revision, head, facts: parsed.data });
    }
  }
  return [...newest.values()];
}

/** The mind's journal names the heads it has seen: an execution deleted or set back since then is noticed. */
function missingExecution(
  facts: readonly MindFact[],
  executions: readonly ExecutionDocument[],
  input: JournalInput,
): JournalReading | null {
  if (input.comments === null) return null;
  for (const fact of facts) {
    if (fact.fact !== "execution-seen") continue;
    const document = executions.find(({ digest }) => digest === fact.digest);
    if (document && document.revision >= fact.revision) continue;
    return {
      kind: "broken",
      reason: "execution-missing",
      why: `The record of what was done for plan ${fact.digest.slice(0, 8)} (comment ${fact.comment}) was deleted or set back.`,
    };
  }
  return null;
}
