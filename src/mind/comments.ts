import { sha256 } from "../plan/canonical.js";
import type { ThreadComment } from "../ports.js";
import { marker, readMarker } from "../render/marker.js";
import type { MindContext } from "./context.js";

/**
 * Posts a comment of ours once: one with this key, by our bot and never edited, is found instead of written again.
 * The key alone names it, so a death between writing and noting leaves nothing double.
 * @param found - `same-text`: what people will approve must be our very words, whoever can post as the bot
 */
export async function postOnce(
  key: string,
  text: string,
  context: MindContext,
  found: "any" | "same-text" = "any",
): Promise<ThreadComment> {
  const { journal, snapshot, ports } = context;
  const comments = found === "any" ? snapshot.comments : snapshot.comments.filter(({ body }) => saysOnly(body, text));
  const known = findOurs(key, comments, journal.issue.author.login);
  if (known) return known;
  return ports.comments.post(journal.issue.number, `${text}\n\n${marker(key, journal.revision)}`);
}

/** Our words and the marker, and not a character beside them. */
function saysOnly(body: string, text: string): boolean {
  const found = readMarker(body);
  return found !== null && body === `${text}\n\n${marker(found.key, found.revision)}`;
}

export function findOurs(key: string, comments: readonly ThreadComment[], bot: string): ThreadComment | null {
  return comments.find((comment) => isOurs(comment, bot) && readMarker(comment.body)?.key === key) ?? null;
}

/** Keys of all comments we have posted. */
export function keysTold(comments: readonly ThreadComment[], bot: string): ReadonlySet<string> {
  const keys = comments.filter((comment) => isOurs(comment, bot)).flatMap((comment) => readMarker(comment.body)?.key ?? []);
  return new Set(keys);
}

/** The bot that opened the issue is the one that writes on it; other bots are as foreign as people. */
function isOurs({ author, editedAt }: ThreadComment, bot: string): boolean {
  return author.isBot && author.login === bot && editedAt === null;
}

export function bodyHash(comment: ThreadComment): string {
  return sha256(comment.body);
}
