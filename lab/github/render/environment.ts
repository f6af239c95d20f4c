import type { LabEnvironment } from "../../model.js";
import { type Site, timestamp } from "../site.js";
import { repositoryPage, repositoryUrl } from "./repository.js";
import { nodeId, renderUser } from "./user.js";

export function renderEnvironmentName(site: Site, environment: Pick<LabEnvironment, "id" | "name">): Record<string, unknown> {
  return {
    id: environment.id,
    node_id: nodeId("EN", environment.id),
    name: environment.name,
    url: `${repositoryUrl(site)}/environments/${encodeURIComponent(environment.name)}`,
    html_url: `${repositoryPage(site)}/deployments/activity_log?environments_filter=${encodeURIComponent(environment.name)}`,
  };
}

export function renderReviewers(site: Site, environment: LabEnvironment): Record<string, unknown>[] {
  return environment.reviewers.map((actor) => ({ type: "User", reviewer: renderUser(site, actor) }));
}

export function renderEnvironment(site: Site, environment: LabEnvironment): Record<string, unknown> {
  return {
    ...renderEnvironmentName(site, environment),
    created_at: timestamp(environment.createdAt),
    updated_at: timestamp(environment.createdAt),
    can_admins_bypass: true,
    protection_rules: renderRules(site, environment),
    deployment_branch_policy: renderPolicy(environment),
  };
}

function renderRules(site: Site, environment: LabEnvironment): Record<string, unknown>[] {
  const rule = (offset: number, type: string) => ({
    id: environment.id * 10 + offset,
    node_id: nodeId("GA", environment.id * 10 + offset),
    type,
  });
  const reviewers = {
    ...rule(1, "required_reviewers"),
    prevent_self_review: environment.preventSelfReview,
    reviewers: renderReviewers(site, environment),
  };
  return [
    ...(environment.reviewers.length > 0 ? [reviewers] : []),
    ...(environment.branchPolicy === null ? [] : [rule(2, "branch_policy")]),
  ];
}

function renderPolicy(environment: LabEnvironment): Record<string, boolean> | null {
  const policy = environment.branchPolicy;
  if (policy === null) return null;
  return { protected_branches: policy === "protected", custom_branch_policies: policy !== "protected" };
}

export function renderBranchPolicies(environment: LabEnvironment): Record<string, unknown> {
  const policy = environment.branchPolicy;
  const patterns = policy === null || policy === "protected" ? [] : policy.patterns;
  const rendered = patterns.map((name, index) => {
    const id = environment.id * 100 + index;
    return { id, node_id: nodeId("DBP", id), name, type: "branch" };
  });
  return { total_count: rendered.length, branch_policies: rendered };
}
