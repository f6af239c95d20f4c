/** Deployments, releases and failing checks of a repository, all in one GraphQL question. */
import { z } from "zod";
import type { CheckedDeployment, FailedCheck, History, HistoryQuestion, ReleaseRecord, RepositoryHistory } from "../ports.js";
import { Moment } from "./answer.js";
import { parsePlace, type GitHubClient } from "./client.js";
import { DEPLOYMENT_FIELDS, DeploymentNode, toDeployment } from "./deployments.js";
import type { GraphQlError } from "./graphql.js";
import { present } from "./trunk.js";

const MOST_PAGES = 4;

export const REPOSITORY_HISTORY = `query RepositoryHistory($owner: String!, $repo: String!, $after: String, $releases: Boolean!, $checks: Boolean!) {
  repository(owner: $owner, name: $repo) {
    deployments(first: 30, after: $after, orderBy: {field: CREATED_AT, direction: DESC}) {
      pageInfo { hasNextPage endCursor }
      nodes {${DEPLOYMENT_FIELDS}
        commit @include(if: $checks) {
          statusCheckRollup {
            state
            contexts(first: 30) {
              nodes {
                kind: __typename
                ... on CheckRun { name conclusion }
                ... on StatusContext { context state }
              }
            }
          }
        }
      }
    }
    releases(first: 20, orderBy: {field: CREATED_AT, direction: DESC}) @include(if: $releases) {
      nodes { tagName name isDraft isPrerelease publishedAt url tagCommit { oid } author { login } }
    }
  }
}`;

const CheckNode = z.union([
  z
    .object({ kind: z.literal("CheckRun"), name: z.string(), conclusion: z.string().nullable() })
    .transform(({ name, conclusion }) => ({ name, outcome: conclusion })),
  z
    .object({ kind: z.literal("StatusContext"), context: z.string(), state: z.string() })
    .transform(({ context, state }) => ({ name: context, outcome: state })),
]);
const Rollup = z.object({
  state: z.string(),
  contexts: z.object({ nodes: z.array(CheckNode.nullable()).nullable() }).nullable(),
});
const Checked = DeploymentNode.extend({ commit: z.object({ statusCheckRollup: Rollup.nullable() }).nullish() });
const ReleaseNode = z.object({
  tagName: z.string(),
  name: z.string().nullable(),
  isDraft: z.boolean(),
  isPrerelease: z.boolean(),
  publishedAt: Moment.nullable(),
  url: z.url({ protocol: /^https?$/ }),
  tagCommit: z.object({ oid: z.string() }).nullable(),
  author: z.object({ login: z.string() }).nullable(),
});
const Answer = z.object({
  repository: z.object({
    deployments: z.object({
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
      nodes: z.array(Checked.nullable()).nullable(),
    }),
    releases: z.object({ nodes: z.array(ReleaseNode.nullable()).nullable() }).nullish(),
  }),
});
type Page = z.infer<typeof Answer>["repository"];

export function createHistory(client: GitHubClient): History {
  return {
    async since(repository, question) {
      const withheld = new Set<"releases" | "checks">();
      const tolerate = (error: GraphQlError): boolean => {
        const part = partOf(error);
        if (part !== null) withheld.add(part);
        return part !== null;
      };
      const ask = async (after: string | null, releases: boolean): Promise<Page> => {
        const variables = { ...parsePlace(repository), after, releases, checks: question.checks };
        const answer = await client.graphql.ask({ document: REPOSITORY_HISTORY, variables, answer: Answer, tolerate });
        return answer.repository;
      };
      return { ...(await readPages(ask, question)), withheld: [...withheld] };
    },
  };
}

/** Checks and releases are a bonus: where the token may not read them, deployments still count. */
function partOf({ type, path }: GraphQlError): "releases" | "checks" | null {
  if (type !== "FORBIDDEN") return null;
  if (path.includes("statusCheckRollup")) return "checks";
  return path.startsWith("repository.releases") ? "releases" : null;
}

async function readPages(
  ask: (after: string | null, releases: boolean) => Promise<Page>,
  { since, releases }: HistoryQuestion,
): Promise<Omit<RepositoryHistory, "withheld">> {
  const first = await ask(null, releases);
  const deployments = read(first);
  let next = nextOf(first);
  for (let page = 1; next !== null && reachesBeyond(deployments, since) && page < MOST_PAGES; page += 1) {
    const further = await ask(next, false);
    deployments.push(...read(further));
    next = nextOf(further);
  }
  return {
    deployments,
    releases: present(first.releases?.nodes).flatMap(toRelease),
    isCut: next !== null && reachesBeyond(deployments, since),
  };
}

function read({ deployments }: Page): CheckedDeployment[] {
  return present(deployments.nodes).map((node) => ({ ...toDeployment(node), failedChecks: failedIn(node.commit) }));
}

function nextOf({ deployments: { pageInfo } }: Page): string | null {
  return pageInfo.hasNextPage ? pageInfo.endCursor : null;
}

/** The oldest one read is younger than that: there may be more. */
function reachesBeyond(deployments: readonly CheckedDeployment[], since: Date): boolean {
  const oldest = deployments.at(-1);
  return oldest !== undefined && oldest.createdAt >= since;
}

const FAILED = new Set(["FAILURE", "ERROR", "TIMED_OUT", "STARTUP_FAILURE", "ACTION_REQUIRED"]);

function failedIn(commit: z.infer<typeof Checked>["commit"]): readonly FailedCheck[] {
  const rollup = commit?.statusCheckRollup;
  if (rollup === null || rollup === undefined || !FAILED.has(rollup.state)) return [];
  return present(rollup.contexts?.nodes).flatMap(({ name, outcome }) =>
    outcome !== null && FAILED.has(outcome) ? [{ name, outcome: outcome.toLowerCase().replaceAll("_", " ") }] : [],
  );
}

function toRelease(node: z.infer<typeof ReleaseNode>): readonly ReleaseRecord[] {
  if (node.isDraft || node.publishedAt === null) return [];
  const { tagName, name, isPrerelease, publishedAt, url, tagCommit, author } = node;
  return [
    {
      tag: tagName,
      sha: tagCommit?.oid ?? null,
      name: name ?? "",
      publishedAt,
      isPrerelease,
      by: author?.login ?? null,
      url,
    },
  ];
}
