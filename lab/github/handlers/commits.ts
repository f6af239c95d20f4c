import { type Call, type Handlers, need, ok } from "../api/operation.js";
import { listPage } from "../api/pages.js";
import { compareCommits, diffEntries } from "../git/compare.js";
import { readCommit, readCommits, resolveCommit } from "../git/objects.js";
import { listRefs, readRef } from "../git/refs.js";
import { findForbiddingRule } from "../git/rules.js";
import { renderCommit } from "../render/git.js";
import { renderMinimalRepository, repositoryPage, repositoryUrl } from "../render/repository.js";
import { nodeId } from "../render/user.js";
import { type Answer, HttpError, notFound } from "../site.js";

const read = need("contents", "read", "read");

export const commitHandlers: Handlers = {
  "repos/list-commits": { needs: read, handle: listCommits },
  "repos/get-commit": { needs: read, handle: getCommit },
  "repos/compare-commits": { needs: read, handle: compare },
  "repos/get-branch": { needs: read, handle: getBranch },
  "repos/list-branches": { needs: read, handle: listBranches },
  "repos/list-tags": { needs: need("metadata", "read", "read"), handle: listTags },
  "repos/list-releases": { needs: read, handle: (call) => listPage(call, [], (release) => release) },
  "repos/get-combined-status-for-ref": { needs: need("statuses", "read", "read"), handle: combinedStatus },
  "checks/list-for-ref": { needs: need("checks", "read", "read"), handle: listChecks },
};

async function commitOf(call: Call, expression: string): Promise<string> {
  const sha = await resolveCommit(call.site.git, expression);
  if (sha === null) throw new HttpError(422, `No commit found for SHA: ${expression}`);
  return sha;
}

async function listCommits(call: Call): Promise<Answer> {
  const { query, site } = call;
  const start = await resolveCommit(site.git, String(query["sha"] ?? site.defaultBranch));
  if (start === null) throw notFound();
  const options = (["since", "until", "author"] as const).flatMap((name) =>
    query[name] === undefined ? [] : [`--${name}=${query[name]}`],
  );
  const commits = await readCommits(site.git, [...options, start], query["path"] === undefined ? [] : [String(query["path"])]);
  return listPage(call, commits, (commit) => renderCommit(site, commit));
}

async function getCommit(call: Call): Promise<Answer> {
  const { git } = call.site;
  const commit = await readCommit(git, await commitOf(call, call.params["ref"] ?? ""));
  if (call.accept.includes("sha")) return { status: 200, text: commit.sha };
  if (call.accept.includes("diff")) return { status: 200, text: await git.text(["show", "--format=", commit.sha]) };
  const files = await diffEntries(call.site, commit.parents[0] ?? null, commit.sha);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return ok({ ...renderCommit(call.site, commit), stats: { total: additions + deletions, additions, deletions }, files });
}

async function compare(call: Call): Promise<Answer> {
  const [base, head] = await Promise.all([
    resolveCommit(call.site.git, call.params["base"] ?? ""),
    resolveCommit(call.site.git, call.params["head"] ?? ""),
  ]);
  if (base === null || head === null) throw notFound();
  return ok(await compareCommits(call.site, base, head));
}

function isProtected(call: Call, branch: string): boolean {
  const { site } = call;
  return findForbiddingRule(site.state.rulesets, `refs/heads/${branch}`, "update", site.defaultBranch) !== null;
}

async function getBranch(call: Call): Promise<Answer> {
  const { site } = call;
  const name = call.params["branch"] ?? "";
  const ref = await readRef(site.git, `refs/heads/${name}`);
  if (!ref) throw new HttpError(404, "Branch not found");
  const self = `${repositoryUrl(site)}/branches/${name}`;
  return ok({
    name,
    commit: renderCommit(site, await readCommit(site.git, ref.sha)),
    _links: { self, html: `${repositoryPage(site)}/tree/${name}` },
    protected: isProtected(call, name),
    protection: { enabled: false, required_status_checks: { enforcement_level: "off", contexts: [], checks: [] } },
    protection_url: `${self}/protection`,
  });
}

async function listBranches(call: Call): Promise<Answer> {
  const refs = await listRefs(call.site.git, "refs/heads/");
  const branches = refs.map((ref) => ({ name: ref.name.slice("refs/heads/".length), sha: ref.sha }));
  const wanted = branches.filter(
    ({ name }) => call.query["protected"] === undefined || isProtected(call, name) === call.query["protected"],
  );
  return listPage(call, wanted, ({ name, sha }) => ({
    name,
    commit: { sha, url: `${repositoryUrl(call.site)}/commits/${sha}` },
    protected: isProtected(call, name),
  }));
}

async function listTags(call: Call): Promise<Answer> {
  const refs = await listRefs(call.site.git, "refs/tags/");
  const url = repositoryUrl(call.site);
  return listPage(call, refs, async (ref) => {
    const name = ref.name.slice("refs/tags/".length);
    const sha = (await resolveCommit(call.site.git, ref.sha)) ?? ref.sha;
    const archives = { zipball_url: `${url}/zipball/${ref.name}`, tarball_url: `${url}/tarball/${ref.name}` };
    return { name, ...archives, commit: { sha, url: `${url}/commits/${sha}` }, node_id: nodeId("REF", ref.name) };
  });
}

/** Nothing in the lab sets commit statuses or checks outside of Actions, so both lists are empty. */
async function combinedStatus(call: Call): Promise<Answer> {
  const sha = await resolveCommit(call.site.git, call.params["ref"] ?? "");
  if (sha === null) throw notFound();
  const commitUrl = `${repositoryUrl(call.site)}/commits/${sha}`;
  const repository = renderMinimalRepository(call.site);
  return ok({
    state: "pending",
    statuses: [],
    sha,
    total_count: 0,
    repository,
    commit_url: commitUrl,
    url: `${commitUrl}/status`,
  });
}

async function listChecks(call: Call): Promise<Answer> {
  await commitOf(call, call.params["ref"] ?? "");
  return ok({ total_count: 0, check_runs: [] });
}
