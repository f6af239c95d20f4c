/** Deployments and releases as what they are to an incident: another version went out. Pure. */
import type { CheckedDeployment, FailedCheck, RepositoryHistory } from "../../ports.js";
import { isBeforeOnset, rankChange, type DatedChange } from "../../signals/change-rank.js";

export interface Version {
  readonly ref: string;
  readonly sha: string;
}
/** In the order of its environment: what it replaced is known. */
export interface Rollout extends Version {
  readonly id: string;
  readonly where: string; // "to production"; "as a release"
  readonly previous: Version | null;
  readonly at: number;
  readonly by: string | null;
  readonly url: string | null;
  readonly title: string; // of a release
  readonly failedChecks: readonly FailedCheck[];
  readonly change: DatedChange;
}
export type Suspect = Rollout & { readonly previous: Version };

/** Each is compared with what it replaced: a request. Faults may build up for hours, so the nearest one is not always it. */
const MOST_SUSPECTS = 3;
const NOT_PRODUCTION = /\b(?:stag(?:e|ing)|dev(?:elopment)?|test(?:ing)?|qa|preview|sandbox|review)\b/i;

/** A release that was deployed is told by its deployment. */
export function toRollouts({ deployments, releases }: RepositoryHistory, gate: string): readonly Rollout[] {
  const deployed = toDeployed(deployments, gate);
  const told = new Set(deployed.flatMap(({ ref, sha }) => [ref, sha]));
  const released = releases.flatMap(({ sha, tag, ...release }, index): Rollout[] => {
    if (sha === null || told.has(tag) || told.has(sha)) return [];
    const at = release.publishedAt.getTime();
    const older = releases.slice(index + 1).find((each) => each.sha !== null && !each.isPrerelease);
    return [
      {
        id: `release/${tag}`,
        ref: tag,
        sha,
        where: "as a release",
        previous: older?.sha ? { ref: older.tag, sha: older.sha } : null,
        at,
        by: release.by,
        url: release.url,
        title: release.name,
        failedChecks: [],
        change: { of: "release", at, state: "went-out", elsewhere: release.isPrerelease },
      },
    ];
  });
  return [...deployed, ...released];
}

/** The gate is an environment too, but nothing is deployed to it. Others count only where nothing is called production. */
function toDeployed(records: readonly CheckedDeployment[], gate: string): readonly Rollout[] {
  const deployed = records.filter(({ environment }) => environment !== gate);
  const inProduction = deployed.filter(({ environment }) => !NOT_PRODUCTION.test(environment));
  const counted = inProduction.length > 0 ? inProduction : deployed;
  return counted.map((record, index) => toRollout(record, counted.slice(index + 1)));
}

/** A failed deployment replaced nothing. A rollout takes effect while it runs, and a later status may be of its end: its start is the safe date. */
function toRollout(record: CheckedDeployment, older: readonly CheckedDeployment[]): Rollout {
  const { ref, sha, environment, by, url, failedChecks } = record;
  const at = record.createdAt.getTime();
  const state = record.state === "failed" ? "failed" : wentOut(record) ? "went-out" : "under-way";
  const before = older.find((each) => each.environment === environment && wentOut(each)) ?? null;
  return {
    id: `deployment/${record.id}`,
    ref,
    sha,
    where: `to ${environment}`,
    previous: state === "failed" ? null : before,
    at,
    by,
    url,
    title: "",
    failedChecks,
    change: { of: "deployment", at, state, elsewhere: NOT_PRODUCTION.test(environment) },
  };
}

function wentOut({ state }: CheckedDeployment): boolean {
  return state === "live" || state === "was-live";
}

/** Those whose lines are worth reading, nearest before the onset first: of another commit than what they replaced. */
export function pickSuspects(rollouts: readonly Rollout[], onset: number): readonly Suspect[] {
  return rollouts
    .filter(
      (rollout): rollout is Suspect =>
        rollout.previous !== null && rollout.previous.sha !== rollout.sha && isBeforeOnset(rollout.at, onset),
    )
    .toSorted((a, b) => rankChange(b.change, onset) - rankChange(a.change, onset) || b.at - a.at)
    .slice(0, MOST_SUSPECTS);
}
