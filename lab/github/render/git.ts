import type { Commit, Person, Tag } from "../git/objects.js";
import type { Ref } from "../git/refs.js";
import type { Site } from "../site.js";
import { repositoryPage, repositoryUrl } from "./repository.js";
import { nodeId } from "./user.js";

const unsigned = { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null };

export function objectUrl(site: Site, type: string, sha: string): string {
  return `${repositoryUrl(site)}/git/${type}s/${sha}`;
}

export function renderGitCommit(site: Site, commit: Commit): Record<string, unknown> {
  return {
    sha: commit.sha,
    node_id: nodeId("C", commit.sha),
    url: objectUrl(site, "commit", commit.sha),
    html_url: commitPage(site, commit.sha),
    author: commit.author,
    committer: commit.committer,
    tree: { sha: commit.tree, url: objectUrl(site, "tree", commit.tree) },
    message: commit.message,
    parents: commit.parents.map((sha) => ({ sha, url: objectUrl(site, "commit", sha), html_url: commitPage(site, sha) })),
    verification: unsigned,
  };
}

export function commitPage(site: Site, sha: string): string {
  return `${repositoryPage(site)}/commit/${sha}`;
}

/** A commit as the commits API shows it. Accounts are matched by their noreply address, as the stand-in writes it. */
export function renderCommit(site: Site, commit: Commit): Record<string, unknown> {
  const url = `${repositoryUrl(site)}/commits/${commit.sha}`;
  return {
    sha: commit.sha,
    node_id: nodeId("C", commit.sha),
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: objectUrl(site, "tree", commit.tree) },
      url: objectUrl(site, "commit", commit.sha),
      comment_count: 0,
      verification: unsigned,
    },
    url,
    html_url: commitPage(site, commit.sha),
    comments_url: `${url}/comments`,
    author: null,
    committer: null,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${repositoryUrl(site)}/commits/${sha}`,
      html_url: commitPage(site, sha),
    })),
  };
}

export function renderRef(site: Site, ref: Ref): Record<string, unknown> {
  return {
    ref: ref.name,
    node_id: nodeId("REF", ref.name),
    url: `${repositoryUrl(site)}/git/${ref.name}`,
    object: { sha: ref.sha, type: ref.type, url: objectUrl(site, ref.type, ref.sha) },
  };
}

export function renderTag(site: Site, tag: Tag): Record<string, unknown> {
  return {
    node_id: nodeId("TA", tag.sha),
    sha: tag.sha,
    url: objectUrl(site, "tag", tag.sha),
    tagger: tag.tagger satisfies Person,
    object: { ...tag.object, url: objectUrl(site, tag.object.type, tag.object.sha) },
    tag: tag.name,
    message: tag.message,
    verification: unsigned,
  };
}
