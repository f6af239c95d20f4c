/** A plan that waits, the people around it, and what they type. */
import type { Approvers } from "../../src/config/config.js";
import type { ApprovalInput, Person } from "../../src/gate/approval.js";
import { parseCommand, type Command } from "../../src/gate/commands.js";
import type { PostedPlan } from "../../src/incident/incident.js";
import { sha256 } from "../../src/plan/canonical.js";
import { digestOf } from "../../src/plan/digest.js";
import type { Plan } from "../../src/plan/plan.js";
import type { ThreadComment } from "../../src/ports.js";
import type { Role } from "../../src/words.js";
import { comment, person as author } from "../incident/support.js";
import * as sample from "../render/sample.js";

export const PLAN_COMMENT = 2002;
export const BODY = "### Deploy v141 of checkout again\n\n`/approve`";
export const planComment = comment(PLAN_COMMENT, BODY);

export function posted(changes: Partial<Plan> = {}): PostedPlan {
  const plan = sample.plan(changes);
  return {
    plan,
    digest: digestOf(plan),
    proposedBy: "runbooks",
    comment: PLAN_COMMENT,
    bodySha256: sha256(BODY),
    url: sample.PLAN_URL,
  };
}

/** A comment by a person three minutes after the plan; the id orders it. */
export function said(id: number, login: string, body: string, changes: Partial<ThreadComment> = {}): ThreadComment {
  return comment(id, body, { author: author(login), createdAt: sample.at("03:18:40"), ...changes });
}

export function asCommand(thread: ThreadComment): Command {
  const parsed = parseCommand(thread.body);
  if (!parsed) throw new Error(`${thread.body} is no command.`);
  return { comment: thread, parsed };
}

export function personOf(login: string, role: Role, teams: Person["teams"] = {}): Person {
  return { login, role, teams };
}

export const approvers: Approvers = { roles: ["maintain", "admin"], users: [], teams: [] };

export function approvalInput(comments: readonly ThreadComment[], changes: Partial<ApprovalInput> = {}): ApprovalInput {
  const people = [personOf("alice", "maintain"), personOf("amy", "admin"), personOf("will", "write"), personOf("rita", "read")];
  return {
    plan: posted(),
    plansMade: 1,
    reportedBy: null,
    commands: comments.filter(({ body }) => parseCommand(body) !== null).map(asCommand),
    comments: [planComment, ...comments],
    people: new Map(people.map((known) => [known.login, known])),
    approvers,
    now: sample.at("03:20:00"),
    ...changes,
  };
}
