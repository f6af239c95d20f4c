/** What changed in the service's repository: its deployments, and what the one nearest before the onset brought. At most two requests. */
import { MAX_SUMMARY } from "../../incident/facts.js";
import { redact } from "../../outside/redact.js";
import type { Changes, Comparison, DeploymentRecord, Deployments, Finding, SourceRequest } from "../../ports.js";
import { CLOCK_SKEW_MS, isBeforeOnset, rankChange, type DatedChange } from "../../signals/change-rank.js";
import { placeInTime, plural } from "../phrases.js";
import { DEFAULT_TIMEOUT_MS, type TimedSource } from "../timed-source.js";
import { PartialAnswerError } from "../unavailable.js";
import { configFindings, type Brought } from "./config-changes.js";

export interface GithubOptions {
  readonly deployments: Deployments;
  /** null: what a deployment brought is not asked for (config: `commits: false`). */
  readonly changes: Changes | null;
  readonly timeoutMs?: number;
}

const MOST_DEPLOYMENTS = 8;
const MOST_COMMITS = 8;
const MAX_FILES = 20; // of the journal's format
const MAX_PATH = 120;
const MAX_REF = 80;
const NOT_PRODUCTION = /\b(?:stag(?:e|ing)|dev(?:elopment)?|test(?:ing)?|qa|preview|sandbox|review)\b/i;

export function createGithubSource({ deployments, changes, timeoutMs = DEFAULT_TIMEOUT_MS }: GithubOptions): TimedSource {
  const observe = async (request: SourceRequest): Promise<readonly Finding[]> => {
    const { service, onset } = request;
    const rollouts = toRollouts(await deployments.recent(service.repository), service.environment);
    const inWindow = rollouts.filter(
      ({ at }) => at >= request.changes.from.getTime() && at <= request.changes.to.getTime() + CLOCK_SKEW_MS,
    );
    const suspect = changes === null ? null : pickSuspect(inWindow, onset.getTime());
    const plain = inWindow.slice(0, MOST_DEPLOYMENTS);
    if (changes === null || suspect === null) return plain.map((rollout) => deploymentFinding(rollout, null, request));
    const comparison = await compare(suspect, changes, service.repository).catch((error: unknown) => asReason(error));
    const brought = typeof comparison === "string" ? null : comparison;
    const findings = plain.map((rollout) => deploymentFinding(rollout, rollout === suspect ? brought : null, request));
    if (typeof comparison === "string") throw new PartialAnswerError(`GitHub: ${comparison}`, findings, false);
    return [...findings, ...broughtFindings(suspect, comparison, request)];
  };
  return { name: "github", timeoutMs, observe };
}

/** A deployment in the order of its environment: what it replaced is known. */
interface Rollout {
  readonly record: DeploymentRecord;
  readonly previous: DeploymentRecord | null;
  readonly at: number;
  readonly change: DatedChange;
}

/** The gate is an environment too, but nothing is deployed to it. Others count only where nothing is called production. */
function toRollouts(records: readonly DeploymentRecord[], gate: string): readonly Rollout[] {
  const deployed = records.filter(({ environment }) => environment !== gate);
  const inProduction = deployed.filter(({ environment }) => !NOT_PRODUCTION.test(environment));
  const counted = inProduction.length > 0 ? inProduction : deployed;
  return counted.map((record, index) => toRollout(record, counted.slice(index + 1)));
}

/** A failed deployment replaced nothing. */
function toRollout(record: DeploymentRecord, older: readonly DeploymentRecord[]): Rollout {
  const at = reachedProduction(record);
  const state = record.state === "failed" ? "failed" : wentOut(record) ? "went-out" : "under-way";
  const before = older.find((each) => each.environment === record.environment && wentOut(each)) ?? null;
  const previous = state === "failed" ? null : before;
  return { record, previous, at, change: { of: "deployment", at, state, elsewhere: NOT_PRODUCTION.test(record.environment) } };
}

function wentOut({ state }: DeploymentRecord): boolean {
  return state === "live" || state === "was-live";
}

/** A rollout takes effect while it runs, and the last status of a replaced one tells when it went, not when it came: its start is the safe date. */
function reachedProduction({ createdAt }: DeploymentRecord): number {
  return createdAt.getTime();
}

function pickSuspect(rollouts: readonly Rollout[], onset: number): (Rollout & { readonly previous: DeploymentRecord }) | null {
  const candidates = rollouts.filter(
    (rollout): rollout is Rollout & { readonly previous: DeploymentRecord } =>
      rollout.previous !== null && rollout.previous.sha !== rollout.record.sha && isBeforeOnset(rollout.at, onset),
  );
  const [nearest = null] = candidates.toSorted(
    (a, b) => rankChange(b.change, onset) - rankChange(a.change, onset) || b.at - a.at,
  );
  return nearest;
}

function compare(
  { record, previous }: { record: DeploymentRecord; previous: DeploymentRecord },
  changes: Changes,
  repository: string,
): Promise<Comparison> {
  return changes.compare(repository, previous.sha, record.sha);
}

function asReason(error: unknown): string {
  return `what the last deployment brought could not be read (${error instanceof Error ? error.message : "unknown failure"})`;
}

function deploymentFinding(
  { record, previous, at, change }: Rollout,
  brought: Comparison | null,
  { service, onset }: SourceRequest,
): Finding {
  const result = change.state === "went-out" ? "deployed" : change.state === "failed" ? "failed to deploy" : "being deployed";
  const was = previous === null ? "" : ` (was ${previous.ref})`;
  const what = brought === null ? "" : `, ${plural(brought.commits.length, "commit")} in ${plural(brought.files.length, "file")}`;
  const by = record.by === null ? "" : ` by ${record.by}`;
  return {
    source: "github",
    subject: service.name,
    at: new Date(at),
    summary: redact(
      `${record.ref} ${result} to ${record.environment} ${placeInTime(at, onset.getTime())}${was}${what}${by}`,
      MAX_SUMMARY,
    ),
    detail: {
      kind: "change",
      of: "deployment",
      ref: redact(record.ref, MAX_REF),
      previousRef: previous === null ? null : redact(previous.ref, MAX_REF),
      files: (brought?.files ?? []).slice(0, MAX_FILES).map(({ path }) => redact(path, MAX_PATH)),
    },
    score: rankChange(change, onset.getTime()),
    query: null,
    link: brought?.url ?? record.url,
  };
}

function broughtFindings(
  suspect: Rollout & { readonly previous: DeploymentRecord },
  comparison: Comparison,
  request: SourceRequest,
): readonly Finding[] {
  const brought: Brought = { rollout: suspect.change, ref: suspect.record.ref, previousRef: suspect.previous.ref, comparison };
  return [...configFindings(brought, request), ...commitFindings(brought, request)];
}

/** Newest first: the last ones are the likeliest to be new to production. */
function commitFindings({ rollout, ref, comparison }: Brought, { service, onset }: SourceRequest): readonly Finding[] {
  return comparison.commits.slice(-MOST_COMMITS).map((commit) => ({
    source: "github",
    subject: service.name,
    at: commit.at,
    summary: redact(
      `${ref} brought ${commit.sha.slice(0, 7)}: ${commit.message.split("\n")[0] ?? ""} (${commit.author})`,
      MAX_SUMMARY,
    ),
    detail: { kind: "change", of: "commit", ref: redact(commit.sha, MAX_REF), previousRef: null, files: [] },
    score: rankChange({ ...rollout, of: "commit" }, onset.getTime()),
    query: null,
    link: commit.url,
  }));
}
