import { readJournal, type GoodJournal } from "../../src/incident/journal.js";
import type { ThreadComment } from "../../src/ports.js";
import type { SeenComment, SeenIssue } from "./visitor.js";

/** Reads the signed journal as an auditor does: from the issue as anyone sees it, with public keys only. */
export function audit(
  issue: SeenIssue,
  comments: readonly SeenComment[],
  context: { readonly repositoryId: number; readonly keys: { readonly mind: string; readonly hands: string } },
): GoodJournal {
  const { repositoryId, keys } = context;
  const author = { login: issue.author, isBot: true };
  const reading = readJournal({
    issue: { number: issue.number, body: issue.body, editedAt: null, author },
    comments: comments.map(toThreadComment),
    repositoryId,
    keys: { mind: [{ id: "m1", public: keys.mind }], hands: [{ id: "h1", public: keys.hands }] },
  });
  if (reading.kind === "ok") return reading;
  throw new Error(
    `The journal of #${issue.number} cannot be read: ${reading.kind === "broken" ? reading.why : "nothing is signed yet"}`,
  );
}

function toThreadComment({ id, body, author, isBot, createdAt, url }: SeenComment): ThreadComment {
  return { id, body, author: { login: author, isBot }, createdAt, editedAt: null, url, ourReactions: [] };
}
