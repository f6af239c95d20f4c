import { type Call, created, type Handlers, need, noContent, ok } from "../api/operation.js";
import { applyMove } from "../git/change.js";
import { readTag, resolveCommit, typeOf } from "../git/objects.js";
import { isAncestor, isValidRefName, listRefs, nowhere, readRef, type Ref } from "../git/refs.js";
import { renderRef, renderTag } from "../render/git.js";
import { type Answer, HttpError, notFound } from "../site.js";
import { tagObject } from "../git/tag.js";

const read = need("contents", "read", "read");
const write = need("contents", "write", "write");

export const refHandlers: Handlers = {
  "git/get-ref": { needs: read, handle: getRef },
  "git/list-matching-refs": { needs: read, handle: listMatching },
  "git/create-ref": { needs: write, handle: createRef },
  "git/update-ref": { needs: write, handle: updateRef },
  "git/delete-ref": { needs: write, handle: deleteRef },
  "git/create-tag": { needs: write, handle: createTag },
  "git/get-tag": { needs: read, handle: getTag },
};

async function getRef(call: Call): Promise<Answer> {
  const ref = await readRef(call.site.git, `refs/${call.params["ref"] ?? ""}`);
  if (!ref) throw notFound();
  return ok(renderRef(call.site, ref));
}

async function listMatching(call: Call): Promise<Answer> {
  const refs = await listRefs(call.site.git, `refs/${call.params["ref"] ?? ""}`);
  return ok(refs.map((ref) => renderRef(call.site, ref)));
}

/** Creation is atomic: of two at the same moment one gets 201, the other 422. */
async function createRef(call: Call): Promise<Answer> {
  const { site, caller } = call;
  const name = String(call.body["ref"]);
  const sha = String(call.body["sha"]);
  if (!/^refs\/[^/]+\/./.test(name))
    throw new HttpError(422, "Reference name must start with 'refs/' and contain at least one slash.");
  if (!(await isValidRefName(site.git, name))) throw new HttpError(422, `${name} is not a valid ref name.`);
  const type = await typeOf(site.git, sha);
  if (type === null || (name.startsWith("refs/heads/") && type !== "commit")) throw new HttpError(422, "Object does not exist");
  if (!(await applyMove(site, caller, { ref: name, before: nowhere, after: sha })))
    throw new HttpError(422, "Reference already exists");
  return created(renderRef(site, { name, sha, type }));
}

async function existingRef(call: Call): Promise<Ref> {
  const ref = await readRef(call.site.git, `refs/${call.params["ref"] ?? ""}`);
  if (!ref) throw new HttpError(422, "Reference does not exist");
  return ref;
}

async function updateRef(call: Call): Promise<Answer> {
  const { site, caller, body } = call;
  const ref = await existingRef(call);
  const sha = String(body["sha"]);
  const type = await typeOf(site.git, sha);
  if (type === null) throw new HttpError(422, "Object does not exist");
  if (body["force"] !== true && !(await isFastForward(call, ref.sha, sha)))
    throw new HttpError(422, "Update is not a fast forward");
  if (!(await applyMove(site, caller, { ref: ref.name, before: ref.sha, after: sha })))
    throw new HttpError(422, "Reference cannot be updated");
  return ok(renderRef(site, { name: ref.name, sha, type }));
}

async function isFastForward(call: Call, from: string, to: string): Promise<boolean> {
  const [older, newer] = await Promise.all([resolveCommit(call.site.git, from), resolveCommit(call.site.git, to)]);
  return older !== null && newer !== null && isAncestor(call.site.git, older, newer);
}

async function deleteRef(call: Call): Promise<Answer> {
  const ref = await existingRef(call);
  if (ref.name === `refs/heads/${call.site.defaultBranch}`) throw new HttpError(422, "Cannot delete the default branch");
  if (!(await applyMove(call.site, call.caller, { ref: ref.name, before: ref.sha, after: nowhere }))) {
    throw new HttpError(422, "Reference does not exist");
  }
  return noContent;
}

async function createTag(call: Call): Promise<Answer> {
  const sha = await tagObject(call);
  return created(renderTag(call.site, await readTag(call.site.git, sha)));
}

async function getTag(call: Call): Promise<Answer> {
  const sha = call.params["tag_sha"] ?? "";
  if ((await typeOf(call.site.git, sha)) !== "tag") throw notFound();
  return ok(renderTag(call.site, await readTag(call.site.git, sha)));
}
