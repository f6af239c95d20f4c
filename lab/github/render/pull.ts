import { type Site, timestamp } from "../site.js";
import type { IssueRecord, PullRecord } from "../state.js";
import { associationOf, issuePage, labelsOf, renderLabel } from "./issue.js";
import { renderRepository, repositoryUrl } from "./repository.js";
import { nodeId, renderUser } from "./user.js";

/** A pull request as lists show it. `headSha` is asked from git, because branches move. */
export function renderPull(site: Site, issue: IssueRecord, pull: PullRecord, headSha: string): Record<string, unknown> {
  const url = `${repositoryUrl(site)}/pulls/${issue.number}`;
  const page = issuePage(site, issue);
  const links = linksOf(site, issue, url, headSha);
  return {
    url,
    id: pull.id,
    node_id: nodeId("PR", pull.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: links.issue,
    number: issue.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: renderUser(site, issue.author),
    body: issue.body === "" ? null : issue.body,
    created_at: timestamp(issue.createdAt),
    updated_at: timestamp(issue.updatedAt),
    closed_at: issue.closedAt && timestamp(issue.closedAt),
    merged_at: null,
    merge_commit_sha: null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: labelsOf(site, issue).map((label) => ({ ...renderLabel(site, label), description: label.description ?? "" })),
    milestone: null,
    draft: pull.draft,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    head: renderEnd(site, pull.head, headSha),
    base: renderEnd(site, pull.base, pull.baseSha),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    author_association: associationOf(site, issue),
    auto_merge: null,
    active_lock_reason: issue.lockReason,
  };
}

function linksOf(site: Site, issue: IssueRecord, url: string, headSha: string) {
  const issueUrl = `${repositoryUrl(site)}/issues/${issue.number}`;
  return {
    self: url,
    html: issuePage(site, issue),
    issue: issueUrl,
    comments: `${issueUrl}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${repositoryUrl(site)}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses: `${repositoryUrl(site)}/statuses/${headSha}`,
  };
}

function renderEnd(site: Site, ref: string, sha: string): Record<string, unknown> {
  const repository = renderRepository(site);
  return { label: `${site.owner}:${ref}`, ref, sha, user: repository["owner"], repo: repository };
}
