import { z } from "zod";
import type { EnvironmentFacts, Environments } from "../ports.js";
import { parseAnswer } from "./answer.js";
import type { GitHubClient } from "./client.js";
import { orNull } from "./people.js";

const Environment = z.object({
  name: z.string(),
  protection_rules: z.array(z.looseObject({ type: z.string(), reviewers: z.array(z.unknown()).nullish() })).nullish(),
  deployment_branch_policy: z.object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() }).nullable(),
});
const Policies = z.object({ branch_policies: z.array(z.object({ name: z.string(), type: z.string().nullish() })) });
const Branches = z.array(z.object({ name: z.string() }));

/**
 * `branches` holds the name patterns that may deploy, tags as "tag:<pattern>". Where the environment says "protected
 * branches only" it holds the branches that are protected now.
 */
export function createEnvironments(client: GitHubClient): Environments {
  return {
    async environment(name): Promise<EnvironmentFacts> {
      const answer = await orNull(client.rest.repos.getEnvironment({ ...client.repository, environment_name: name }));
      if (answer === null) return { name, exists: false, branches: null, requiredReviewers: 0 };
      const environment = parseAnswer(Environment, answer.data, `environment ${name}`);
      const rules = (environment.protection_rules ?? []).filter((rule) => rule.type === "required_reviewers");
      return {
        name: environment.name,
        exists: true,
        branches: await loadBranches(client, name, environment.deployment_branch_policy),
        requiredReviewers: rules.reduce((sum, rule) => sum + (rule.reviewers?.length ?? 0), 0),
      };
    },
  };
}

type Policy = z.infer<typeof Environment>["deployment_branch_policy"];

async function loadBranches(client: GitHubClient, name: string, policy: Policy): Promise<readonly string[] | null> {
  if (policy === null) return null;
  if (policy.custom_branch_policies) {
    const { data } = await client.rest.repos.listDeploymentBranchPolicies({
      ...client.repository,
      environment_name: name,
      per_page: 100,
    });
    const policies = parseAnswer(Policies, data, `the branch policies of environment ${name}`).branch_policies;
    return policies.map((branch) => (branch.type === "tag" ? `tag:${branch.name}` : branch.name));
  }
  const { data } = await client.rest.repos.listBranches({ ...client.repository, protected: true, per_page: 100 });
  return parseAnswer(Branches, data, "the protected branches").map((branch) => branch.name);
}
