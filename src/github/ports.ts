import type {
  Archive,
  Changes,
  Clock,
  CommentWriter,
  Deployments,
  Desk,
  Dispatcher,
  Environments,
  History,
  IncidentList,
  IssueWriter,
  People,
  Postmortems,
  Reactor,
  Reservations,
  Runs,
} from "../ports.js";
import { createArchive } from "./archive.js";
import { createChanges } from "./changes.js";
import { createClient, type ClientOptions } from "./client.js";
import { createCommentWriter, createReactor } from "./comments.js";
import { createDeployments } from "./deployments.js";
import { createDesk } from "./desk.js";
import { createEnvironments } from "./environments.js";
import { createHistory } from "./history.js";
import { createIncidentList, createIssueWriter } from "./issues.js";
import { createPeople } from "./people.js";
import { createPostmortems } from "./postmortems.js";
import { createReservations } from "./reservations.js";
import { createDispatcher, createRuns } from "./runs.js";

export interface GitHubPortsOptions extends ClientOptions {
  readonly configPath: string; // ".github/gatehouse.yml"
  readonly postmortemDirectory?: string; // default "postmortems"; its README.md is the index
  readonly botLogin?: string; // whose issues are incidents; default "github-actions[bot]"
}

/** Every port that GitHub serves. A job takes only those its type names. */
export interface GitHubPorts {
  readonly clock: Clock;
  readonly desk: Desk;
  readonly incidents: IncidentList;
  readonly issues: IssueWriter;
  readonly comments: CommentWriter;
  readonly reactor: Reactor;
  readonly people: People;
  readonly environments: Environments;
  readonly runs: Runs;
  readonly dispatcher: Dispatcher;
  readonly reservations: Reservations;
  readonly deployments: Deployments;
  readonly history: History;
  readonly changes: Changes;
  readonly postmortems: Postmortems;
  readonly archive: Archive;
}

export function createGitHubPorts(options: GitHubPortsOptions): GitHubPorts {
  const client = createClient(options);
  const index = `${options.postmortemDirectory ?? "postmortems"}/README.md`;
  return {
    clock: client.clock,
    desk: createDesk(client, { config: options.configPath, index }),
    incidents: createIncidentList(client, options.botLogin ?? "github-actions[bot]"),
    issues: createIssueWriter(client),
    comments: createCommentWriter(client),
    reactor: createReactor(client),
    people: createPeople(client),
    environments: createEnvironments(client),
    runs: createRuns(client),
    dispatcher: createDispatcher(client),
    reservations: createReservations(client),
    deployments: createDeployments(client),
    history: createHistory(client),
    changes: createChanges(client),
    postmortems: createPostmortems(client),
    archive: createArchive(client),
  };
}
