/** Signed documents for tests: keys, journals, execution records and the comments around them. */
import type { PublicKey } from "../../src/config/config.js";
import { writeBlock, type BlockHeader } from "../../src/incident/codec.js";
import type { HandsFact, MindFact } from "../../src/incident/facts.js";
import type { JournalInput } from "../../src/incident/journal.js";
import { generateKeys, openSigningKey, type SigningKey } from "../../src/incident/signature.js";
import type { ThreadComment } from "../../src/ports.js";
import * as sample from "../render/sample.js";

export interface KeyPair {
  readonly signing: SigningKey;
  readonly public: PublicKey;
  readonly private: string;
}

export function newKey(id: string): KeyPair {
  const pair = generateKeys();
  const key = { id, public: pair.public };
  return { signing: openSigningKey(pair.private, [key], "mind"), public: key, private: pair.private };
}

export const mind = newKey("m1");
export const hands = newKey("h1");
export const keys = { mind: [mind.public], hands: [hands.public] };
export const REPOSITORY_ID = 1001;
export const ISSUE = 42;
const BOT = { login: "github-actions[bot]", isBot: true };

export const header: Omit<BlockHeader, "key" | "schema"> = {
  document: "journal",
  repository: REPOSITORY_ID,
  issue: ISSUE,
  plan: null,
  revision: 3,
  previous: "a".repeat(64),
};

/** The issue's body as the mind would leave it. */
export function journalBody(
  facts: readonly unknown[],
  changes: Partial<typeof header> = {},
  by: SigningKey = mind.signing,
  view = "What people read.",
): string {
  return `${view}\n\n${writeBlock({ ...header, ...changes }, facts, by).text}`;
}

/** An execution comment as the hands would leave it. */
export function executionBody(
  facts: readonly HandsFact[],
  changes: Partial<typeof header> = {},
  by: SigningKey = hands.signing,
): string {
  const started = facts.find((fact) => fact.fact === "execution-started");
  const plan = started?.warrant.digest ?? null;
  return `What was done.\n\n${writeBlock({ ...header, document: "execution", plan, revision: 1, previous: "", ...changes }, facts, by).text}`;
}

export function comment(id: number, body: string, changes: Partial<ThreadComment> = {}): ThreadComment {
  const url = `${sample.REPOSITORY_URL}/issues/42#issuecomment-${id}`;
  return { id, body, author: BOT, createdAt: sample.at("03:16:31"), editedAt: null, url, ourReactions: [], ...changes };
}

export function person(login: string): ThreadComment["author"] {
  return { login, isBot: false };
}

export function journalInput(body: string, changes: Partial<JournalInput> = {}): JournalInput {
  return {
    issue: { number: ISSUE, body, editedAt: sample.at("03:20:00"), author: BOT },
    comments: [],
    repositoryId: REPOSITORY_ID,
    keys,
    ...changes,
  };
}

/** Only what the mind writes of a list of facts. */
export function mindFacts(facts: readonly { readonly fact: string }[]): MindFact[] {
  const ofHands = new Set(["execution-started", "execution-resumed", "intent", "done", "verified", "execution-ended"]);
  return facts.filter(({ fact }) => !ofHands.has(fact)) as MindFact[];
}
export function handsFacts(facts: readonly { readonly fact: string }[]): HandsFact[] {
  const ofMind = new Set(mindFacts(facts).map((fact) => fact as unknown));
  return facts.filter((fact) => !ofMind.has(fact)) as HandsFact[];
}
