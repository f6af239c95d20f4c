import { emit } from "../events.js";
import { commitPage } from "../render/git.js";
import { repositoryPage } from "../render/repository.js";
import { actorOf, type Caller, HttpError, type Site } from "../site.js";
import { type Commit, type Person, readCommits, resolveCommit } from "./objects.js";
import { isAncestor, moveRef, nowhere, removeRef } from "./refs.js";
import { findForbiddingRule, type RefChange } from "./rules.js";

export interface RefMove {
  readonly ref: string;
  readonly before: string; // `nowhere` for a new ref
  readonly after: string; // `nowhere` for a deleted ref
}

/** Who a commit made through the API is by. */
export function personOf(site: Site, caller: Caller): Person {
  const actor = actorOf(caller);
  return {
    name: actor.login,
    email: `${actor.id}+${actor.login}@users.noreply.github.com`,
    date: `${site.clock.now().toISOString().slice(0, 19)}Z`,
  };
}

/** @throws {HttpError} 422 when a ruleset forbids it */
export async function checkRules(site: Site, move: RefMove): Promise<void> {
  const change = await changeOf(site, move);
  if (findForbiddingRule(site.state.rulesets, move.ref, change, site.defaultBranch) === null) return;
  const verb = { creation: "create", update: "update", deletion: "delete", non_fast_forward: "update" }[change];
  throw new HttpError(422, `Repository rule violations found\n\nCannot ${verb} this protected ref.\n\n`);
}

async function changeOf(site: Site, { before, after }: RefMove): Promise<RefChange> {
  if (before === nowhere) return "creation";
  if (after === nowhere) return "deletion";
  return (await isAncestor(site.git, before, after)) ? "update" : "non_fast_forward";
}

/**
 * Moves a ref as one atomic step, rules first, and raises `push`.
 * @returns false when the ref was no longer at `before`
 */
export async function applyMove(site: Site, caller: Caller, move: RefMove): Promise<boolean> {
  await checkRules(site, move);
  const { git } = site;
  const moved =
    move.after === nowhere ? await removeRef(git, move.ref, move.before) : await moveRef(git, move.ref, move.after, move.before);
  if (moved) await emitPush(site, caller, move);
  return moved;
}

export async function emitPush(site: Site, caller: Caller, move: RefMove): Promise<void> {
  const { ref, before, after } = move;
  const head = after === nowhere ? null : await resolveCommit(site.git, after);
  const commits = head === null || before === nowhere ? [] : await readCommits(site.git, ["--reverse", `${before}..${head}`]);
  const latest = head === null ? [] : await readCommits(site.git, ["-1", head]);
  const forced = before !== nowhere && after !== nowhere && !(await isAncestor(site.git, before, after));
  const actor = actorOf(caller);
  emit(site, caller, "push", null, {
    ref,
    before,
    after,
    created: before === nowhere,
    deleted: after === nowhere,
    forced,
    base_ref: null,
    compare: `${repositoryPage(site)}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: await Promise.all(commits.map((commit) => renderPushed(site, commit))),
    head_commit: latest[0] ? await renderPushed(site, latest[0]) : null,
    pusher: { name: actor.login, email: `${actor.id}+${actor.login}@users.noreply.github.com` },
  });
}

async function renderPushed(site: Site, commit: Commit): Promise<Record<string, unknown>> {
  const text = await site.git.text([
    "diff-tree",
    "--no-commit-id",
    "--name-status",
    "-r",
    "-z",
    "--root",
    "--no-renames",
    commit.sha,
  ]);
  const fields = text.split("\0").filter(Boolean);
  const withStatus = (letter: string) => fields.filter((_, index) => index % 2 === 1 && fields[index - 1] === letter);
  const person = ({ name, email }: Person) => ({ name, email, username: name });
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: commitPage(site, commit.sha),
    author: person(commit.author),
    committer: person(commit.committer),
    added: withStatus("A"),
    removed: withStatus("D"),
    modified: withStatus("M"),
  };
}
