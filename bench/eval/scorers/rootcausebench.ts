/** RootCauseBench: whole incidents → the guilty commit, or none. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { gatherEvidence } from "../../../src/evidence/gather.js";
import { weighChanges } from "../../../src/evidence/weigh-changes.js";
import { readForMatching } from "../../../src/outside/match.js";
import type { Source } from "../../../src/ports.js";
import { readIncident, together } from "../root-cause-incident.js";
import type { CaseResult, Score, ScoreRequest, Scorer } from "../scorer.js";

const Truth = z.record(
  z.string(),
  z.object({
    root_cause_commit: z.string(),
    first_failing_service: z.string(),
    blast_radius: z.array(z.string()),
    decoy_deploy_commits: z.array(z.string()),
  }),
);
type Truth = z.infer<typeof Truth>[string];

export const scorer: Scorer = {
  name: "rootcausebench",
  goals: [
    { figure: "right", atLeast: 9, published: "claude-haiku-4.5 56 %, gpt-oss-20b 25 % of these 12" },
    { figure: "decoys", atMost: 1, published: "scripted-rca 8, last deploy 11" },
  ],
  renames: true,
  score,
};

interface Answer {
  readonly id: string;
  readonly commit: string; // or "none"
  readonly deployed: readonly string[]; // commits of the deployment that is named where commits are not read one by one
  readonly why: string;
  readonly service: string;
  readonly others: readonly string[]; // that show the trouble too
}

async function score({ folder, renameSeed }: ScoreRequest): Promise<Score> {
  const truth = Truth.parse(JSON.parse(await readFile(join(folder, "truth.json"), "utf8")));
  const entries = await readdir(folder, { withFileTypes: true });
  const answers: Answer[] = [];
  for (const { name } of entries.filter((entry) => entry.isDirectory() && truth[entry.name] !== undefined)) {
    answers.push(await answer(join(folder, name), name, renameSeed));
  }
  const judged = answers.flatMap((each) => (truth[each.id] === undefined ? [] : [judge(each, truth[each.id] as Truth)]));
  const none = judged.filter(({ expectsNone }) => expectsNone);
  return {
    figures: {
      cases: judged.length,
      right: count(judged, ({ right }) => right),
      decoys: count(judged, ({ decoy }) => decoy),
      none_cases: none.length,
      none_right: count(none, ({ right }) => right),
      graded: judged.reduce((sum, { graded }) => sum + graded, 0) / Math.max(1, judged.length),
      deployment_right: count(judged, ({ deploymentRight }) => deploymentRight),
      first_service_right: count(judged, ({ serviceRight }) => serviceRight),
    },
    cases: judged.map(({ result }) => result),
    notes: [],
  };
}

async function answer(folder: string, id: string, renameSeed: number | null): Promise<Answer> {
  const { request, findings, renamer } = await readIncident(folder, renameSeed);
  const source: Source = { name: "recorded", observe: () => Promise.resolve(findings) };
  const { review, observations } = await gatherEvidence(request, [source], { sleep: () => Promise.resolve() });
  const { services } = weighChanges({ ...request, findings });
  const [carrier] = weighChanges({ ...request, findings: together(findings) }).named;
  const blamed = observations.find((each) => each.id === review.ids[0]);
  return {
    id,
    commit: blamed?.detail.kind === "change" ? readForMatching(blamed.detail.ref) : "none",
    why: renamer.restore(`${review.verdict}: ${readForMatching(review.why)}`),
    deployed: carrier?.detail.kind === "change" ? readForMatching(carrier.detail.ref).split(" ") : [],
    service: renamer.restore(services[0] ?? ""),
    others: services.slice(1).map((service) => renamer.restore(service)),
  };
}

interface Judged {
  readonly right: boolean;
  readonly decoy: boolean;
  readonly deploymentRight: boolean;
  readonly expectsNone: boolean;
  readonly serviceRight: boolean;
  readonly graded: number;
  readonly result: CaseResult;
}

function judge({ id, commit, deployed, why, service, others }: Answer, truth: Truth): Judged {
  const right = commit === truth.root_cause_commit;
  const decoy = truth.decoy_deploy_commits.includes(commit);
  const serviceRight = service === truth.first_failing_service;
  const partly = 0.5 * (0.5 * (serviceRight ? 1 : 0) + 0.3 * jaccard(others, truth.blast_radius)); // no remedy is proposed here
  return {
    right,
    decoy,
    deploymentRight: truth.root_cause_commit === "none" ? deployed.length === 0 : deployed.includes(truth.root_cause_commit),
    expectsNone: truth.root_cause_commit === "none",
    serviceRight,
    graded: right ? 1 : decoy ? 0 : partly,
    result: {
      id,
      right,
      answer: `${commit.slice(0, 8)} in ${service} (${why})`,
      expected: `${truth.root_cause_commit.slice(0, 8)} in ${truth.first_failing_service}`,
    },
  };
}

function jaccard(a: readonly string[], b: readonly string[]): number {
  const all = new Set([...a, ...b]);
  return all.size === 0 ? 1 : a.filter((each) => b.includes(each)).length / all.size;
}

function count<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.filter(holds).length;
}
