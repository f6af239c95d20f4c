import { type Call, type Handlers, need, ok, textIn } from "../api/operation.js";
import { applyMove, personOf } from "../git/change.js";
import { writeCommit, writeTree } from "../git/commit.js";
import { type Commit, type Person, readBlob, readCommit, readTree, resolveCommit, type TreeEntry } from "../git/objects.js";
import { cleanPath, entryAt } from "../git/paths.js";
import { renderContentEntry, renderContentFile } from "../render/content.js";
import { renderGitCommit } from "../render/git.js";
import { type Answer, HttpError, notFound } from "../site.js";

export const contentHandlers: Handlers = {
  "repos/get-content": { needs: need("contents", "read", "read"), handle: getContent },
  "repos/create-or-update-file-contents": { needs: need("contents", "write", "write"), handle: putContent },
};

async function getContent(call: Call): Promise<Answer> {
  const { git } = call.site;
  const ref = String(call.query["ref"] ?? call.site.defaultBranch);
  const commit = await resolveCommit(git, ref);
  if (commit === null) throw new HttpError(404, `No commit found for the ref ${ref}`);
  const path = cleanPath(call.params["path"] ?? "");
  const entry = path === null ? null : await entryAt(git, commit, path);
  if (path === null || entry === null) throw notFound();
  return entry.type === "tree" ? getFolder(call, ref, path, entry) : getFile(call, ref, path, entry);
}

async function getFolder(call: Call, ref: string, path: string, folder: TreeEntry): Promise<Answer> {
  const { site } = call;
  const children = await readTree(site.git, folder.sha, false);
  const entries = children.map((child) =>
    renderContentEntry(site, ref, path === "" ? child.path : `${path}/${child.path}`, child),
  );
  if (!call.accept.includes("object")) return ok(entries);
  return ok({ ...renderContentEntry(site, ref, path, folder), entries });
}

async function getFile(call: Call, ref: string, path: string, entry: TreeEntry): Promise<Answer> {
  const content = await readBlob(call.site.git, entry.sha);
  if (call.accept.includes("raw"))
    return {
      status: 200,
      text: content.toString("utf8"),
      headers: { "content-type": "application/vnd.github.raw+json; charset=utf-8" },
    };
  return ok(renderContentFile(call.site, ref, path, entry, content));
}

async function putContent(call: Call): Promise<Answer> {
  const { site, caller, body } = call;
  const branch = textIn(body, "branch", site.defaultBranch);
  const head = await resolveCommit(site.git, `refs/heads/${branch}`);
  if (head === null) throw new HttpError(404, `Branch ${branch} not found`);
  const path = cleanPath(call.params["path"] ?? "");
  if (path === null || path === "") throw new HttpError(422, "path contains a malformed path component");
  const before = await entryAt(site.git, head, path);
  checkReplaces(before, body["sha"] === undefined ? null : textIn(body, "sha"), path);
  const content = Buffer.from(String(body["content"]), "base64");
  const tree = await writeTree(site.git, head, [{ path, content }]);
  const who = personOf(site, caller);
  const author = { ...who, ...(body["author"] as Partial<Person> | undefined) };
  const committer = { ...who, ...(body["committer"] as Partial<Person> | undefined) };
  const sha = await writeCommit(site.git, { tree, parents: [head], message: String(body["message"]), author, committer });
  if (!(await applyMove(site, caller, { ref: `refs/heads/${branch}`, before: head, after: sha }))) {
    throw new HttpError(409, `is at ${head} but expected ${String(body["sha"])}`);
  }
  return renderWritten(call, { branch, path, commit: await readCommit(site.git, sha), created: before === null });
}

/** A file that exists is replaced only by who names its current blob. */
function checkReplaces(before: TreeEntry | null, sha: string | null, path: string): void {
  if (before === null) return;
  if (sha === null) throw new HttpError(422, 'Invalid request.\n\n"sha" wasn\'t supplied.');
  if (sha !== before.sha) throw new HttpError(409, `${path} does not match ${sha}`);
}

interface Written {
  readonly branch: string;
  readonly path: string;
  readonly commit: Commit;
  readonly created: boolean;
}

async function renderWritten(call: Call, { branch, path, commit, created }: Written): Promise<Answer> {
  const entry = await entryAt(call.site.git, commit.sha, path);
  if (!entry) throw new Error(`${path} is not in commit ${commit.sha} that was just written`);
  return {
    status: created ? 201 : 200,
    body: { content: renderContentEntry(call.site, branch, path, entry), commit: renderGitCommit(call.site, commit) },
  };
}
