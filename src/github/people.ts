import { z } from "zod";
import type { People } from "../ports.js";
import { ROLES, type Role } from "../words.js";
import { parseAnswer } from "./answer.js";
import { parsePlace, type GitHubClient } from "./client.js";
import { ForbiddenError, NotFoundError } from "./errors.js";

const Permission = z.object({ permission: z.string(), role_name: z.string().nullish() });
const Membership = z.object({ state: z.string() });

/** Asked anew each time: a role may have been taken away a minute ago. */
export function createPeople(client: GitHubClient): People {
  return {
    async roleOf(login) {
      const answer = await orNull(client.rest.repos.getCollaboratorPermissionLevel({ ...client.repository, username: login }));
      return answer === null ? "none" : readRole(parseAnswer(Permission, answer.data, `the role of ${login}`));
    },
    async isMember(team, login) {
      const { owner: org, repo: slug } = parsePlace(team);
      try {
        const { data } = await client.rest.teams.getMembershipForUserInOrg({ org, team_slug: slug, username: login });
        return parseAnswer(Membership, data, `the membership of ${login} in ${team}`).state === "active" ? "yes" : "no";
      } catch (error) {
        if (error instanceof ForbiddenError) return "cannot-check";
        if (!(error instanceof NotFoundError)) throw error;
        return (await canSeeTeam(client, org, slug)) ? "no" : "cannot-check";
      }
    },
  };
}

/**
 * Custom roles of an organisation have names of their own; `permission` then holds the standard role they are built on,
 * with maintain shown as write and triage as read: never more than they have.
 */
export function readRole({ permission, role_name }: z.infer<typeof Permission>): Role {
  return asRole(role_name) ?? asRole(permission) ?? "none";
}

function asRole(name: string | null | undefined): Role | undefined {
  return ROLES.find((role) => role === name);
}

/** GitHub answers 404 both for "not a member" and for "you may not know this team". */
async function canSeeTeam(client: GitHubClient, org: string, slug: string): Promise<boolean> {
  try {
    await client.rest.teams.getByName({ org, team_slug: slug });
    return true;
  } catch (error) {
    if (error instanceof NotFoundError || error instanceof ForbiddenError) return false;
    throw error;
  }
}

/** @returns null where GitHub answers 404. */
export async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}
