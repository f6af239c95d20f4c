import type { Git } from "./git.js";
import type { ObjectType } from "./objects.js";

export interface Ref {
  readonly name: string; // "refs/heads/main"
  readonly sha: string; // of the object the ref names: a tag object for annotated tags
  readonly type: ObjectType;
}

export const nowhere = "0".repeat(40);

/** Refs whose full name starts with the prefix, in git's order. */
export async function listRefs(git: Git, prefix: string): Promise<Ref[]> {
  const text = await git.text(["for-each-ref", "--format=%(refname) %(objectname) %(objecttype)"]);
  return text
    .split("\n")
    .filter((line) => line.startsWith(prefix))
    .map((line) => {
      const [name = "", sha = "", type = "commit"] = line.split(" ");
      return { name, sha, type: type as ObjectType };
    });
}

export async function readRef(git: Git, name: string): Promise<Ref | null> {
  return (await listRefs(git, name)).find((ref) => ref.name === name) ?? null;
}

export async function isValidRefName(git: Git, name: string): Promise<boolean> {
  return !name.startsWith("-") && (await git.ask(["check-ref-format", name])) !== null;
}

/** Atomic: false when the ref moved or came into being in between. `expected` is `nowhere` for a new ref. */
export async function moveRef(git: Git, name: string, to: string, expected: string): Promise<boolean> {
  return (await git.ask(["update-ref", name, to, expected])) !== null;
}

export async function removeRef(git: Git, name: string, expected: string): Promise<boolean> {
  return (await git.ask(["update-ref", "-d", name, expected])) !== null;
}

export async function isAncestor(git: Git, older: string, newer: string): Promise<boolean> {
  return (await git.ask(["merge-base", "--is-ancestor", older, newer])) !== null;
}
