import { type Call, created, type Handlers, need, ok } from "../api/operation.js";
import { personOf } from "../git/change.js";
import { writeBlob, writeCommit } from "../git/commit.js";
import { writeEntries } from "../git/entries.js";
import { type Person, readBlob, readCommit, readTree, resolveObject, typeOf } from "../git/objects.js";
import { wrapBase64 } from "../render/content.js";
import { objectUrl, renderGitCommit } from "../render/git.js";
import { nodeId } from "../render/user.js";
import { type Answer, HttpError, notFound } from "../site.js";

const read = need("contents", "read", "read");
const write = need("contents", "write", "write");

export const gitDataHandlers: Handlers = {
  "git/get-commit": { needs: read, handle: getCommit },
  "git/create-commit": { needs: write, handle: createCommit },
  "git/get-tree": { needs: read, handle: getTree },
  "git/create-tree": { needs: write, handle: createTree },
  "git/get-blob": { needs: read, handle: getBlob },
  "git/create-blob": { needs: write, handle: createBlob },
};

async function getCommit(call: Call): Promise<Answer> {
  const sha = call.params["commit_sha"] ?? "";
  if ((await typeOf(call.site.git, sha)) !== "commit") throw notFound();
  return ok(renderGitCommit(call.site, await readCommit(call.site.git, sha)));
}

async function createCommit(call: Call): Promise<Answer> {
  const { site, caller, body } = call;
  const tree = String(body["tree"]);
  const parents = (body["parents"] ?? []) as string[];
  if ((await typeOf(site.git, tree)) !== "tree") throw new HttpError(422, "Tree SHA does not exist");
  for (const parent of parents) {
    if ((await typeOf(site.git, parent)) !== "commit")
      throw new HttpError(422, "Parent SHA does not exist or is not a commit object");
  }
  const author = { ...personOf(site, caller), ...(body["author"] as Partial<Person> | undefined) };
  const committer = { ...author, ...(body["committer"] as Partial<Person> | undefined) };
  const sha = await writeCommit(site.git, { tree, parents, message: String(body["message"]), author, committer });
  return created(renderGitCommit(site, await readCommit(site.git, sha)));
}

async function getTree(call: Call): Promise<Answer> {
  const sha = await resolveObject(call.site.git, `${call.params["tree_sha"] ?? ""}^{tree}`);
  if (sha === null) throw notFound();
  return ok(await renderTree(call, sha, call.query["recursive"] !== undefined));
}

async function renderTree(call: Call, sha: string, recursive: boolean): Promise<Record<string, unknown>> {
  const entries = await readTree(call.site.git, sha, recursive);
  const tree = entries.map(({ path, mode, type, sha: id, size }) => ({
    path,
    mode,
    type,
    sha: id,
    ...(size === null ? {} : { size }),
    url: objectUrl(call.site, type, id),
  }));
  return { sha, url: objectUrl(call.site, "tree", sha), tree, truncated: false };
}

async function createTree(call: Call): Promise<Answer> {
  const sha = await writeEntries(call.site.git, call.body["base_tree"], call.body["tree"]);
  return created(await renderTree(call, sha, false));
}

async function getBlob(call: Call): Promise<Answer> {
  const sha = call.params["file_sha"] ?? "";
  if ((await typeOf(call.site.git, sha)) !== "blob") throw notFound();
  const content = await readBlob(call.site.git, sha);
  const url = objectUrl(call.site, "blob", sha);
  return ok({ sha, node_id: nodeId("B", sha), url, size: content.length, content: wrapBase64(content), encoding: "base64" });
}

async function createBlob(call: Call): Promise<Answer> {
  const encoding = call.body["encoding"] === "base64" ? "base64" : "utf8";
  const sha = await writeBlob(call.site.git, Buffer.from(String(call.body["content"]), encoding));
  return created({ sha, url: objectUrl(call.site, "blob", sha) });
}
