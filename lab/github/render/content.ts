import type { TreeEntry } from "../git/objects.js";
import type { Site } from "../site.js";
import { objectUrl } from "./git.js";
import { repositoryPage, repositoryUrl } from "./repository.js";

/** One file or folder of a directory listing. */
export function renderContentEntry(site: Site, ref: string, path: string, entry: TreeEntry): Record<string, unknown> {
  const type = entry.type === "tree" ? "dir" : "file";
  const url = `${repositoryUrl(site)}/contents/${encodePath(path)}?ref=${encodeURIComponent(ref)}`;
  const gitUrl = objectUrl(site, entry.type, entry.sha);
  const page = `${repositoryPage(site)}/${type === "dir" ? "tree" : "blob"}/${ref}/${encodePath(path)}`;
  return {
    name: path.split("/").at(-1) ?? path,
    path,
    sha: entry.sha,
    size: entry.size ?? 0,
    url,
    html_url: page,
    git_url: gitUrl,
    download_url: type === "dir" ? null : `${repositoryPage(site)}/raw/${ref}/${encodePath(path)}`,
    type,
    _links: { self: url, git: gitUrl, html: page },
  };
}

/** A file with its content; above 1 MB GitHub leaves the content out. */
export function renderContentFile(
  site: Site,
  ref: string,
  path: string,
  entry: TreeEntry,
  content: Buffer,
): Record<string, unknown> {
  const large = content.length > 1024 * 1024;
  return {
    ...renderContentEntry(site, ref, path, entry),
    content: large ? "" : wrapBase64(content),
    encoding: large ? "none" : "base64",
  };
}

/** Base64 in lines of 60 characters, as GitHub sends it. */
export function wrapBase64(content: Buffer): string {
  return content.toString("base64").replace(/.{1,60}/g, "$&\n");
}

function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
