import { commitPage, renderCommit } from "../render/git.js";
import { repositoryPage, repositoryUrl } from "../render/repository.js";
import type { Site } from "../site.js";
import { readCommit, readCommits, resolveCommit } from "./objects.js";

const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
const statuses: Readonly<Record<string, string>> = { A: "added", D: "removed", M: "modified", T: "changed" };

export interface DiffEntry {
  readonly filename: string;
  readonly additions: number;
  readonly deletions: number;
  readonly [key: string]: unknown;
}

/** What changed between two commits, a file each, with its patch; `from` null: since the beginning. */
export async function diffEntries(site: Site, from: string | null, to: string): Promise<DiffEntry[]> {
  const range = [from ?? emptyTree, to];
  const [raw, counts] = await Promise.all([
    site.git.text(["diff", "--raw", "--no-abbrev", "--no-renames", "-z", ...range]),
    site.git.text(["diff", "--numstat", "--no-renames", "-z", ...range]),
  ]);
  const fields = raw.split("\0").filter(Boolean);
  const numbers = new Map(counts.split("\0").filter(Boolean).map(parseCount));
  const files = fields.flatMap((path, index) => (index % 2 === 1 ? [{ path, meta: (fields[index - 1] ?? "").split(" ") }] : []));
  return Promise.all(files.map(({ path, meta }) => renderDiffEntry(site, range, { path, meta, counts: numbers.get(path) })));
}

function parseCount(line: string): [string, { additions: number; deletions: number }] {
  const [added = "0", removed = "0", path = ""] = line.split("\t");
  return [path, { additions: Number(added) || 0, deletions: Number(removed) || 0 }]; // binary files count as "-"
}

interface Changed {
  readonly path: string;
  readonly meta: readonly string[];
  readonly counts: { readonly additions: number; readonly deletions: number } | undefined;
}

async function renderDiffEntry(site: Site, range: readonly string[], { path, meta, counts }: Changed): Promise<DiffEntry> {
  const [, , before = "", after = "", letter = "M"] = meta;
  const { additions, deletions } = counts ?? { additions: 0, deletions: 0 };
  const patch = await site.git.text(["diff", "--no-renames", ...range, "--", path]);
  const hunks = patch.indexOf("@@");
  const to = range[1] ?? "";
  return {
    sha: letter === "D" ? before : after,
    filename: path,
    status: statuses[letter] ?? "changed",
    additions,
    deletions,
    changes: additions + deletions,
    blob_url: `${repositoryPage(site)}/blob/${to}/${encodeURIComponent(path)}`,
    raw_url: `${repositoryPage(site)}/raw/${to}/${encodeURIComponent(path)}`,
    contents_url: `${repositoryUrl(site)}/contents/${encodeURIComponent(path)}?ref=${to}`,
    ...(hunks < 0 ? {} : { patch: patch.slice(hunks) }),
  };
}

/** The three-dot comparison: commits of head that base lacks, files since their merge base. */
export async function compareCommits(site: Site, base: string, head: string): Promise<Record<string, unknown>> {
  const { git } = site;
  const mergeBase = (await git.ask(["merge-base", base, head])) ?? base;
  const [ahead, behind] = await Promise.all([
    readCommits(git, ["--reverse", `${base}..${head}`]),
    readCommits(git, [`${head}..${base}`]),
  ]);
  const url = `${repositoryUrl(site)}/compare/${base}...${head}`;
  const page = `${repositoryPage(site)}/compare/${base}...${head}`;
  return {
    url,
    html_url: page,
    permalink_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    base_commit: renderCommit(site, await readCommit(git, base)),
    merge_base_commit: renderCommit(site, await readCommit(git, (await resolveCommit(git, mergeBase)) ?? base)),
    status: statusOf(ahead.length, behind.length),
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: ahead.map((commit) => ({ ...renderCommit(site, commit), html_url: commitPage(site, commit.sha) })),
    files: await diffEntries(site, mergeBase, head),
  };
}

function statusOf(ahead: number, behind: number): string {
  if (ahead === 0) return behind === 0 ? "identical" : "behind";
  return behind === 0 ? "ahead" : "diverged";
}
