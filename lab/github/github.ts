import { createClock } from "../clock.js";
import type { Engine, Fault, Host, LoggedRequest } from "../model.js";
import { createFaults, type Faults } from "./api/faults.js";
import { createLimits, type Limits } from "./api/limits.js";
import { createLog, type RequestLog, type Validation } from "./api/log.js";
import { createRest } from "./api/rest.js";
import { createApiListener } from "./api/server.js";
import { environmentNamed } from "./environments.js";
import { prepareRepository } from "./git/prepare.js";
import { createGraphqlApi } from "./graphql/api.js";
import { githubSchema } from "./graphql/schema.js";
import { allHandlers } from "./handlers/all.js";
import { createJobDeployments, type JobDeployments } from "./job-deployments.js";
import { openServers } from "./network.js";
import { openSite } from "./open-site.js";
import type { GitHubOptions } from "./options.js";
import { populate } from "./populate.js";
import { renderRepository } from "./render/repository.js";
import { loadDescription } from "./schema/description.js";
import { createValidator } from "./schema/validator.js";
import { createServerListener } from "./server/listener.js";
import type { Site } from "./site.js";
import type { UserRecord } from "./state.js";
import { createTokens, type Tokens } from "./tokens.js";

/** GitHub's stand-in: one repository behind a REST and GraphQL API, git over HTTP and a few pages. */
export interface GitHub extends Host {
  /** Every request that reached the API or git, oldest first. */
  readonly requests: readonly LoggedRequest[];
  /** How requests and answers compared with GitHub's own description. */
  readonly validation: Validation;
  /** A personal token for each user, by login. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly users: readonly UserRecord[];
  /** Joins the runner; until then operations on workflows fail. */
  attach(engine: Engine): void;
  setFaults(fault: Fault): void;
  clearFaults(): void;
  close(): Promise<void>;
}

interface Parts {
  readonly site: Site;
  readonly tokens: Tokens;
  readonly log: RequestLog;
  readonly limits: Limits;
  readonly faults: Faults;
  readonly deployments: JobDeployments;
}

export async function createGitHub(options: GitHubOptions): Promise<GitHub> {
  const clock = options.clock ?? createClock();
  const prepared = await prepareRepository(options.git, options.defaultBranch ?? "main", clock.now());
  const servers = await openServers(options.socketPath);
  const limits = createLimits(clock, options.jobTokenLimit ?? 1000);
  const { site, attach } = openSite(options, { clock, git: prepared.git, urls: servers.urls, limits });
  const parts = {
    site,
    limits,
    tokens: createTokens(),
    log: createLog(site),
    faults: createFaults(),
    deployments: createJobDeployments(site),
  };
  const tokens = populate(site, parts.tokens, options);
  servers.serve({ api: listenerOf(parts), web: createServerListener(parts) });
  return {
    ...hostOf(parts, options),
    requests: parts.log.requests,
    validation: parts.log.validation,
    tokens,
    users: [...site.state.users.values()],
    attach(engine) {
      attach(engine);
      void githubSchema(); // parsed while the runner starts, not inside the first query
    },
    setFaults: (fault) => parts.faults.set(fault),
    clearFaults: () => parts.faults.clear(),
    async close() {
      await servers.close();
      await prepared.dispose();
    },
  };
}

function listenerOf(parts: Parts): ReturnType<typeof createApiListener> {
  const { site, log, deployments } = parts;
  const description = loadDescription();
  const validator = createValidator(description);
  const rest = createRest(site, { description, validator, handlers: allHandlers, log });
  return createApiListener({
    ...parts,
    validator,
    rest,
    graphql: createGraphqlApi(site, log),
    settle: () => deployments.settle(),
  });
}

function hostOf({ site, tokens, deployments }: Parts, options: GitHubOptions): Host {
  return {
    clock: site.clock,
    urls: site.urls,
    repository: {
      id: site.repositoryId,
      owner: site.owner,
      name: site.name,
      private: site.private,
      defaultBranch: site.defaultBranch,
      gitDir: site.git.dir,
      secrets: { ...options.secrets },
      variables: { ...options.variables },
    },
    events: site.events,
    repositoryPayload: () => renderRepository(site),
    environment: (name) => environmentNamed(site, name),
    issueJobToken: (job, permissions) => tokens.issueJob(job, permissions),
    revokeJobToken: (token) => tokens.revoke(token),
    recordJobDeployment: (run, job, environment) => deployments.add(run, job, environment),
    runs: site.state.runs,
  };
}
