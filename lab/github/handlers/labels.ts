import { type Call, created, type Handlers, need, ok } from "../api/operation.js";
import { listPage } from "../api/pages.js";
import { labelNamed, setLabels } from "../issues/change.js";
import { issueOf } from "../issues/find.js";
import { labelsOf, renderLabel } from "../render/issue.js";
import { type Answer, HttpError, invalidField } from "../site.js";
import type { IssueRecord, LabelRecord } from "../state.js";

const readIssues = need("issues", "read", "read");
const triage = need("issues", "write", "triage");

export const labelHandlers: Handlers = {
  "issues/list-labels-on-issue": {
    needs: readIssues,
    handle: (call) => listPage(call, labelsOf(call.site, issueOf(call)), (label) => renderLabel(call.site, label)),
  },
  "issues/list-labels-for-repo": {
    needs: readIssues,
    handle: (call) => listPage(call, [...call.site.state.labels.values()], (label) => renderLabel(call.site, label)),
  },
  "issues/create-label": { needs: need("issues", "write", "write"), handle: createLabel },
  "issues/add-labels": { needs: triage, handle: (call) => changeLabels(call, (issue, names) => [...issue.labels, ...names]) },
  "issues/set-labels": { needs: triage, handle: (call) => changeLabels(call, (_issue, names) => names) },
  "issues/remove-label": { needs: triage, handle: removeLabel },
};

/** The body is `{labels: [...]}` or a bare array, of names or of objects with a name. */
function namesIn(rawBody: unknown): string[] {
  const list = Array.isArray(rawBody) ? rawBody : ((rawBody as { labels?: unknown } | null)?.labels ?? []);
  const entries = (Array.isArray(list) ? list : []) as (string | { name: string })[];
  return entries.map((entry) => (typeof entry === "string" ? entry : entry.name));
}

function changeLabels(call: Call, merge: (issue: IssueRecord, names: string[]) => string[]): Answer {
  const issue = issueOf(call);
  setLabels(call.site, call.caller, issue, merge(issue, namesIn(call.rawBody)));
  return renderLabels(call, issue);
}

function renderLabels(call: Call, issue: IssueRecord): Answer {
  return ok(labelsOf(call.site, issue).map((label) => renderLabel(call.site, label)));
}

function removeLabel(call: Call): Answer {
  const issue = issueOf(call);
  const name = (call.params["name"] ?? "").toLowerCase();
  const rest = [...issue.labels].filter((label) => label.toLowerCase() !== name);
  if (rest.length === issue.labels.size) throw new HttpError(404, "Label does not exist");
  setLabels(call.site, call.caller, issue, rest);
  return renderLabels(call, issue);
}

function createLabel(call: Call): Answer {
  const { site, body } = call;
  const name = String(body["name"]);
  if (site.state.labels.has(name.toLowerCase())) throw invalidField("Label", "name", "already_exists");
  const color = typeof body["color"] === "string" ? body["color"] : "ededed";
  const description = typeof body["description"] === "string" ? body["description"] : null;
  const label: LabelRecord = { ...labelNamed(site, name), color, description };
  site.state.labels.set(name.toLowerCase(), label);
  return created(renderLabel(site, label));
}
