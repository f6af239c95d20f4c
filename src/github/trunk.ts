/** What the default branch says, as part of one GraphQL question. */
import { z } from "zod";
import type { TagRuleset, Trunk, TrustedFile } from "../ports.js";
import { UnexpectedAnswerError } from "./errors.js";

export const BLOB = "... on Blob { oid text isTruncated isBinary }";

/** Fields of `Repository`; wants the variables `$config` and `$index`, both "HEAD:<path>". */
export const TRUNK_FIELDS = `
    databaseId nameWithOwner visibility
    defaultBranchRef { name target { oid } }
    config: object(expression: $config) { ${BLOB} }
    index: object(expression: $index) { ${BLOB} }
    runbooks: object(expression: "HEAD:runbooks") { ... on Tree { entries { name type object { ${BLOB} } } } }
    rulesets(first: 50, includeParents: true, targets: [TAG]) {
      nodes { name enforcement conditions { refName { include exclude } } rules(first: 50) { nodes { type } } }
    }`;

/** `{}`: something else than a blob stands at that path, a folder for example. */
export const Blob = z
  .object({ oid: z.string(), text: z.string().nullable(), isTruncated: z.boolean(), isBinary: z.boolean().nullable() })
  .or(z.strictObject({}))
  .nullable();
export type Blob = z.infer<typeof Blob>;

const Entry = z.object({ name: z.string(), type: z.string(), object: Blob });
const Ruleset = z
  .object({
    name: z.string(),
    enforcement: z.string(),
    conditions: z.object({ refName: z.object({ include: z.array(z.string()), exclude: z.array(z.string()) }).nullable() }),
    rules: z.object({ nodes: z.array(z.object({ type: z.string() }).nullable()).nullable() }).nullable(),
  })
  .transform(
    (ruleset): TagRuleset => ({
      name: ruleset.name,
      active: ruleset.enforcement === "ACTIVE",
      include: ruleset.conditions.refName?.include ?? [],
      exclude: ruleset.conditions.refName?.exclude ?? [],
      rules: present(ruleset.rules?.nodes).map((rule) => rule.type.toLowerCase()),
    }),
  );

export const TrunkAnswer = z.object({
  databaseId: z.int(),
  nameWithOwner: z.string(),
  visibility: z.enum(["PUBLIC", "PRIVATE", "INTERNAL"]),
  defaultBranchRef: z.object({ name: z.string(), target: z.object({ oid: z.string() }) }).nullable(),
  config: Blob,
  index: Blob,
  runbooks: z.object({ entries: z.array(Entry).nullish() }).nullable(),
  rulesets: z.object({ nodes: z.array(Ruleset.nullable()).nullable() }).nullable(),
});

export interface TrunkPaths {
  readonly config: string;
  readonly index: string;
}

/** @throws {UnexpectedAnswerError} when the repository has no commit yet, or GitHub cut a file short. */
export function readTrunk(answer: z.infer<typeof TrunkAnswer>, paths: TrunkPaths): Trunk {
  const branch = answer.defaultBranchRef;
  if (!branch) throw new UnexpectedAnswerError(`${answer.nameWithOwner} has no commit on its default branch yet.`);
  const entries = (answer.runbooks?.entries ?? []).filter((entry) => entry.type === "blob" && entry.name.endsWith(".md"));
  return {
    repositoryId: answer.databaseId,
    fullName: answer.nameWithOwner,
    visibility: VISIBILITIES[answer.visibility],
    defaultBranch: branch.name,
    head: branch.target.oid,
    config: readBlob(answer.config, paths.config),
    runbooks: entries.flatMap((entry) => readBlob(entry.object, `runbooks/${entry.name}`) ?? []),
    tagRulesets: present(answer.rulesets?.nodes),
    postmortemIndex: readBlob(answer.index, paths.index),
  };
}

/** @throws {UnexpectedAnswerError} when the file is binary or too large for GitHub to answer whole: never silently short. */
export function readBlob(blob: Blob, path: string): TrustedFile | null {
  if (!blob || !("oid" in blob)) return null;
  if (blob.isTruncated)
    throw new UnexpectedAnswerError(`${path} is too large: GitHub answers only the beginning of it. Keep it under 512 KB.`);
  if (blob.text === null) throw new UnexpectedAnswerError(`${path} is not text: GitHub takes it for a binary file.`);
  return { path, text: blob.text, sha: blob.oid };
}

const VISIBILITIES = { PUBLIC: "public", PRIVATE: "private", INTERNAL: "internal" } as const;

/** GraphQL lists may hold null for what could not be loaded. */
export function present<T>(nodes: readonly (T | null)[] | null | undefined): T[] {
  return (nodes ?? []).filter((node): node is T => node !== null);
}
