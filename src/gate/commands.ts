/** What people may type, who may type it, and what a comment says. Pure. */
import { SEVERITIES, type Role, type Severity } from "../words.js";
import type { ThreadComment } from "../ports.js";

export const VERBS = [
  "approve",
  "reject",
  "ack",
  "hold",
  "retry",
  "plan",
  "severity",
  "cause",
  "escalate",
  "resolve",
  "status",
  "help",
] as const;
export type Verb = (typeof VERBS)[number];

interface VerbRule {
  readonly atLeast: Role;
  /** Makes things safer: honoured even if the comment was edited. */
  readonly stops: boolean;
}
/** `approve` is decided by the config's approvers, not by this role. */
export const VERB_RULES: Readonly<Record<Verb, VerbRule>> = {
  approve: { atLeast: "read", stops: false },
  reject: { atLeast: "triage", stops: true },
  ack: { atLeast: "triage", stops: true },
  hold: { atLeast: "triage", stops: true },
  escalate: { atLeast: "triage", stops: true },
  severity: { atLeast: "triage", stops: false },
  cause: { atLeast: "triage", stops: false },
  retry: { atLeast: "write", stops: false },
  plan: { atLeast: "write", stops: false },
  resolve: { atLeast: "write", stops: false },
  status: { atLeast: "read", stops: true },
  help: { atLeast: "read", stops: true },
};

export type Said =
  | { readonly verb: "approve"; readonly digest: string | null }
  | { readonly verb: "severity"; readonly severity: Severity }
  | { readonly verb: "plan"; readonly action: string; readonly target: string; readonly params: Readonly<Record<string, string>> }
  | { readonly verb: Exclude<Verb, "approve" | "severity" | "plan">; readonly text: string };
export type Parsed =
  | { readonly kind: "command"; readonly said: Said }
  | { readonly kind: "unknown"; readonly verb: string }
  | { readonly kind: "malformed"; readonly verb: Verb; readonly why: string };

/** A command as GitHub reports its comment now. */
export interface Command {
  readonly comment: ThreadComment;
  readonly parsed: Parsed;
}

/** Every comment that begins with `/word`, in order of id. Paths such as `/etc/hosts` and indented code are not commands. */
export function readCommands(comments: readonly ThreadComment[]): readonly Command[] {
  return comments
    .flatMap((comment) => {
      const parsed = parseCommand(comment.body);
      return parsed ? [{ comment, parsed }] : [];
    })
    .sort((a, b) => a.comment.id - b.comment.id);
}

export function parseCommand(body: string): Parsed | null {
  const line = body.split(/\r?\n/, 1)[0]?.trimEnd() ?? "";
  const match = /^\/([a-z][a-z-]*)(?:\s+(.*))?$/i.exec(line);
  if (!match) return null;
  const verb = (match[1] ?? "").toLowerCase();
  const rest = (match[2] ?? "").trim();
  return isVerb(verb) ? parseArguments(verb, rest) : { kind: "unknown", verb };
}

function isVerb(word: string): word is Verb {
  return (VERBS as readonly string[]).includes(word);
}

function parseArguments(verb: Verb, rest: string): Parsed {
  if (verb === "approve") return parseApprove(rest);
  if (verb === "severity") return parseSeverity(rest);
  if (verb === "plan") return parsePlan(rest);
  return { kind: "command", said: { verb, text: rest } };
}

function parseApprove(rest: string): Parsed {
  if (rest === "") return { kind: "command", said: { verb: "approve", digest: null } };
  const digest = rest.replace(/^`|`$/g, "").toLowerCase();
  if (/^[0-9a-f]{8,64}$/.test(digest)) return { kind: "command", said: { verb: "approve", digest } };
  return {
    kind: "malformed",
    verb: "approve",
    why: "after /approve only the plan's digest may follow: its first 8 (or more) characters, 0–9 and a–f",
  };
}

function parseSeverity(rest: string): Parsed {
  const severity = SEVERITIES.find((candidate) => candidate === rest.toUpperCase());
  if (severity) return { kind: "command", said: { verb: "severity", severity } };
  return { kind: "malformed", verb: "severity", why: "one of P0, P1, P2, P3 must follow /severity" };
}

/** `/plan <action> <target> [key=value …]`; a value with spaces stands in double quotes. */
function parsePlan(rest: string): Parsed {
  const words = rest.match(/[^\s"]+="[^"]*"|\S+/g) ?? [];
  const [action, target, ...settings] = words;
  if (!action || !target) return { kind: "malformed", verb: "plan", why: "it goes /plan <action> <target> [key=value …]" };
  const params: Record<string, string> = {};
  for (const setting of settings) {
    const match = /^([a-z][a-z0-9-]*)=(?:"([^"]*)"|(.+))$/i.exec(setting);
    const value = match?.[2] ?? match?.[3];
    if (!match?.[1] || !value)
      return { kind: "malformed", verb: "plan", why: 'after action and target only key=value or key="some words" may follow' };
    params[match[1]] = value;
  }
  return { kind: "command", said: { verb: "plan", action, target, params } };
}
