import { EventEmitter } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createClock } from "../clock.js";
import type { Engine, Fault, Host, LabEvent, LoggedRequest } from "../model.js";
import { createFaults } from "./api/faults.js";
import { createLimits } from "./api/limits.js";
import { createLog, type Validation } from "./api/log.js";
import { createRest } from "./api/rest.js";
import { createApiListener } from "./api/server.js";
import { environmentNamed } from "./environments.js";
import { prepareRepository } from "./git/prepare.js";
import { createGraphqlApi } from "./graphql/api.js";
import { allHandlers } from "./handlers/all.js";
import { createJobDeployments } from "./job-deployments.js";
import type { GitHubOptions } from "./options.js";
import { renderRepository } from "./render/repository.js";
import { loadDescription } from "./schema/description.js";
import { createValidator } from "./schema/validator.js";
import { createServerListener } from "./server/listener.js";
import { HttpError, type Site } from "./site.js";
import { populate } from "./populate.js";
import { createState, type UserRecord } from "./state.js";
import { createTokens } from "./tokens.js";

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

const repositoryId = 712_345_601;

export async function createGitHub(options: GitHubOptions): Promise<GitHub> {
  const clock = options.clock ?? createClock();
  const defaultBranch = options.defaultBranch ?? "main";
  const prepared = await prepareRepository(options.git, defaultBranch, clock.now());
  const [api, web] = await Promise.all([listen(), listen()]);
  const urls = { api: urlOf(api), graphql: `${urlOf(api)}/graphql`, server: urlOf(web) };
  let engine: Engine | null = null;
  const limits = createLimits(clock, options.jobTokenLimit ?? 1000);
  const site: Site = {
    owner: options.owner,
    name: options.repo,
    repositoryId,
    private: options.private ?? false,
    defaultBranch,
    clock,
    urls,
    state: createState(clock.now()),
    git: prepared.git,
    events: new EventEmitter<{ event: [LabEvent] }>(),
    engine() {
      if (engine === null) throw new HttpError(501, "lab: no runner is attached to GitHub's stand-in; call attach(engine) first");
      return engine;
    },
    limits: (caller) => ({ core: limits.read(caller, "core"), graphql: limits.read(caller, "graphql") }),
  };
  const tokens = createTokens();
  const userTokens = populate(site, tokens, options);
  const deployments = createJobDeployments(site);
  const faults = createFaults();
  const log = createLog(site);
  const description = loadDescription();
  const validator = createValidator(description);
  const rest = createRest(site, { description, validator, handlers: allHandlers, log });
  const apiListener = createApiListener({
    site,
    tokens,
    log,
    limits,
    faults,
    validator,
    rest,
    graphql: createGraphqlApi(site, log),
    settle: () => deployments.settle(),
  });
  api.on("request", apiListener);
  web.on("request", createServerListener({ site, tokens, log }));
  const socket = options.socketPath === undefined ? null : await listen(options.socketPath);
  socket?.on("request", apiListener);

  return {
    clock,
    urls,
    repository: {
      id: repositoryId,
      owner: options.owner,
      name: options.repo,
      private: site.private,
      defaultBranch,
      gitDir: prepared.git.dir,
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
    requests: log.requests,
    validation: log.validation,
    tokens: userTokens,
    users: [...site.state.users.values()],
    attach: (joined) => {
      engine = joined;
    },
    setFaults: (fault) => faults.set(fault),
    clearFaults: () => faults.clear(),
    async close() {
      await Promise.all([api, web, ...(socket ? [socket] : [])].map(closeServer));
      await prepared.dispose();
    },
  };
}

function listen(socketPath?: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    const ready = () => resolve(server);
    if (socketPath === undefined) server.listen(0, "127.0.0.1", ready);
    else server.listen(socketPath, ready);
  });
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
