import type { Git } from "./git.js";

export type ObjectType = "commit" | "tree" | "blob" | "tag";
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly date: string; // ISO 8601, whole seconds, UTC
}
export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
}
export interface Tag {
  readonly sha: string;
  readonly name: string;
  readonly object: { readonly sha: string; readonly type: ObjectType };
  readonly tagger: Person;
  readonly message: string;
}
export interface TreeEntry {
  readonly mode: string;
  readonly type: ObjectType;
  readonly sha: string;
  readonly size: number | null; // null for trees and submodules
  readonly path: string;
}

/** `refs/heads/x`, `x`, a SHA or `HEAD` to an object id; null when there is no such thing. */
export async function resolveObject(git: Git, expression: string): Promise<string | null> {
  if (expression === "" || expression.startsWith("-") || expression.includes("\0")) return null;
  return git.ask(["rev-parse", "--verify", "--quiet", expression]);
}

export async function resolveCommit(git: Git, expression: string): Promise<string | null> {
  return resolveObject(git, `${expression}^{commit}`);
}

export async function typeOf(git: Git, sha: string): Promise<ObjectType | null> {
  if (!/^[0-9a-f]{40}$/.test(sha)) return null;
  return (await git.ask(["cat-file", "-t", sha])) as ObjectType | null;
}

const commitFormat = "%H%x00%T%x00%P%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%B%x1e";

/** @param args - options and revisions of `git log`; `paths` limits to commits that touch them */
export async function readCommits(git: Git, args: readonly string[], paths: readonly string[] = []): Promise<Commit[]> {
  const text = await git.text(["log", `--format=${commitFormat}`, ...args, "--", ...paths]);
  const records = text.split("\x1e").map((part) => part.replace(/^\n/, ""));
  return records.filter((part) => part !== "").map(parseCommit);
}

export async function readCommit(git: Git, sha: string): Promise<Commit> {
  const [commit] = await readCommits(git, ["-1", sha]);
  if (!commit) throw new Error(`git has no commit ${sha}`);
  return commit;
}

function parseCommit(text: string): Commit {
  const [sha = "", tree = "", parents = "", an = "", ae = "", at = "", cn = "", ce = "", ct = "", message = ""] =
    text.split("\0");
  return {
    sha,
    tree,
    parents: parents.split(" ").filter(Boolean),
    author: { name: an, email: ae, date: isoSeconds(at) },
    committer: { name: cn, email: ce, date: isoSeconds(ct) },
    message: message.replace(/\n+$/, ""),
  };
}

function isoSeconds(unix: string): string {
  return `${new Date(Number(unix) * 1000).toISOString().slice(0, 19)}Z`;
}

export async function readTag(git: Git, sha: string): Promise<Tag> {
  const text = await git.text(["cat-file", "tag", sha]);
  const end = text.indexOf("\n\n");
  const head = new Map(text.slice(0, end).split("\n").map(splitHeader));
  const [, name = "", email = "", at = "0"] = /^(.*) <(.*)> (\d+)/.exec(head.get("tagger") ?? "") ?? [];
  const object = { sha: head.get("object") ?? "", type: (head.get("type") ?? "commit") as ObjectType };
  return {
    sha,
    name: head.get("tag") ?? "",
    object,
    tagger: { name, email, date: isoSeconds(at) },
    message: text.slice(end + 2).replace(/\n+$/, ""),
  };
}

function splitHeader(line: string): [string, string] {
  const space = line.indexOf(" ");
  return [line.slice(0, space), line.slice(space + 1)];
}

/** Entries of a tree, with paths relative to it. */
export async function readTree(git: Git, sha: string, recursive: boolean): Promise<TreeEntry[]> {
  const text = await git.text(["ls-tree", "-l", "-z", ...(recursive ? ["-r", "-t"] : []), sha]);
  return text.split("\0").filter(Boolean).map(parseEntry);
}

function parseEntry(line: string): TreeEntry {
  const tab = line.indexOf("\t");
  const [mode = "", type = "", sha = "", size = "-"] = line.slice(0, tab).split(/ +/);
  return { mode, type: type as ObjectType, sha, size: size === "-" ? null : Number(size), path: line.slice(tab + 1) };
}

export async function readBlob(git: Git, sha: string): Promise<Buffer> {
  return git.bytes(["cat-file", "blob", sha]);
}
