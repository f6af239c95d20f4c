/** Every problem of a folder of runbooks, told in one go. Pure. */
import { describeProblems, show, type Problem } from "../../config/problems.js";
import { suggest } from "../../config/suggest.js";
import type { TrustedFile } from "../../ports.js";
import { parseRunbook } from "./parse.js";
import { locateInRunbook } from "./front-matter.js";
import type { Runbook } from "./runbook.js";

export interface CheckRequest {
  readonly files: readonly TrustedFile[]; // those to check
  readonly shipped: readonly TrustedFile[]; // the library beside them: look-alikes may name it, a file of the same id replaces it
  readonly actions: ReadonlySet<string>; // names of all moves there are
}

interface Read {
  readonly file: TrustedFile;
  readonly runbook: Runbook;
}

/**
 * What is wrong in each file, and between them: look-alikes that do not exist or do not look back, two causes of one name, unknown actions.
 * @returns lines `path:line:column: …`, file by file; empty when all is well
 */
export function checkRunbooks({ files, shipped, actions }: CheckRequest): readonly string[] {
  const paths = new Set(files.map(({ path }) => idOf(path)));
  const parsed = files.map((file) => ({ file, result: parseRunbook(file) }));
  const read = parsed.flatMap(({ file, result }): readonly Read[] => (result.ok ? [{ file, runbook: result.runbook }] : []));
  const library = shipped.flatMap((file) => {
    const result = parseRunbook(file);
    return result.ok && !paths.has(result.runbook.id) ? [result.runbook] : [];
  });
  const known: Known = {
    own: new Map(read.map(({ runbook }) => [runbook.id, runbook])),
    ids: new Set([...paths, ...library.map(({ id }) => id)]),
    names: ownersOfNames([...read.map(({ runbook }) => runbook), ...library]),
    actions,
  };
  return parsed.flatMap(({ file, result }) =>
    result.ok ? describe(file, betweenFiles(result.runbook, known)) : result.message.split("\n"),
  );
}

interface Known {
  readonly own: ReadonlyMap<string, Runbook>; // of the checked files, those that parse
  readonly ids: ReadonlySet<string>; // also of files that do not parse: one mistake is told once
  readonly names: ReadonlyMap<string, readonly string[]>; // name → ids of those that go by it
  readonly actions: ReadonlySet<string>;
}

function betweenFiles(runbook: Runbook, known: Known): readonly Problem[] {
  return [...lookAlikeProblems(runbook, known), ...nameProblems(runbook, known), ...actionProblems(runbook, known)];
}

/** A shipped runbook cannot be made to look back from here, so only files of the folder are asked to. */
function lookAlikeProblems({ id, lookAlikes }: Runbook, { own, ids }: Known): readonly Problem[] {
  return [...lookAlikes.keys()].flatMap((other): readonly Problem[] => {
    const at = { path: ["look-alikes", other], at: "key" } as const;
    if (other === id) return [{ ...at, says: `look-alikes names ${show(other)} itself. Name another runbook, or remove it.` }];
    if (!ids.has(other)) {
      const meant = suggest(other, ids);
      const right = meant === null ? "Write that runbook, or remove it here." : `Did you mean "${meant}"?`;
      return [{ ...at, says: `look-alikes names ${show(other)}, which does not exist. ${right}` }];
    }
    const back = own.get(other)?.lookAlikes.has(id) ?? true;
    const says = `${other} does not name ${id} as its look-alike. Say in ${other}.md too how to tell the two apart.`;
    return back ? [] : [{ ...at, says }];
  });
}

function nameProblems({ id, alsoKnownAs }: Runbook, { names }: Known): readonly Problem[] {
  const written = [{ name: id, path: ["id"] }, ...alsoKnownAs.map((name, index) => ({ name, path: ["also-known-as", index] }))];
  return written.flatMap(({ name, path }): readonly Problem[] => {
    const others = (names.get(toName(name)) ?? []).filter((owner) => owner !== id);
    const says = `${show(name)} is also a name of ${others.join(", ")}. Give every cause names of its own.`;
    return others.length === 0 ? [] : [{ path, at: "value", says }];
  });
}

function actionProblems({ actions }: Runbook, known: Known): readonly Problem[] {
  return actions.flatMap(({ action }, index): readonly Problem[] => {
    if (known.actions.has(action)) return [];
    const meant = suggest(action, known.actions);
    const right = meant === null ? `Actions of this version: ${[...known.actions].join(", ")}.` : `Did you mean "${meant}"?`;
    const path = ["actions", index, "action"];
    return [{ path, at: "value", says: `actions[${index}].action names an unknown action (${show(action)}). ${right}` }];
  });
}

function ownersOfNames(runbooks: readonly Runbook[]): ReadonlyMap<string, readonly string[]> {
  const owners = new Map<string, string[]>();
  for (const { id, alsoKnownAs } of runbooks)
    for (const name of [id, ...alsoKnownAs]) owners.set(toName(name), [...(owners.get(toName(name)) ?? []), id]);
  return owners;
}

/** Dashes and underscores are the same in names. */
function toName(text: string): string {
  return text.replaceAll("-", "_");
}

function idOf(path: string): string {
  return (path.split("/").at(-1) ?? path).replace(/\.md$/, "");
}

function describe(file: TrustedFile, problems: readonly Problem[]): readonly string[] {
  if (problems.length === 0) return [];
  const locate = locateInRunbook(file);
  return describeProblems(
    file.path,
    problems.map((problem) => ({ place: locate(problem), says: problem.says })),
  ).split("\n");
}
