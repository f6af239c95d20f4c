import { type Call, created, type Handlers, need, ok } from "../api/operation.js";
import { listPage } from "../api/pages.js";
import { compareCommits } from "../git/compare.js";
import { resolveCommit } from "../git/objects.js";
import { addIssue } from "../issues/create.js";
import { renderPull } from "../render/pull.js";
import { type Answer, HttpError, invalidField, notFound } from "../site.js";
import type { IssueRecord, PullRecord } from "../state.js";

const read = need("pull-requests", "read", "read");

export const pullHandlers: Handlers = {
  "pulls/list": { needs: read, handle: listPulls },
  "pulls/get": { needs: read, handle: getPull },
  "pulls/create": { needs: need("pull-requests", "write", "write"), handle: createPull },
};

type PullIssue = IssueRecord & { readonly pull: PullRecord };

function pullsOf(call: Call): PullIssue[] {
  return call.site.state.issues.filter((issue): issue is PullIssue => issue.pull !== null);
}

async function headOf(call: Call, pull: PullRecord): Promise<string> {
  return (await resolveCommit(call.site.git, `refs/heads/${pull.head}`)) ?? pull.baseSha;
}

async function renderSimple(call: Call, issue: PullIssue): Promise<Record<string, unknown>> {
  return renderPull(call.site, issue, issue.pull, await headOf(call, issue.pull));
}

function listPulls(call: Call): Promise<Answer> {
  const { query, site } = call;
  const state = query["state"] ?? "open";
  const kept = pullsOf(call).filter(
    (issue) =>
      (state === "all" || issue.state === state) &&
      (query["base"] === undefined || issue.pull.base === query["base"]) &&
      (query["head"] === undefined || `${site.owner}:${issue.pull.head}` === query["head"]),
  );
  return listPage(call, query["direction"] === "asc" ? kept : kept.toReversed(), (issue) => renderSimple(call, issue));
}

async function renderFull(call: Call, issue: PullIssue): Promise<Record<string, unknown>> {
  const simple = await renderSimple(call, issue);
  const comparison = await compareCommits(call.site, issue.pull.baseSha, await headOf(call, issue.pull));
  const files = comparison["files"] as { additions: number; deletions: number }[];
  return {
    ...simple,
    merged: false,
    mergeable: null, // GitHub works it out later, so the first answer is unknown
    rebaseable: null,
    mergeable_state: "unknown",
    merged_by: null,
    comments: issue.comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: comparison["total_commits"],
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}

async function getPull(call: Call): Promise<Answer> {
  const issue = pullsOf(call).find((candidate) => candidate.number === Number(call.params["pull_number"]));
  if (!issue) throw notFound();
  return ok(await renderFull(call, issue));
}

async function createPull(call: Call): Promise<Answer> {
  const { site, caller, body } = call;
  const head = String(body["head"]).replace(`${site.owner}:`, "");
  const base = String(body["base"]);
  const headSha = await resolveCommit(site.git, `refs/heads/${head}`);
  const baseSha = await resolveCommit(site.git, `refs/heads/${base}`);
  if (headSha === null) throw invalidField("PullRequest", "head", "invalid");
  if (baseSha === null) throw invalidField("PullRequest", "base", "invalid");
  if (typeof body["title"] !== "string" || body["title"].trim() === "")
    throw invalidField("PullRequest", "title", "missing_field");
  checkNew(call, { head, base });
  const comparison = await compareCommits(site, baseSha, headSha);
  if (comparison["ahead_by"] === 0) throw custom(`No commits between ${base} and ${head}`);
  const pull: PullRecord = { id: site.state.nextId(), head, base, baseSha, draft: body["draft"] === true };
  const text = typeof body["body"] === "string" ? body["body"] : "";
  const issue = addIssue(site, caller, { title: body["title"], body: text, pull });
  return created(await renderFull(call, issue as PullIssue));
}

function checkNew(call: Call, { head, base }: { readonly head: string; readonly base: string }): void {
  const open = pullsOf(call).some((issue) => issue.state === "open" && issue.pull.head === head && issue.pull.base === base);
  if (open) throw custom(`A pull request already exists for ${call.site.owner}:${head}.`);
}

function custom(message: string): HttpError {
  return new HttpError(422, "Validation Failed", { errors: [{ resource: "PullRequest", code: "custom", message }] });
}
