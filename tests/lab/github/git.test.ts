import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { GitHub } from "../../../lab/github/github.js";
import { as, collectEvents, connect, makeJob, repo, startGitHub, statusOf } from "./support.js";

const run = promisify(execFile);
const rulesets = [{ name: "plans", target: "tag", include: ["refs/tags/plan/**/*"], rules: ["update", "deletion"] }] as const;

let github: GitHub;
let folder: string;
beforeAll(async () => {
  github = await startGitHub({ rulesets });
  folder = await mkdtemp(join(tmpdir(), "lab-git-test-"));
});
afterAll(async () => {
  await github.close();
  await rm(folder, { recursive: true });
});

function git(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const env = { PATH: process.env["PATH"], HOME: folder, GIT_CONFIG_NOSYSTEM: "1", GIT_TERMINAL_PROMPT: "0" };
  return run("git", ["-c", "user.name=t", "-c", "user.email=t@localhost", ...args], { cwd: folder, env });
}
function remote(token: string | undefined): string {
  return `${github.urls.server.replace("//", `//x-access-token:${token ?? ""}@`)}/acme/shop.git`;
}
async function head(): Promise<string> {
  return (await as(github, "read").git.getRef({ ...repo, ref: "heads/main" })).data.object.sha;
}

test("git clones, pushes with write, and the push is an event", async () => {
  const events = collectEvents(github);
  await git("clone", "--quiet", remote(github.tokens["write"]), "clone");
  expect(await readFile(join(folder, "clone/src/pool.txt"), "utf8")).toBe("size=50\n");
  await writeFile(join(folder, "clone/src/pool.txt"), "size=2\n");
  await git("-C", "clone", "commit", "--quiet", "-am", "Shrink the pool");
  await git("-C", "clone", "push", "--quiet", "origin", "main");
  const { data: commit } = await as(github, "read").repos.getCommit({ ...repo, ref: "main" });
  expect(commit.files?.map(({ filename, patch }) => [filename, patch])).toEqual([
    ["src/pool.txt", "@@ -1 +1 @@\n-size=50\n+size=2"],
  ]);
  expect(events.map(({ name }) => name)).toEqual(["push"]);
  expect(events[0]?.payload).toMatchObject({
    ref: "refs/heads/main",
    after: commit.sha,
    commits: [{ modified: ["src/pool.txt"] }],
    pusher: { name: "write" },
  });
});

test("git refuses a push of a reader, a fetch of a stranger, and a push of a job without contents: write", async () => {
  await expect(git("clone", "--quiet", remote(github.tokens["outsider"]), "never")).rejects.toThrow(/not found/i);
  await expect(git("clone", "--quiet", `${github.urls.server}/acme/shop.git`, "never")).rejects.toThrow();
  await git("clone", "--quiet", remote(github.issueJobToken(makeJob(), { contents: "read" })), "reader");
  await git("-C", "reader", "commit", "--quiet", "--allow-empty", "-m", "no");
  await expect(git("-C", "reader", "push", "--quiet", "origin", "main")).rejects.toThrow(/403/);
  await expect(git("-C", "reader", "push", "--quiet", remote(github.tokens["read"]), "main")).rejects.toThrow(/403/);
});

test("of many who create the same ref at once exactly one succeeds", async () => {
  const octokit = as(github, "write");
  const sha = await head();
  const asked = Array.from({ length: 6 }, () => statusOf(octokit.git.createRef({ ...repo, ref: "refs/tags/race", sha })));
  const statuses = await Promise.all(asked);
  expect(statuses.filter((status) => status === 0)).toHaveLength(1);
  expect(statuses.filter((status) => status === 422)).toHaveLength(5);
});

