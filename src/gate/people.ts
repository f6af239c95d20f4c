import type { Approvers } from "../config/config.js";
import type { People } from "../ports.js";
import type { Person } from "./approval.js";
import type { Command } from "./commands.js";

/** Asks GitHub anew who these people are: their role here, and the approver teams they belong to. */
export async function askPeople(
  logins: Iterable<string>,
  approvers: Approvers,
  people: People,
): Promise<ReadonlyMap<string, Person>> {
  const asked = await Promise.all([...new Set(logins)].map((login) => askPerson(login, approvers, people)));
  return new Map(asked.map((person) => [person.login, person]));
}

async function askPerson(login: string, approvers: Approvers, people: People): Promise<Person> {
  const role = await people.roleOf(login);
  const teams = await Promise.all(approvers.teams.map(async (team) => [team, await people.isMember(team, login)] as const));
  return { login, role, teams: Object.fromEntries(teams) };
}

/** The people whose approvals might count: they typed /approve at or after this comment. */
export function approversIn(commands: readonly Command[], sinceComment: number): readonly string[] {
  return commands
    .filter(
      ({ comment, parsed }) =>
        comment.id >= sinceComment && !comment.author.isBot && parsed.kind === "command" && parsed.said.verb === "approve",
    )
    .map(({ comment }) => comment.author.login);
}

/** People whose hold or rejection nobody has answered yet. */
export function stoppersIn(commands: readonly Command[], answered: ReadonlySet<number>): readonly string[] {
  return commands
    .filter(
      ({ comment, parsed }) =>
        !comment.author.isBot &&
        !answered.has(comment.id) &&
        parsed.kind === "command" &&
        (parsed.said.verb === "hold" || parsed.said.verb === "reject"),
    )
    .map(({ comment }) => comment.author.login);
}
