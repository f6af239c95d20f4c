import type { RepoRole } from "../../model.js";
import { type Site, timestamp } from "../site.js";
import { nodeId, renderUser } from "./user.js";

export function repositoryUrl(site: Site): string {
  return `${site.urls.api}/repos/${site.owner}/${site.name}`;
}
export function repositoryPage(site: Site): string {
  return `${site.urls.server}/${site.owner}/${site.name}`;
}

const templates: Readonly<Record<string, string>> = {
  archive: "{archive_format}{/ref}",
  assignees: "assignees{/user}",
  blobs: "git/blobs{/sha}",
  branches: "branches{/branch}",
  collaborators: "collaborators{/collaborator}",
  comments: "comments{/number}",
  commits: "commits{/sha}",
  compare: "compare/{base}...{head}",
  contents: "contents/{+path}",
  contributors: "contributors",
  deployments: "deployments",
  downloads: "downloads",
  events: "events",
  forks: "forks",
  git_commits: "git/commits{/sha}",
  git_refs: "git/refs{/sha}",
  git_tags: "git/tags{/sha}",
  hooks: "hooks",
  issue_comment: "issues/comments{/number}",
  issue_events: "issues/events{/number}",
  issues: "issues{/number}",
  keys: "keys{/key_id}",
  labels: "labels{/name}",
  languages: "languages",
  merges: "merges",
  milestones: "milestones{/number}",
  notifications: "notifications{?since,all,participating}",
  pulls: "pulls{/number}",
  releases: "releases{/id}",
  stargazers: "stargazers",
  statuses: "statuses/{sha}",
  subscribers: "subscribers",
  subscription: "subscription",
  tags: "tags",
  teams: "teams",
  trees: "git/trees{/sha}",
};

/** The short form, inside other objects. */
export function renderMinimalRepository(site: Site): Record<string, unknown> {
  const url = repositoryUrl(site);
  const urls = Object.entries(templates).map(([name, template]) => [`${name}_url`, `${url}/${template}`]);
  return {
    id: site.repositoryId,
    node_id: nodeId("R", site.repositoryId),
    name: site.name,
    full_name: `${site.owner}/${site.name}`,
    private: site.private,
    owner: renderUser(site, ownerOf(site)),
    html_url: repositoryPage(site),
    description: null,
    fork: false,
    url,
    ...Object.fromEntries(urls),
  };
}

function ownerOf(site: Site) {
  return site.state.users.get(site.owner.toLowerCase()) ?? { id: 9_100_001, login: site.owner, type: "User" as const };
}

/** The long form; also what webhook payloads carry. */
export function renderRepository(site: Site): Record<string, unknown> {
  const host = new URL(site.urls.server).host;
  const path = `${site.owner}/${site.name}.git`;
  const openIssues = site.state.issues.filter((issue) => issue.state === "open").length;
  return {
    ...renderMinimalRepository(site),
    created_at: timestamp(site.state.createdAt),
    updated_at: timestamp(site.state.createdAt),
    pushed_at: timestamp(site.state.createdAt),
    git_url: `git://${host}/${path}`,
    ssh_url: `git@${host}:${path}`,
    clone_url: `${site.urls.server}/${path}`,
    svn_url: repositoryPage(site),
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: false,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: openIssues,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: site.private ? "private" : "public",
    forks: 0,
    open_issues: openIssues,
    watchers: 0,
    default_branch: site.defaultBranch,
  };
}

/** GitHub's permission flags of a role. */
export function renderPermissions(role: RepoRole | null): Record<string, boolean> {
  const order: (RepoRole | null)[] = [null, "read", "triage", "write", "maintain", "admin"];
  const has = (least: RepoRole) => order.indexOf(role) >= order.indexOf(least);
  return { admin: has("admin"), maintain: has("maintain"), push: has("write"), triage: has("triage"), pull: has("read") };
}
