/**
 * What changed in the service's repository: deployments, releases, failing checks of what went out, and what the one nearest before the
 * onset brought. Two requests, unless there are very many deployments or commits are to be read one by one.
 */
import type { Changes, Finding, History, RepositoryHistory, SourceRequest } from "../../ports.js";
import { CLOCK_SKEW_MS } from "../../signals/change-rank.js";
import { DEFAULT_TIMEOUT_MS, type TimedSource } from "../timed-source.js";
import { PartialAnswerError } from "../unavailable.js";
import { readBrought, type Brought } from "./github-brought.js";
import { broughtFindings, checksFinding, cutFinding, rolloutFinding } from "./github-findings.js";
import { pickSuspect, toRollouts, type Suspect } from "./github-rollouts.js";

export interface GithubOptions {
  readonly history: History;
  /** null: what a deployment brought is not asked for (config: `commits: false`). */
  readonly changes: Changes | null;
  /** Lines of each commit, where a deployment brought two to eight: a request each. Default: only what they changed together. */
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
    const suspect = changes === null ? null : pickSuspect(inWindow, onset.getTime());
    const brought = changes === null || suspect === null ? null : await tryToRead(suspect, request, changes, commitDiffs);
    const read = typeof brought === "string" ? null : brought;
    const shown = inWindow.slice(0, MOST_ROLLOUTS);
    const findings = [
      ...shown.map((rollout) => rolloutFinding(rollout, rollout === suspect ? read : null, request)),
      ...(read === null ? [] : broughtFindings(read, request)),
      ...inWindow.flatMap((rollout) => checksFinding(rollout, request)).slice(0, MOST_WITH_CHECKS),
      ...cutFinding({ inWindow: inWindow.length, shown: shown.length, isCut: known.isCut }, request),
    ];
    const problems = [...(typeof brought === "string" ? [brought] : []), ...withheldIn(known)];
    if (problems.length > 0) throw new PartialAnswerError(`GitHub: ${problems.join("; ")}`, findings, false);
    return findings;
  };
  return { name: "github", timeoutMs, observe };
}

/** @returns the reason when it could not be read */
async function tryToRead(
  suspect: Suspect,
  { service }: SourceRequest,
  changes: Changes,
  commitDiffs: boolean,
): Promise<Brought | string> {
  try {
    return await readBrought(suspect, service.repository, { changes, commitDiffs });
  } catch (error) {
    return `what the last deployment brought could not be read (${error instanceof Error ? error.message : "unknown failure"})`;
  }
}

const NEEDS = { checks: "checks: read and statuses: read", releases: "contents: read" } as const;

function withheldIn({ withheld }: RepositoryHistory): readonly string[] {
  return withheld.map(
    (part) => `it does not tell this token about ${part}; give the job ${NEEDS[part]}, or set sources.github.${part}: false`,
  );
}
