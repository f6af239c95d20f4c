import { type Site, timestamp } from "../site.js";
import type { CommentRecord, Editable, IssueRecord, LabelRecord, ReactionRecord, TimelineRecord } from "../state.js";
import { reactionContents } from "../state.js";
import { repositoryPage, repositoryUrl } from "./repository.js";
import { nodeId, renderUser, renderUserOrNull } from "./user.js";

export function renderLabel(site: Site, label: LabelRecord): Record<string, unknown> {
  return {
    id: label.id,
    node_id: nodeId("LA", label.id),
    url: `${repositoryUrl(site)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

export function labelsOf(site: Site, issue: IssueRecord): LabelRecord[] {
  return [...issue.labels].flatMap((name) => site.state.labels.get(name.toLowerCase()) ?? []);
}

function renderRollup(url: string, reactions: readonly ReactionRecord[]): Record<string, unknown> {
  const counts = reactionContents.map((content) => [
    content,
    reactions.filter((reaction) => reaction.content === content).length,
  ]);
  return { url: `${url}/reactions`, total_count: reactions.length, ...Object.fromEntries(counts) };
}

/** GitHub's guess at how the author stands to the repository; never proof of a role. */
export function associationOf(site: Site, record: Editable): string {
  if (record.author.login.toLowerCase() === site.owner.toLowerCase()) return "OWNER";
  const role = site.state.users.get(record.author.login.toLowerCase())?.role ?? null;
  return role === null ? "NONE" : "COLLABORATOR";
}

export function issuePage(site: Site, issue: IssueRecord): string {
  return `${repositoryPage(site)}/${issue.pull ? "pull" : "issues"}/${issue.number}`;
}

export function renderIssue(site: Site, issue: IssueRecord): Record<string, unknown> {
  const url = `${repositoryUrl(site)}/issues/${issue.number}`;
  const assignees = issue.assignees.map((actor) => renderUser(site, actor));
  return {
    url,
    repository_url: repositoryUrl(site),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: issuePage(site, issue),
    id: issue.id,
    node_id: nodeId("I", issue.id),
    number: issue.number,
    title: issue.title,
    user: renderUser(site, issue.author),
    labels: labelsOf(site, issue).map((label) => renderLabel(site, label)),
    state: issue.state,
    locked: issue.locked,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    comments: issue.comments.length,
    created_at: timestamp(issue.createdAt),
    updated_at: timestamp(issue.updatedAt),
    closed_at: issue.closedAt && timestamp(issue.closedAt),
    author_association: associationOf(site, issue),
    active_lock_reason: issue.lockReason,
    body: issue.body === "" ? null : issue.body,
    closed_by: renderUserOrNull(site, issue.closedBy),
    reactions: renderRollup(url, issue.reactions),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: null,
    state_reason: issue.stateReason,
    ...(issue.pull ? { pull_request: renderPullLinks(site, issue) } : {}),
  };
}

function renderPullLinks(site: Site, issue: IssueRecord): Record<string, unknown> {
  const page = issuePage(site, issue);
  return {
    url: `${repositoryUrl(site)}/pulls/${issue.number}`,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    merged_at: null,
  };
}

export function renderComment(site: Site, comment: CommentRecord): Record<string, unknown> {
  const url = `${repositoryUrl(site)}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${repositoryPage(site)}/issues/${comment.issueNumber}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl(site)}/issues/${comment.issueNumber}`,
    id: comment.id,
    node_id: nodeId("IC", comment.id),
    user: renderUser(site, comment.author),
    created_at: timestamp(comment.createdAt),
    updated_at: timestamp(comment.updatedAt),
    author_association: associationOf(site, comment),
    body: comment.body,
    reactions: renderRollup(url, comment.reactions),
    performed_via_github_app: null,
  };
}

export function renderReaction(site: Site, reaction: ReactionRecord): Record<string, unknown> {
  return {
    id: reaction.id,
    node_id: nodeId("REA", reaction.id),
    user: renderUser(site, reaction.user),
    content: reaction.content,
    created_at: timestamp(reaction.createdAt),
  };
}

export function renderTimelineEvent(site: Site, record: TimelineRecord): Record<string, unknown> {
  return {
    id: record.id,
    node_id: nodeId("EV", record.id),
    url: `${repositoryUrl(site)}/issues/events/${record.id}`,
    actor: renderUser(site, record.actor),
    event: record.event,
    commit_id: null,
    commit_url: null,
    created_at: timestamp(record.createdAt),
    performed_via_github_app: null,
    ...(record.label ? { label: { name: record.label.name, color: record.label.color } } : {}),
    ...(record.rename ? { rename: record.rename } : {}),
    ...(record.assignee ? { assignee: renderUser(site, record.assignee), assigner: renderUser(site, record.actor) } : {}),
    ...(record.event === "locked" ? { lock_reason: null } : {}),
    ...(record.stateReason === undefined ? {} : { state_reason: record.stateReason }),
  };
}
