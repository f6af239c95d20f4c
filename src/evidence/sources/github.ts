/**
 * What changed in the service's repository: deployments, releases, failing checks of what went out, and what those nearest before the
 * onset brought. Two requests, two more where several went out, and more only where there are very many or commits are read one by one.
 */
import type { Changes, Finding, History, RepositoryHistory, SourceRequest } from "../../ports.js";
import { CLOCK_SKEW_MS } from "../../signals/change-rank.js";
import { DEFAULT_TIMEOUT_MS, type TimedSource } from "../timed-source.js";
import { PartialAnswerError } from "../unavailable.js";
import { readBrought, type Brought } from "./github-brought.js";
import { broughtFindings, checksFinding, cutFinding, rolloutFinding } from "./github-findings.js";
import { pickSuspects, toRollouts, type Suspect } from "./github-rollouts.js";

export interface GithubOptions {
  readonly history: History;
  /** null: what a deployment brought is not asked for (config: `commits: false`). */
  readonly changes: Changes | null;
  /** Lines of each commit, where the deployment nearest before the onset brought two to eight: a request each. Default: only what they changed together. */
  readonly commitDiffs?: boolean;
  readonly releases?: boolean; // default true: asked with the deployments, no request of their own
  readonly checks?: boolean; // default true, the same
  readonly timeoutMs?: number;
}

const MOST_ROLLOUTS = 8;
const MOST_WITH_CHECKS = 3;

export function createGithubSource(options: GithubOptions): TimedSource {
  const { history, changes, commitDiffs = false, releases = true, checks = true, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const observe = async (request: SourceRequest): Promise<readonly Finding[]> => {
    const { service, onset } = request;
    const known = await history.since(service.repository, { since: request.changes.from, releases, checks });
    const inWindow = toRollouts(known, service.environment).filter(
      ({ at }) => at >= request.changes.from.getTime() && at <= request.changes.to.getTime() + CLOCK_SKEW_MS,
    );
    const suspects = changes === null ? [] : pickSuspects(inWindow, onset.getTime());
    const { brought, unread } = await readAll(suspects, request, { changes, commitDiffs });
    const shown = [...new Set([...suspects, ...inWindow])].slice(0, MOST_ROLLOUTS);
    const findings = [
      ...shown.map((rollout) => rolloutFinding(rollout, brought.find((each) => each.rollout === rollout) ?? null, request)),
      ...brought.flatMap((each) => broughtFindings(each, request)),
      ...inWindow.flatMap((rollout) => checksFinding(rollout, request)).slice(0, MOST_WITH_CHECKS),
      ...cutFinding({ inWindow: inWindow.length, shown: shown.length, isCut: known.isCut }, request),
    ];
    const problems = [...unread, ...withheldIn(known)];
    if (problems.length > 0) throw new PartialAnswerError(`GitHub: ${problems.join("; ")}`, findings, false);
    return findings;
  };
  return { name: "github", timeoutMs, observe };
}

interface Read {
  readonly brought: readonly Brought[];
  readonly unread: readonly string[]; // why, for each that could not be read
}

async function readAll(
  suspects: readonly Suspect[],
  { service }: SourceRequest,
  { changes, commitDiffs }: Required<Pick<GithubOptions, "changes" | "commitDiffs">>,
): Promise<Read> {
  if (changes === null) return { brought: [], unread: [] };
  const answers = await Promise.allSettled(
    suspects.map((rollout, index) => {
      const isNearest = index === 0;
      return readBrought({ rollout, isNearest }, service.repository, { changes, commitDiffs: commitDiffs && isNearest });
    }),
  );
  return {
    brought: answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : [])),
    unread: answers.flatMap((answer) => (answer.status === "rejected" ? [sayUnread(answer.reason)] : [])),
  };
}

function sayUnread(reason: unknown): string {
  return `what a deployment brought could not be read (${reason instanceof Error ? reason.message : "unknown failure"})`;
}

const NEEDS = { checks: "checks: read and statuses: read", releases: "contents: read" } as const;

function withheldIn({ withheld }: RepositoryHistory): readonly string[] {
  return withheld.map(
    (part) => `it does not tell this token about ${part}; give the job ${NEEDS[part]}, or set sources.github.${part}: false`,
  );
}
