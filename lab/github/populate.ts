import { environmentNamed } from "./environments.js";
import type { EnvironmentOptions, GitHubOptions } from "./options.js";
import type { Site } from "./site.js";
import type { Tokens } from "./tokens.js";

/** Fills the state from the options. @returns a token for each user, by login */
export function populate(site: Site, tokens: Tokens, options: GitHubOptions): Record<string, string> {
  const { state, clock } = site;
  const userTokens = (options.users ?? []).map(({ login, role }, index) => {
    const user = { id: 9_200_001 + index, login, type: "User", role, createdAt: clock.now() } as const;
    state.users.set(login.toLowerCase(), user);
    return [login, tokens.issueUser(user)] as const;
  });
  for (const environment of options.environments ?? []) addEnvironment(site, environment);
  for (const { name, color, description } of options.labels ?? []) {
    state.labels.set(name.toLowerCase(), {
      id: state.nextId(),
      name,
      color: color ?? "ededed",
      description: description ?? null,
    });
  }
  for (const { enforcement, exclude, ...ruleset } of options.rulesets ?? []) {
    state.rulesets.push({
      ...ruleset,
      id: state.nextId(),
      enforcement: enforcement ?? "active",
      exclude: exclude ?? [],
      createdAt: clock.now(),
    });
  }
  return Object.fromEntries(userTokens);
}

/** @throws when a reviewer is not among the users */
function addEnvironment(site: Site, options: EnvironmentOptions): void {
  const reviewers = (options.reviewers ?? []).map((login) => {
    const user = site.state.users.get(login.toLowerCase());
    if (!user) throw new Error(`environment ${options.name}: reviewer ${login} is not among the users`);
    return user;
  });
  Object.assign(environmentNamed(site, options.name), {
    branchPolicy: options.branchPolicy ?? null,
    reviewers,
    preventSelfReview: options.preventSelfReview ?? false,
    secrets: { ...options.secrets },
    variables: { ...options.variables },
  });
}
