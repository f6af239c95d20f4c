import { Octokit } from "@octokit/rest";
import { createGitHubClock, type GitHubClock } from "./clock.js";
import { readFailure } from "./failure.js";
import { createGraphQl, raiseGraphQlFault, repositoryOf, type GraphQl } from "./graphql.js";
import { decideRetry } from "./retry.js";
import { translateFailure, type Asked } from "./translate.js";

export interface ClientOptions {
  readonly token: string;
  readonly apiUrl: string; // "https://api.github.com"
  readonly graphqlUrl: string; // "https://api.github.com/graphql"
  readonly repository: string; // "owner/name" of the repository the incidents live in
  readonly fetch?: typeof fetch; // one that knows the runner's proxy
  readonly timeoutMs?: number; // per request; default 30,000
  readonly backoffMs?: number; // before the first retry, doubled each time; default 500
}
export interface GitHubClient {
  readonly repository: Place;
  readonly rest: Octokit["rest"];
  readonly graphql: GraphQl;
  readonly clock: GitHubClock;
  /** What an earlier answer told and will not change while a job runs. */
  readonly learned: { defaultBranch: string | null };
}
/** A repository as paths name it. */
export interface Place {
  readonly owner: string;
  readonly repo: string;
}

/** For POSTs that may be repeated: the second one changes nothing. */
export const REPEATABLE = { request: { repeatable: true } } as const;

/** One Octokit for a whole job. Nothing but our own errors leaves it. */
export function createClient(options: ClientOptions): GitHubClient {
  const clock = createGitHubClock();
  const octokit = new Octokit({
    auth: options.token,
    baseUrl: options.apiUrl.replace(/\/+$/, ""),
    userAgent: "gatehouse",
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    request: { fetch: createFetch(options, clock) },
  });
  octokit.hook.wrap("request", async (request, parameters) => {
    const asked = describe(parameters, options.repository);
    const repeatable = parameters.request?.["repeatable"] === true || parameters.method !== "POST";
    return sendWithCare(async () => raiseGraphQlFault(await request(parameters)), {
      asked,
      repeatable,
      clock,
      backoffMs: options.backoffMs ?? 500,
    });
  });
  return {
    repository: parsePlace(options.repository),
    learned: { defaultBranch: null },
    rest: octokit.rest,
    graphql: createGraphQl(octokit, options.graphqlUrl, options.repository),
    clock,
  };
}

/** @throws {RangeError} when it is not "owner/name". */
export function parsePlace(repository: string): Place {
  const match = /^([^/\s]+)\/([^/\s]+)$/.exec(repository);
  if (!match?.[1] || !match[2]) throw new RangeError(`"${repository}" is not a repository: write owner/name.`);
  return { owner: match[1], repo: match[2] };
}

interface Care {
  readonly asked: Asked;
  readonly repeatable: boolean;
  readonly clock: GitHubClock;
  readonly backoffMs: number;
}

async function sendWithCare<T>(send: () => Promise<T>, care: Care): Promise<T> {
  let attempts = { faults: 0, limits: 0 };
  for (;;) {
    try {
      return await send();
    } catch (error) {
      const failure = readFailure(error);
      if (!failure) throw error;
      const now = care.clock.now();
      const decision = decideRetry(failure, attempts, { repeatable: care.repeatable, now, backoffMs: care.backoffMs });
      if (decision.kind === "give-up") throw translateFailure(failure, care.asked, now);
      attempts =
        decision.because === "fault"
          ? { ...attempts, faults: attempts.faults + 1 }
          : { ...attempts, limits: attempts.limits + 1 };
      await care.clock.sleep(decision.inMs);
    }
  }
}

/** Reads the clock off every answer, and gives every attempt its own deadline. */
function createFetch(options: ClientOptions, clock: GitHubClock): typeof fetch {
  const send = options.fetch ?? fetch;
  return async (input, init) => {
    const response = await send(input, { ...init, signal: AbortSignal.timeout(options.timeoutMs ?? 30_000) });
    clock.observe(response.headers.get("date"));
    return response;
  };
}

function describe(
  parameters: { readonly method: string; readonly url: string; readonly [name: string]: unknown },
  ownRepository: string,
): Asked {
  const repository = repositoryOf(parameters) ?? repositoryOf(parameters["variables"]);
  const operation =
    typeof parameters["operationName"] === "string"
      ? parameters["operationName"]
      : new URL(parameters.url, "http://api").pathname;
  return { method: parameters.method, operation: decodeURI(operation), repository, ownRepository };
}

function ignore(): void {
  // Octokit's own log lines would end up in the job's log; what matters comes back as an error.
}
