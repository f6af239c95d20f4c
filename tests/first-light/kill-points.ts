/** Where a job can die: when its n-th request arrives, or when the answer to it has been sent. */
export const JOBS = ["open", "respond", "hand-over", "check", "remediate", "wake", "archive"] as const;
export type JobKey = (typeof JOBS)[number];

export interface KillPoint {
  readonly job: JobKey;
  /** Counts only requests of this operation when one is named. */
  readonly operation?: string;
  readonly nth: number; // from 1, over all runs of the job in one incident
  readonly kill: "before" | "after";
}
/** Points of one incident; each happens once. */
export type Life = readonly KillPoint[];

export function describePoint({ job, operation, nth, kill }: KillPoint): string {
  return `${job}, ${kill} ${operation ?? "request"} ${nth}`;
}

const DISPATCH = "actions/create-workflow-dispatch";
const INTENT = "issues/create-comment"; // the first of the hands: their record, with the intent in it

/**
 * The one moment at which a death cannot be told from a lost effect: the intent to deploy has been written, and the dispatch did
 * not arrive. After 60 s nobody can know, so people decide.
 */
export function isAmbiguous({ job, operation, nth, kill }: KillPoint): boolean {
  if (job !== "remediate" || nth !== 1) return false;
  return kill === "before" ? operation === DISPATCH : operation === INTENT;
}

/** What CI tries: every job dies before and after what it is there for, and in between. */
export const CI_LIVES: readonly Life[] = [
  [
    { job: "open", operation: "issues/create", nth: 1, kill: "before" },
    { job: "respond", operation: "issues/update", nth: 1, kill: "before" },
    { job: "hand-over", operation: DISPATCH, nth: 1, kill: "before" },
    { job: "check", operation: "git/create-ref", nth: 1, kill: "before" },
    { job: "remediate", operation: INTENT, nth: 1, kill: "before" },
    { job: "wake", nth: 1, kill: "before" },
    { job: "archive", operation: "graphql:CreateCommit", nth: 1, kill: "before" },
  ],
  [
    { job: "open", operation: "issues/create", nth: 1, kill: "after" },
    { job: "respond", operation: "issues/create-comment", nth: 1, kill: "after" },
    { job: "hand-over", operation: DISPATCH, nth: 1, kill: "after" },
    { job: "check", operation: "git/create-ref", nth: 1, kill: "after" },
    { job: "remediate", operation: DISPATCH, nth: 1, kill: "after" },
    { job: "wake", operation: DISPATCH, nth: 1, kill: "after" },
    { job: "archive", operation: "graphql:CreateCommit", nth: 1, kill: "after" },
  ],
  [{ job: "remediate", operation: DISPATCH, nth: 1, kill: "before" }],
];

type Sent = { readonly job: string | null; readonly operation: string };

/**
 * Every request that jobs sent in a life without deaths, before and after, packed into lives with at most one death a job.
 * The point at which nobody can know what happened ends its life early and has one of its own.
 */
export function everyLife(requests: readonly Sent[]): readonly Life[] {
  const points = everyPoint(requests);
  const lives: KillPoint[][] = [];
  for (const point of points.filter((candidate) => !isAmbiguous(candidate))) {
    const free = lives.find((life) => life.every(({ job }) => job !== point.job && !depend(job, point.job)));
    if (free) free.push(point);
    else lives.push([point]);
  }
  return [...lives, ...points.filter(isAmbiguous).map((point) => [point])];
}

/** A second run of the hands looks for the effects of the first, so a dead reservation changes what their requests are. */
function depend(one: JobKey, other: JobKey): boolean {
  return [one, other].includes("check") && [one, other].includes("remediate");
}

function everyPoint(requests: readonly Sent[]): readonly KillPoint[] {
  const counts = new Map<string, number>();
  return requests.flatMap(({ job: key, operation }): readonly KillPoint[] => {
    const job = JOBS.find((known) => known === key);
    if (job === undefined || operation.startsWith("git:")) return []; // checkouts are the runner's, not the bundle's
    const nth = (counts.get(`${job} ${operation}`) ?? 0) + 1;
    counts.set(`${job} ${operation}`, nth);
    return [
      { job, operation, nth, kill: "before" },
      { job, operation, nth, kill: "after" },
    ];
  });
}
