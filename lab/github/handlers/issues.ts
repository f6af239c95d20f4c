import { hasRole } from "../api/access.js";
import { type Call, created, type Handlers, need, noContent, ok } from "../api/operation.js";
import { listPage } from "../api/pages.js";
import { editBody, emitIssue, openWithLabels, noteEvent, setAssignees, setLabels, setState, setTitle } from "../issues/change.js";
import { addIssue } from "../issues/create.js";
import { issueOf } from "../issues/find.js";
import { renderIssue, renderTimelineEvent } from "../render/issue.js";
import { type Answer, HttpError, invalidField } from "../site.js";
import type { IssueRecord } from "../state.js";
import { selectIssues } from "../issues/select.js";

const readIssues = need("issues", "read", "read");

export const issueHandlers: Handlers = {
  "issues/list-for-repo": {
    needs: readIssues,
    handle: (call) => listPage(call, selectIssues(call), (issue) => renderIssue(call.site, issue)),
  },
  "issues/get": { needs: readIssues, handle: (call) => ok(renderIssue(call.site, issueOf(call))) },
  "issues/create": { needs: need("issues", "write", "read"), handle: createIssue },
  "issues/update": { needs: need("issues", "write", "read"), handle: updateIssue },
  "issues/lock": { needs: need("issues", "write", "write"), handle: (call) => lockIssue(call, true) },
  "issues/unlock": { needs: need("issues", "write", "write"), handle: (call) => lockIssue(call, false) },
  "issues/list-events": {
    needs: readIssues,
    handle: (call) => listPage(call, issueOf(call).timeline, (event) => renderTimelineEvent(call.site, event)),
  },
  "issues/add-assignees": { needs: need("issues", "write", "triage"), handle: addAssignees },
};

/** May the caller triage: label, assign, close and edit issues of others? */
function mayTriage(call: Call): boolean {
  return call.caller.job !== null || hasRole(call.caller, "triage", call.site);
}

function labelNames(labels: unknown): string[] {
  const list = Array.isArray(labels) ? (labels as (string | { name?: string })[]) : [];
  return list.flatMap((label) => (typeof label === "string" ? label : (label.name ?? [])));
}

function createIssue(call: Call): Answer {
  const { site, caller, body } = call;
  const title = String(body["title"]);
  if (title.trim() === "") throw invalidField("Issue", "title", "missing_field");
  const issue = addIssue(site, caller, { title, body: textOf(body["body"]), pull: null });
  // Labels of people without triage are dropped in silence; the others are there already when "opened" is raised.
  const labels = mayTriage(call) ? labelNames(body["labels"]) : [];
  openWithLabels(site, caller, issue, labels);
  if (mayTriage(call)) setAssignees(site, caller, issue, assigneesOf(body));
  return created(renderIssue(site, issue));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function assigneesOf(body: Call["body"]): string[] {
  if (Array.isArray(body["assignees"])) return body["assignees"] as string[];
  return typeof body["assignee"] === "string" ? [body["assignee"]] : [];
}

function updateIssue(call: Call): Answer {
  const { site, caller, body } = call;
  const issue = issueOf(call);
  const author = caller.actor?.id === issue.author.id;
  if (!author && !mayTriage(call)) throw new HttpError(403, "Must have admin rights to Repository.");
  if (typeof body["title"] === "string" || typeof body["title"] === "number")
    setTitle(site, caller, issue, String(body["title"]));
  if ("body" in body) changeBody(call, issue, textOf(body["body"]));
  if (mayTriage(call)) {
    if ("labels" in body) setLabels(site, caller, issue, labelNames(body["labels"]));
    if ("assignees" in body || "assignee" in body) setAssignees(site, caller, issue, assigneesOf(body));
  }
  if (body["state"] === "open" || body["state"] === "closed") {
    setState(site, caller, issue, body["state"], (body["state_reason"] ?? null) as IssueRecord["stateReason"]);
  }
  return ok(renderIssue(site, issue));
}

function changeBody(call: Call, issue: IssueRecord, body: string): void {
  const from = issue.body;
  if (editBody(call.site, call.caller, issue, body))
    emitIssue(call.site, call.caller, issue, "edited", { changes: { body: { from } } });
}

function lockIssue(call: Call, locked: boolean): Answer {
  const { site, caller, body } = call;
  const issue = issueOf(call);
  if (issue.locked === locked) return noContent;
  Object.assign(issue, { locked, lockReason: locked && typeof body["lock_reason"] === "string" ? body["lock_reason"] : null });
  noteEvent(site, caller, issue, { event: locked ? "locked" : "unlocked" });
  emitIssue(site, caller, issue, locked ? "locked" : "unlocked");
  return noContent;
}

function addAssignees(call: Call): Answer {
  const issue = issueOf(call);
  setAssignees(call.site, call.caller, issue, [...issue.assignees.map((actor) => actor.login), ...assigneesOf(call.body)]);
  return created(renderIssue(call.site, issue));
}
