/** One short answer to a command that was not carried out: why, and what would be accepted. */
import { suggest } from "../config/suggest.js";
import { codeBlock, codeSpan, escapeInline } from "../outside/escape.js";
import type { Config } from "../config/config.js";
import { shortDigest, type Digest } from "../words.js";
import { blocks, capitalized, sentence } from "./markdown.js";
import { COMMANDS, howWritten, whoMay } from "./help.js";
import { explainReason } from "./reasons.js";

const NAMES_SOMEONE = /^[\da-z](?:[\da-z-]*[\da-z])?$/i;
const LONGEST_VERB = 30;
const NEEDS_THE_DIGEST = new Set(["digest-needed", "stale-digest", "edited", "malformed-command"]);

export interface RefusalView {
  readonly by: string;
  /** Without the slash; what was typed if it is not a command. */
  readonly verb: string;
  readonly reason: string;
  /** Of the plan that waits now, null when none does. */
  readonly digest: Digest | null;
  readonly config: Config;
  /** What exactly was wrong, our own words: the name of a parameter and its bounds. */
  readonly detail: string | null;
}

export function renderRefusal(view: RefusalView): string {
  const { by, verb, reason, detail } = view;
  const { means, next, kinds } = explainReason(reason);
  const isFinding = kinds.includes("guard");
  const who = NAMES_SOMEONE.test(by) ? `@${by}` : escapeInline(by);
  return blocks([
    `${who} ${codeSpan(`/${verb}`)} was not carried out. ${means}${detail === null ? "" : ` ${exactly(detail, isFinding)}`}`,
    accepted(view) ?? next,
    `<sub>Reason: ${codeSpan(reason)}</sub>`,
  ]);
}

/** Findings are sentences already, and may begin with the name of a service. */
function exactly(detail: string, isFinding: boolean): string {
  return isFinding ? escapeInline(detail) : sentence(capitalized(escapeInline(detail)));
}

/** What would be accepted, where it can be said more exactly than in the list of reasons. */
function accepted({ verb, reason, digest, config }: RefusalView): string | null {
  if (reason === "no-role") return roleNeeded(verb, config);
  if (reason === "unknown-command") return meant(verb);
  if (verb === "approve" && digest !== null && NEEDS_THE_DIGEST.has(reason)) {
    return `A new comment with exactly this would be accepted, if you have read that plan:\n\n${codeBlock(`/approve ${shortDigest(digest)}`)}`;
  }
  const written = reason === "malformed-command" ? howWritten(verb) : null;
  return written === null ? null : `It is written ${codeSpan(written)}.`;
}

/** Null when nothing that exists is near. */
function meant(verb: string): string | null {
  const near = suggest(
    verb.slice(0, LONGEST_VERB),
    COMMANDS.map((command) => command.verb),
  );
  return near === null ? null : `Did you mean ${codeSpan(`/${near}`)}? \`/help\` lists the commands.`;
}

function roleNeeded(verb: string, config: Config): string | null {
  const who = whoMay(verb, config);
  return who === null ? null : `It is accepted from: ${who}.`;
}
