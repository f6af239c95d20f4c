/**
 * Who has approved what, derived from the comments each time and never from a stored cursor.
 * The mind, the reservation and the hands ask this same function, each with facts read anew.
 */
import type { Approvers } from "../config/config.js";
import type { Warrant } from "../incident/facts.js";
import type { PostedPlan } from "../incident/incident.js";
import { sha256 } from "../plan/canonical.js";
import type { ThreadComment } from "../ports.js";
import type { ReasonCode } from "../render/reasons.js";
import { hasRole, type Role } from "../words.js";
import type { Command } from "./commands.js";

/** What is known of a person, asked anew for each decision. */
export interface Person {
  readonly login: string;
  readonly role: Role;
  readonly teams: Readonly<Record<string, "yes" | "no" | "cannot-check">>; // of the config's approver teams
}
export interface ApprovalInput {
  readonly plan: PostedPlan;
  readonly plansMade: number; // of this incident, ever
  readonly reportedBy: string | null; // who opened a manual incident
  readonly commands: readonly Command[];
  readonly comments: readonly ThreadComment[];
  readonly people: ReadonlyMap<string, Person>; // everyone who typed /approve
  readonly approvers: Approvers;
  readonly now: Date;
}
export type Vote = { readonly comment: number; readonly by: string } & (
  | { readonly counts: true }
  | { readonly counts: false; readonly reason: ReasonCode }
);
export type ApprovalDecision =
  | { readonly kind: "void"; readonly reason: "plan-comment-changed" }
  | { readonly kind: "expired"; readonly votes: readonly Vote[] }
  | { readonly kind: "waiting"; readonly missing: number; readonly votes: readonly Vote[] }
  | { readonly kind: "approved"; readonly warrant: Warrant; readonly votes: readonly Vote[] };

export function decideApproval(input: ApprovalInput): ApprovalDecision {
  const { plan, comments, now } = input;
  if (!isPlanCommentIntact(plan, comments)) return { kind: "void", reason: "plan-comment-changed" };
  const votes = approveCommands(input).map((command) => judge(command, input));
  if (now >= plan.plan.expiresAt) return { kind: "expired", votes };
  const by = [...new Set(votes.filter((vote) => vote.counts).map((vote) => vote.by.toLowerCase()))];
  const missing = plan.plan.quorum - by.length;
  if (missing > 0) return { kind: "waiting", missing, votes };
  return { kind: "approved", warrant: draftWarrant(plan, votes), votes };
}

/** The plan comment is there, by a bot, never edited, and its bytes are those that were posted. */
export function isPlanCommentIntact(plan: PostedPlan, comments: readonly ThreadComment[]): boolean {
  const comment = comments.find(({ id }) => id === plan.comment);
  return comment !== undefined && comment.author.isBot && comment.editedAt === null && sha256(comment.body) === plan.bodySha256;
}

function approveCommands(input: ApprovalInput): readonly Command[] {
  return input.commands.filter(({ parsed }) => parsed.kind === "command" && parsed.said.verb === "approve");
}

function judge(command: Command, input: ApprovalInput): Vote {
  const vote = { comment: command.comment.id, by: command.comment.author.login };
  const reason = whyNot(command, input);
  return reason === null ? { ...vote, counts: true } : { ...vote, counts: false, reason };
}

/** One line a rule; the first that fails is the reason told. */
function whyNot(command: Command, input: ApprovalInput): ReasonCode | null {
  const { comment, parsed } = command;
  const { plan } = input;
  if (parsed.kind !== "command" || parsed.said.verb !== "approve") return "malformed-command";
  if (comment.author.isBot) return "bot";
  if (comment.editedAt !== null) return "edited";
  if (comment.id < plan.comment) return "stale-digest";
  const { digest } = parsed.said;
  if (digest === null && (input.plansMade > 1 || plan.plan.risk === "high")) return "digest-needed";
  if (digest !== null && !plan.digest.startsWith(digest)) return "stale-digest";
  if (comment.createdAt >= plan.plan.expiresAt) return "expired";
  if (plan.plan.risk === "high" && input.reportedBy !== null && sameLogin(input.reportedBy, comment.author.login))
    return "own-incident";
  return whyNotPerson(input.people.get(comment.author.login), input.approvers);
}

/** A role, a name or a team gives the right; a team that cannot be read gives nothing and is said. */
export function whyNotPerson(person: Person | undefined, approvers: Approvers): "no-role" | "cannot-check-team" | null {
  if (!person) return "no-role";
  if (person.role !== "none" && approvers.roles.some((role) => hasRole(person.role, role))) return null;
  if (approvers.users.some((user) => sameLogin(user, person.login)) && person.role !== "none") return null;
  const answers = approvers.teams.map((team) => person.teams[team] ?? "cannot-check");
  if (answers.includes("yes")) return null;
  return answers.includes("cannot-check") ? "cannot-check-team" : "no-role";
}

function sameLogin(configured: string, login: string): boolean {
  return configured.replace(/^@/, "").toLowerCase() === login.toLowerCase();
}

function draftWarrant(plan: PostedPlan, votes: readonly Vote[]): Warrant {
  const counted = votes.filter((vote) => vote.counts);
  return {
    digest: plan.digest,
    by: counted.map(({ by }) => by).filter((by, index, all) => all.findIndex((other) => sameLogin(other, by)) === index),
    comments: counted.map(({ comment }) => comment),
    gate: "comment",
    until: plan.plan.expiresAt,
  };
}
