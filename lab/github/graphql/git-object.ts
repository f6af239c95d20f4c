import {
  type Commit,
  type Person,
  readBlob,
  readCommit,
  readCommits,
  readTag,
  readTree,
  type TreeEntry,
  typeOf,
} from "../git/objects.js";
import { listRefs, type Ref } from "../git/refs.js";
import { commitPage } from "../render/git.js";
import { nodeId } from "../render/user.js";
import type { Site } from "../site.js";
import { connect, type Node, type PageArgs } from "./connection.js";

/** Blobs are sent up to this size; GitHub cuts longer ones and says so. */
const maxBlobBytes = 512_000;

export async function objectNode(site: Site, sha: string): Promise<Node | null> {
  const type = await typeOf(site.git, sha);
  if (type === null) return null;
  return { blob: blobNode, tree: treeNode, commit: commitNode, tag: tagNode }[type](site, sha);
}

function common(site: Site, sha: string, typename: string): Node {
  return {
    __typename: typename,
    id: nodeId(typename, sha),
    oid: sha,
    abbreviatedOid: sha.slice(0, 7),
    commitUrl: commitPage(site, sha),
  };
}

async function blobNode(site: Site, sha: string): Promise<Node> {
  const content = await readBlob(site.git, sha);
  const isBinary = content.includes(0);
  const isTruncated = content.length > maxBlobBytes;
  const text = isBinary ? null : content.subarray(0, maxBlobBytes).toString("utf8");
  return { ...common(site, sha, "Blob"), byteSize: content.length, isBinary, isTruncated, text };
}

async function treeNode(site: Site, sha: string): Promise<Node> {
  const entries = async () => (await readTree(site.git, sha, false)).map((entry) => entryNode(site, entry));
  return { ...common(site, sha, "Tree"), entries };
}

function entryNode(site: Site, entry: TreeEntry): Node {
  return {
    name: entry.path,
    type: entry.type,
    oid: entry.sha,
    mode: Number.parseInt(entry.mode, 8),
    size: entry.size ?? 0,
    extension: /\.[^.]*$/.exec(entry.path)?.[0] ?? "",
    object: () => objectNode(site, entry.sha),
  };
}

async function commitNode(site: Site, sha: string): Promise<Node> {
  return renderCommitNode(site, await readCommit(site.git, sha));
}

function renderCommitNode(site: Site, commit: Commit): Node {
  const [headline = "", ...rest] = commit.message.split("\n");
  return {
    ...common(site, commit.sha, "Commit"),
    message: commit.message,
    messageHeadline: headline,
    messageBody: rest.join("\n").trim(),
    committedDate: commit.committer.date,
    authoredDate: commit.author.date,
    author: gitActorNode(commit.author),
    committer: gitActorNode(commit.committer),
    url: commitPage(site, commit.sha),
    statusCheckRollup: null, // nothing here checks commits
    tree: () => treeNode(site, commit.tree),
    parents: (args: PageArgs) => connect({ items: commit.parents, keyOf: String, render: (sha) => ({ oid: sha }) }, args),
    history: (args: HistoryArgs) => historyOf(site, commit.sha, args),
  };
}

type HistoryArgs = PageArgs & { readonly path?: string | null; readonly since?: string | null; readonly until?: string | null };

async function historyOf(site: Site, sha: string, args: HistoryArgs): Promise<Node> {
  const limits = [args.since ? [`--since=${args.since}`] : [], args.until ? [`--until=${args.until}`] : []].flat();
  const items = await readCommits(site.git, [...limits, sha], args.path ? [args.path] : []);
  return connect({ items, keyOf: (commit) => commit.sha, render: (commit) => renderCommitNode(site, commit) }, args);
}

function gitActorNode(person: Person): Node {
  return { name: person.name, email: person.email, date: person.date, user: null };
}

async function tagNode(site: Site, sha: string): Promise<Node> {
  const tag = await readTag(site.git, sha);
  const target = () => objectNode(site, tag.object.sha);
  return { ...common(site, sha, "Tag"), name: tag.name, message: tag.message, tagger: gitActorNode(tag.tagger), target };
}

export function refNode(site: Site, ref: Ref): Node {
  const prefix = /^refs\/[^/]+\//.exec(ref.name)?.[0] ?? "refs/";
  return {
    __typename: "Ref",
    id: nodeId("REF", ref.name),
    name: ref.name.slice(prefix.length),
    prefix,
    target: () => objectNode(site, ref.sha),
  };
}

export type RefArgs = PageArgs & {
  readonly refPrefix: string;
  readonly query?: string | null;
  readonly direction?: "ASC" | "DESC" | null;
  readonly orderBy?: { readonly direction: "ASC" | "DESC" } | null;
};

export async function refsConnection(site: Site, args: RefArgs): Promise<Node> {
  const found = (await listRefs(site.git, args.refPrefix)).filter((ref) => ref.name.includes(args.query ?? ""));
  const items = (args.orderBy?.direction ?? args.direction) === "DESC" ? found.toReversed() : found;
  return connect({ items, keyOf: (ref) => ref.name, render: (ref) => refNode(site, ref) }, args);
}