test("an annotated tag keeps its message, and a ruleset keeps the tag, for the API and for git", async () => {
  const octokit = as(github, "admin");
  const sha = await head();
  const { data: tag } = await octokit.git.createTag({
    ...repo,
    tag: "plan/7/abc/1",
    message: "4711",
    object: sha,
    type: "commit",
  });
  await octokit.git.createRef({ ...repo, ref: "refs/tags/plan/7/abc/1", sha: tag.sha });
  expect((await octokit.git.getTag({ ...repo, tag_sha: tag.sha })).data).toMatchObject({
    message: "4711",
    tagger: { name: "admin" },
  });
  expect(await statusOf(octokit.git.deleteRef({ ...repo, ref: "tags/plan/7/abc/1" }))).toBe(422);
  expect(await statusOf(octokit.git.updateRef({ ...repo, ref: "tags/plan/7/abc/1", sha, force: true }))).toBe(422);
  await expect(git("-C", "clone", "push", remote(github.tokens["admin"]), ":refs/tags/plan/7/abc/1")).rejects.toThrow(
    /rule violations/,
  );
  const { data: matching } = await octokit.git.listMatchingRefs({ ...repo, ref: "tags/plan/7/" });
  expect(matching.map(({ ref, object }) => [ref, object.type])).toEqual([["refs/tags/plan/7/abc/1", "tag"]]);
});

test("an unprotected ref moves forward only, or by force, and can be deleted", async () => {
  const octokit = as(github, "write");
  const { data: tip } = await octokit.repos.getCommit({ ...repo, ref: "main" });
  const older = tip.parents[0]?.sha ?? "";
  await octokit.git.createRef({ ...repo, ref: "refs/heads/moving", sha: tip.sha });
  expect(await statusOf(octokit.git.updateRef({ ...repo, ref: "heads/moving", sha: older }))).toBe(422);
  await octokit.git.updateRef({ ...repo, ref: "heads/moving", sha: older, force: true });
  await octokit.git.updateRef({ ...repo, ref: "heads/moving", sha: tip.sha });
  expect((await octokit.repos.getBranch({ ...repo, branch: "moving" })).data.commit.sha).toBe(tip.sha);
  await octokit.git.deleteRef({ ...repo, ref: "heads/moving" });
  expect(await statusOf(octokit.git.getRef({ ...repo, ref: "heads/moving" }))).toBe(404);
  expect(await statusOf(octokit.git.deleteRef({ ...repo, ref: "heads/moving" }))).toBe(422);
  expect(await statusOf(octokit.git.createRef({ ...repo, ref: "refs/heads/ghost", sha: "1".repeat(40) }))).toBe(422);
});

test("blobs, trees and commits make a branch, a comparison and a pull request", async () => {
  const octokit = as(github, "write");
  const base = await head();
  const { data: blob } = await octokit.git.createBlob({ ...repo, content: "made by hand\n" });
  const entry = { path: "docs/hand.md", mode: "100644", type: "blob", sha: blob.sha } as const;
  const { data: tree } = await octokit.git.createTree({
    ...repo,
    base_tree: base,
    tree: [entry, { path: "README.md", mode: "100644", type: "blob", sha: null }],
  });
  const { data: commit } = await octokit.git.createCommit({ ...repo, message: "By hand", tree: tree.sha, parents: [base] });
  await octokit.git.createRef({ ...repo, ref: "refs/heads/hand", sha: commit.sha });
  const { data: comparison } = await octokit.repos.compareCommitsWithBasehead({ ...repo, basehead: "main...hand" });
  expect(comparison).toMatchObject({ status: "ahead", ahead_by: 1, behind_by: 0 });
  expect(comparison.files?.map(({ filename, status }) => [filename, status])).toEqual([
    ["README.md", "removed"],
    ["docs/hand.md", "added"],
  ]);
  const { data: pull } = await octokit.pulls.create({ ...repo, title: "Hand", head: "hand", base: "main" });
  expect(pull).toMatchObject({ state: "open", changed_files: 2, head: { sha: commit.sha } });
  expect((await octokit.pulls.list(repo)).data.map(({ number }) => number)).toEqual([pull.number]);
  expect((await octokit.pulls.get({ ...repo, pull_number: pull.number })).data.title).toBe("Hand");
  expect(await statusOf(octokit.pulls.create({ ...repo, title: "Again", head: "hand", base: "main" }))).toBe(422);
  const { data: listed } = await octokit.git.getTree({ ...repo, tree_sha: commit.sha, recursive: "1" });
  expect(listed.tree.map(({ path }) => path)).toEqual(["docs", "docs/hand.md", "src", "src/pool.txt"]);
  expect((await octokit.git.getBlob({ ...repo, file_sha: blob.sha })).data.size).toBe(13);
  expect((await octokit.git.getCommit({ ...repo, commit_sha: commit.sha })).data.message).toBe("By hand");
});

