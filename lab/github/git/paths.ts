import type { Git } from "./git.js";
import { readTree, type TreeEntry, typeOf } from "./objects.js";

/** A path inside a repository, without leading or trailing slash; null when it could leave the tree. */
export function cleanPath(path: string): string | null {
  const parts = path.split("/").filter(Boolean);
  return parts.some((part) => part === "." || part === ".." || part === ".git" || part.includes("\0")) ? null : parts.join("/");
}

/** The entry at a path of a commit's tree; the root is a tree entry of its own. */
export async function entryAt(git: Git, commit: string, path: string): Promise<TreeEntry | null> {
  if (path === "")
    return { mode: "040000", type: "tree", sha: await git.text(["rev-parse", `${commit}^{tree}`]), size: null, path: "" };
  const parent = path.split("/").slice(0, -1).join("/");
  const folder = await git.ask(["rev-parse", "--verify", "--quiet", `${commit}:${parent}`]);
  if (folder === null || (await typeOf(git, folder)) !== "tree") return null;
  const name = path.split("/").at(-1);
  return (await readTree(git, folder, false)).find((entry) => entry.path === name) ?? null;
}
