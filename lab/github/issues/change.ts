import type { Actor } from "../../model.js";
import { emit } from "../events.js";
import { labelsOf, renderComment, renderIssue, renderLabel } from "../render/issue.js";
import { renderUser } from "../render/user.js";
import { actorOf, type Caller, type Site } from "../site.js";
import type { Editable, IssueRecord, LabelRecord, TimelineRecord } from "../state.js";

/** GitHub's limit for bodies of issues and comments, in characters. */
export const bodyLimit = 65_536;

/**
 * Replaces a body and keeps the history. An over-long text is dropped in silence and the old one stays: on update
 * GitHub may answer 200 that way.
 * @returns whether the body is another one now
 */
export function editBody(site: Site, caller: Caller, record: Editable, body: string): boolean {
  if (body === record.body || Array.from(body).length > bodyLimit) return false;
  const editor = actorOf(caller);
  const editedAt = site.clock.now();
  if (record.edits.length === 0) {
    record.edits.push({ id: site.state.nextId(), editor: record.author, editedAt: record.createdAt, body: record.body });
  }
  record.edits.push({ id: site.state.nextId(), editor, editedAt, body });
  Object.assign(record, { body, editor, lastEditedAt: editedAt, updatedAt: editedAt });
  return true;
}

type Happening = Pick<TimelineRecord, "event" | "label" | "rename" | "assignee" | "stateReason">;

/** Notes what happened to an issue in its timeline. */
export function noteEvent(site: Site, caller: Caller, issue: IssueRecord, happening: Happening): void {
  const createdAt = site.clock.now();
  issue.timeline.push({ id: site.state.nextId(), actor: actorOf(caller), createdAt, ...happening });
  issue.updatedAt = createdAt;
}

export function emitIssue(
  site: Site,
  caller: Caller,
  issue: IssueRecord,
  action: string,
  extra: Record<string, unknown> = {},
): void {
  emit(site, caller, "issues", action, { issue: renderIssue(site, issue), ...extra });
}

export function emitComment(
  site: Site,
  caller: Caller,
  issue: IssueRecord,
  comment: IssueRecord["comments"][number],
  action: string,
  extra: Record<string, unknown> = {},
): void {
  emit(site, caller, "issue_comment", action, {
    issue: renderIssue(site, issue),
    comment: renderComment(site, comment),
    ...extra,
  });
}

/** Labels come into being when first named, as on GitHub. */
export function labelNamed(site: Site, name: string): LabelRecord {
  const known = site.state.labels.get(name.toLowerCase());
  if (known) return known;
  const label: LabelRecord = { id: site.state.nextId(), name, color: "ededed", description: null };
  site.state.labels.set(name.toLowerCase(), label);
  return label;
}

/** Makes the issue carry exactly these labels; one event for each that came or went. */
export function setLabels(site: Site, caller: Caller, issue: IssueRecord, names: readonly string[]): void {
  const before = labelsOf(site, issue);
  const after = [...new Set(names.map((name) => labelNamed(site, name)))];
  issue.labels.clear();
  for (const label of after) issue.labels.add(label.name);
  for (const label of after.filter((candidate) => !before.includes(candidate))) noteLabel(site, caller, issue, label, "labeled");
  for (const label of before.filter((candidate) => !after.includes(candidate)))
    noteLabel(site, caller, issue, label, "unlabeled");
}

/** A new issue is announced once, with its labels on it, and then label by label. */
export function openWithLabels(site: Site, caller: Caller, issue: IssueRecord, names: readonly string[]): void {
  const labels = [...new Set(names.map((name) => labelNamed(site, name)))];
  for (const label of labels) issue.labels.add(label.name);
  emitIssue(site, caller, issue, "opened");
  for (const label of labels) noteLabel(site, caller, issue, label, "labeled");
}

function noteLabel(site: Site, caller: Caller, issue: IssueRecord, label: LabelRecord, event: "labeled" | "unlabeled"): void {
  noteEvent(site, caller, issue, { event, label });
  emitIssue(site, caller, issue, event, { label: renderLabel(site, label) });
}

/** Makes exactly these people the assignees; names GitHub does not know as collaborators are dropped in silence. */
export function setAssignees(site: Site, caller: Caller, issue: IssueRecord, logins: readonly string[]): void {
  const wanted = logins.flatMap((login): Actor[] => {
    const user = site.state.users.get(login.toLowerCase());
    return user && user.role !== null ? [user] : [];
  });
  const added = wanted.filter((actor) => !issue.assignees.some((present) => present.id === actor.id));
  issue.assignees = [...new Map(wanted.map((actor) => [actor.id, actor])).values()];
  for (const assignee of added) {
    noteEvent(site, caller, issue, { event: "assigned", assignee });
    emitIssue(site, caller, issue, "assigned", { assignee: renderUser(site, assignee) });
  }
}

export function setState(
  site: Site,
  caller: Caller,
  issue: IssueRecord,
  state: "open" | "closed",
  reason: IssueRecord["stateReason"],
): void {
  if (issue.state === state) return;
  const closed = state === "closed";
  const stateReason = reason ?? (closed ? "completed" : "reopened");
  Object.assign(issue, {
    state,
    stateReason,
    closedAt: closed ? site.clock.now() : null,
    closedBy: closed ? actorOf(caller) : null,
  });
  noteEvent(site, caller, issue, { event: closed ? "closed" : "reopened", stateReason });
  emitIssue(site, caller, issue, closed ? "closed" : "reopened");
}

export function setTitle(site: Site, caller: Caller, issue: IssueRecord, title: string): void {
  const from = issue.title;
  if (from === title) return;
  issue.title = title;
  noteEvent(site, caller, issue, { event: "renamed", rename: { from, to: title } });
  emitIssue(site, caller, issue, "edited", { changes: { title: { from } } });
}