test("a file is written once per known state, read as JSON and raw, and lists in its folder", async () => {
  const octokit = as(github, "write");
  const at = { ...repo, path: "postmortems/2024/1.md", message: "File", content: Buffer.from("# One\n").toString("base64") };
  const { data: written } = await octokit.repos.createOrUpdateFileContents(at);
  expect(await statusOf(octokit.repos.createOrUpdateFileContents(at))).toBe(422);
  expect(await statusOf(octokit.repos.createOrUpdateFileContents({ ...at, sha: "0".repeat(40) }))).toBe(409);
  const again = await octokit.repos.createOrUpdateFileContents({
    ...at,
    sha: written.content?.sha ?? "",
    content: Buffer.from("# Two\n").toString("base64"),
  });
  expect(again.status).toBe(200);
  const { data: file } = await octokit.repos.getContent({ ...repo, path: "postmortems/2024/1.md" });
  expect("content" in file && Buffer.from(file.content, "base64").toString()).toBe("# Two\n");
  const raw = await octokit.repos.getContent({ ...repo, path: "postmortems/2024/1.md", mediaType: { format: "raw" } });
  expect(raw.data).toBe("# Two\n");
  const { data: listing } = await octokit.repos.getContent({ ...repo, path: "postmortems" });
  expect(Array.isArray(listing) && listing.map(({ name, type }) => [name, type])).toEqual([["2024", "dir"]]);
  expect(await statusOf(octokit.repos.getContent({ ...repo, path: "../etc/passwd" }))).toBe(404);
  expect(
    await statusOf(connect(github, github.issueJobToken(makeJob(), { contents: "read" })).repos.createOrUpdateFileContents(at)),
  ).toBe(403);
});

test("lists of commits, branches, tags and releases answer", async () => {
  const octokit = as(github, "read");
  const { data: commits } = await octokit.repos.listCommits({ ...repo, path: "postmortems" });
  expect(commits.map(({ commit }) => commit.message)).toEqual(["File", "File"]);
  expect((await octokit.repos.listBranches(repo)).data.map(({ name }) => name)).toContain("hand");
  expect((await octokit.repos.listTags(repo)).data.map(({ name }) => name)).toContain("plan/7/abc/1");
  expect((await octokit.repos.listReleases(repo)).data).toEqual([]);
  expect((await octokit.repos.getCombinedStatusForRef({ ...repo, ref: "main" })).data.total_count).toBe(0);
  expect((await octokit.checks.listForRef({ ...repo, ref: "main" })).data.total_count).toBe(0);
  const { data: rules } = await octokit.repos.getRepoRulesets(repo);
  const { data: ruleset } = await octokit.repos.getRepoRuleset({ ...repo, ruleset_id: rules[0]?.id ?? 0 });
  expect(ruleset.rules?.map(({ type }) => type)).toEqual(["update", "deletion"]);
});

test("nothing above was at odds with GitHub's own description", () => {
  expect(github.validation.checked).toBeGreaterThan(0);
  expect(github.validation).toMatchObject({ violations: 0, without_schema: 0, problems: [] });
});
