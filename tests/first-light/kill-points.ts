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

/**
 * The one place where a death cannot be told from a lost effect: the intent to deploy is written, but the dispatch never
 * arrived. After 60 s nobody can know, so people decide.
 */
export function isAmbiguous({ job, operation, kill }: KillPoint): boolean {
  return job === "remediate" && operation === DISPATCH && kill === "before";
}

/** What CI tries: every job dies before and after what it is there for, and in between. */
export const CI_LIVES: readonly Life[] = [
  [
    { job: "open", operation: "issues/create", nth: 1, kill: "before" },
    { job: "respond", operation: "issues/update", nth: 1, kill: "before" },
    { job: "hand-over", operation: DISPATCH, nth: 1, kill: "before" },
    { job: "check", operation: "git/create-ref", nth: 1, kill: "before" },
    { job: "remediate", operation: "issues/create-comment", nth: 1, kill: "before" },
    { job: "remediate", operation: "issues/update-comment", nth: 1, kill: "after" },
    { job: "wake", nth: 1, kill: "before" },
    { job: "archive", operation: "graphql:CreateCommit", nth: 1, kill: "before" },
  ],
  [
    { job: "open", operation: "issues/create", nth: 1, kill: "after" },
    { job: "respond", operation: "issues/create-comment", nth: 1, kill: "after" },
    { job: "hand-over", operation: DISPATCH, nth: 1, kill: "after" },
    { job: "check", operation: "git/create-ref", nth: 1, kill: "after" },
    { job: "remediate", operation: DISPATCH, nth: 1, kill: "after" },
    { job: "remediate", operation: "issues/update-comment", nth: 2, kill: "before" },
    { job: "wake", operation: DISPATCH, nth: 1, kill: "after" },
    { job: "archive", operation: "graphql:CreateCommit", nth: 1, kill: "after" },
  ],
  [{ job: "remediate", operation: DISPATCH, nth: 1, kill: "before" }],
];

/** Every request that a job sent in a life without deaths, before and after: one life each. */
export function everyPoint(requests: readonly { readonly job: string | null; readonly operation: string }[]): readonly Life[] {
  const counts = new Map<string, number>();
  const lives: Life[] = [];
  for (const { job: key, operation } of requests) {
    const job = JOBS.find((known) => known === key);
    if (job === undefined || operation.startsWith("git:")) continue; // checkouts are the runner's, not the bundle's
    const nth = (counts.get(`${job} ${operation}`) ?? 0) + 1;
    counts.set(`${job} ${operation}`, nth);
    lives.push([{ job, operation, nth, kill: "before" }], [{ job, operation, nth, kill: "after" }]);
  }
  return lives;
}
