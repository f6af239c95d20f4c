/** Tells what changed in the world since the last look, in short lines that name no id. */
import { readMarker, readPageMarker } from "../../src/render/marker.js";
import type { PageMessage, ThreadComment } from "../../src/ports.js";
import type { FakeGitHub } from "../fakes/world.js";

/** What one of our comments is: "plan", "refusal", "outcome", "execution" … */
export function kindOf({ body }: Pick<ThreadComment, "body">): string {
  const key = readMarker(body)?.key;
  if (key !== undefined) return key.split(":")[0] ?? key;
  if (readPageMarker(body) !== null) return "page";
  if (body.includes("gatehouse:execution")) return "execution";
  return body.includes("gatehouse:intake") ? "intake" : "other";
}

/** Runs that touched production, as they were asked for: "deploy.yml v1.4.1". */
export function effectsIn(github: FakeGitHub): readonly string[] {
  return github.state.runs
    .filter(({ workflow }) => workflow === "deploy.yml" || workflow === "flags.yml" || workflow === "ledger.yml")
    .map(({ workflow, inputs }) => `${workflow} ${inputs["version"] ?? inputs["flags"] ?? ""}`);
}

export function createNews(github: FakeGitHub, pages: readonly PageMessage[]): () => readonly string[] {
  const lists: readonly (() => readonly string[])[] = [
    () => [...github.state.issues.values()].map(({ number, author }) => `issue #${number}${author.isBot ? "" : " by a person"}`),
    () => [...github.state.comments.values()].filter(({ author }) => author.isBot).map((comment) => `comment ${kindOf(comment)}`),
    () => pages.map(({ reason, severity }) => `page ${reason} (${severity})`),
    () => [...github.state.tags.keys()].map((name) => `reservation ${name.split("/").at(-1) ?? ""}`),
    () => effectsIn(github).map((effect) => `run ${effect}`),
    () => github.state.commits.map(({ headline }) => `commit ${headline}`),
    () => github.state.pulls.map(({ branch }) => `pull request ${branch}`),
  ];
  const seen = lists.map((list) => list().length);
  return () =>
    lists.flatMap((list, index) => {
      const all = list();
      const fresh = all.slice(seen[index]);
      seen[index] = all.length;
      return fresh.map((line) => `  + ${line}`);
    });
}

/** Digests and keys differ from run to run. */
export function maskDigests(line: string): string {
  return line.replace(/\b[0-9a-f]{64}\b|\b(?=[0-9a-f]*\d)[0-9a-f]{8}\b/g, "<digest>");
}
