/** Tells what changed in the world since the last look, in short lines that name no id. */
import { readMarker, readPageMarker } from "../../src/render/marker.js";
import type { PageMessage, ThreadComment } from "../../src/ports.js";
import type { FakeGitHub, FakeState, RunRecord } from "../fakes/world.js";

/** What one of our comments is: "plan", "refusal", "outcome", "execution" … */
export function kindOf({ body }: Pick<ThreadComment, "body">): string {
  const key = readMarker(body)?.key;
  if (key !== undefined) return key.split(":")[0] ?? key;
  if (readPageMarker(body) !== null) return "page";
  if (body.includes("gatehouse:execution")) return "execution";
  return body.includes("gatehouse:intake") ? "intake" : "other";
}

/** Runs that touched production, as they were asked for: "deploy.yml v1.4.1". */
export function effectsIn({ state }: FakeGitHub): readonly string[] {
  return effectRuns(state).map(effectOf);
}

const OURS = new Set(["incident.yml", "remediate.yml", "sweep.yml"]);

function effectRuns({ runs }: FakeState): readonly RunRecord[] {
  return runs.filter(({ workflow }) => !OURS.has(workflow));
}

function effectOf({ workflow, inputs }: RunRecord): string {
  return `${workflow} ${inputs["version"] ?? inputs["flags"] ?? ""}`;
}

/** @returns what is there now and was not the last time it was asked, a line each */
export function createNews(github: FakeGitHub, pages: readonly PageMessage[]): () => readonly string[] {
  const seen = new Set(thingsIn(github, pages).keys());
  return () => {
    const fresh = [...thingsIn(github, pages)].filter(([id]) => !seen.has(id));
    for (const [id] of fresh) seen.add(id);
    return fresh.map(([, line]) => `  + ${line}`);
  };
}

function thingsIn({ state }: FakeGitHub, pages: readonly PageMessage[]): ReadonlyMap<string, string> {
  const comments = [...state.comments.values()].filter(({ author }) => author.isBot);
  return new Map([
    ...[...state.issues.values()].map(
      ({ number, author }) => [`issue ${number}`, `issue #${number}${author.isBot ? "" : " by a person"}`] as const,
    ),
    ...comments.map((comment) => [`comment ${comment.id}`, `comment ${kindOf(comment)}`] as const),
    ...pages.map(({ key, reason, severity }) => [`page ${key}`, `page ${reason} (${severity})`] as const),
    ...[...state.tags.keys()].map((name) => [name, `reservation ${name.split("/").at(-1) ?? ""}`] as const),
    ...effectRuns(state).map((run) => [`run ${run.id}`, `run ${effectOf(run)}`] as const),
    ...state.commits.map(({ sha, headline }) => [sha, `commit ${headline}`] as const),
    ...state.pulls.map(({ branch }) => [branch, `pull request ${branch}`] as const),
  ]);
}

/** Digests and keys differ from run to run. */
export function maskDigests(line: string): string {
  return line.replace(/\b[0-9a-f]{64}\b|\b(?=[0-9a-f]*\d)[0-9a-f]{8}\b/g, "<digest>");
}
