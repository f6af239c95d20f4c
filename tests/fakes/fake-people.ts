import type { Environments, People } from "../../src/ports.js";
import type { FakeState } from "./state.js";

export function createFakePeople(state: FakeState): People {
  return {
    roleOf: async (login) => state.roles.get(login.toLowerCase()) ?? "none",
    isMember: async (team, login) => {
      const members = state.teams.get(team);
      if (!members) return "cannot-check";
      return members.some((member) => member.toLowerCase() === login.toLowerCase()) ? "yes" : "no";
    },
  };
}

export function createFakeEnvironments(state: FakeState): Environments {
  return {
    environment: async (name) => state.environments.get(name) ?? { name, exists: false, branches: null, requiredReviewers: 0 },
  };
}
