import type { GitHubPorts } from "../../src/github/ports.js";
import type { Author, Comparison, EnvironmentFacts, Issue, TagRuleset, ThreadComment } from "../../src/ports.js";
import type { Role } from "../../src/words.js";
import { createFakeArchive, createFakeChanges, createFakePostmortems, createFakeReservations } from "./fake-archive.js";
import { createFakeClock } from "./fake-clock.js";
import {
  addComment,
  changeComment,
  changeIssue,
  createFakeCommentWriter,
  createFakeDesk,
  createFakeIncidentList,
  createFakeIssueWriter,
  createFakeReactor,
  lookAt,
  openIssue,
} from "./fake-issues.js";
import { createFakeEnvironments, createFakePeople } from "./fake-people.js";
import {
  createFakeDeployments,
  createFakeDispatcher,
  createFakeHistory,
  createFakeRuns,
  deployScript,
  endRun,
  goLive,
  recordDeployment,
  startRun,
  type DispatchScript,
} from "./fake-runs.js";
import { createLedger, type Ledger } from "./ledger.js";
import { commitFiles, type FakeState, type RunRecord } from "./state.js";

export interface FakeGitHubOptions {
  readonly repository?: string; // default "acme/shop"
  readonly now?: Date; // default 2026-03-02T03:00:00Z
  /** Files of the default branch by path; the config at `configPath`. */
  readonly files?: Readonly<Record<string, string>>;
  readonly configPath?: string; // default ".github/gatehouse.yml"
  readonly visibility?: "public" | "private" | "internal"; // default "private"
  readonly roles?: Readonly<Record<string, Role>>; // by login; anyone else is "none"
  readonly teams?: Readonly<Record<string, readonly string[]>>; // by "org/team"; anything else cannot be checked
  /** Default: `production-gate` and `gatehouse-mind`, limited to main. */
  readonly environments?: readonly EnvironmentFacts[];
  /** Default: one active ruleset that forbids update and deletion of the reservation tags. */
  readonly tagRulesets?: readonly TagRuleset[];
  readonly comparisons?: Readonly<Record<string, Comparison>>; // by "base...head"
  /** The deploy workflow of `deploy.yml`; default: 20 s to `production`. */
  readonly deploy?: { readonly environment: string; readonly takesMs: number };
}

/** A GitHub in memory: all ports, the hands of people, time, and death. See `world.ts` for an example. */
export interface FakeGitHub extends Ledger {
  readonly ports: GitHubPorts;
  /** Everything it remembers, to look at and to tamper with. */
  readonly state: FakeState;
  now(): Date;
  advance(ms: number): void;
  /** A person writes a comment; on the newest issue unless told otherwise. */
  say(login: string, body: string, incident?: number): ThreadComment;
  /** Anyone with write edits anyone's comment. */
  edit(commentId: number, body: string, by: string): void;
  delete(commentId: number): void;
  openIssue(login: string, issue: { readonly title: string; readonly body: string; readonly labels?: readonly string[] }): Issue;
  changeIssue(incident: number, change: Partial<Pick<Issue, "title" | "body" | "labels" | "state" | "locked">>, by: string): void;
  /** As `Desk.look` tells it, without being counted as a call. */
  issue(incident?: number): Issue;
  comments(incident?: number): readonly ThreadComment[];
  setRole(login: string, role: Role): void;
  /** A push to the default branch. */
  commitFile(path: string, text: string): string;
  /** A deployment that did not go through us. */
  deploy(version: string, environment?: string): void;
  /** A deployment that never went live. */
  failDeployment(version: string, environment?: string): void;
  /** A run that nobody dispatched through the ports, running until `endRun`. */
  startRun(workflow: string, title: string, inputs?: Readonly<Record<string, string>>): RunRecord;
  endRun(id: number, conclusion?: string): void;
  /** What a dispatch of this workflow leads to, from now on. */
  onDispatch(workflow: string, script: DispatchScript): void;
  /** The script `deploy.yml` has at first, to build others from. */
  readonly deployScript: DispatchScript;
}

export const BOT: Author = { login: "github-actions[bot]", isBot: true };

/** What protects reservations, as `gatehouse init` creates it. */
export const PROTECTED_TAGS: TagRuleset = {
  name: "gatehouse",
  active: true,
  include: ["refs/tags/gatehouse/**/*"],
  exclude: [],
  rules: ["update", "deletion"],
};

export function createFakeGitHub(options: FakeGitHubOptions = {}): FakeGitHub {
  const state = createState(options);
  const ledger = createLedger();
  const deploy = deployScript(state, options.deploy ?? { environment: "production", takesMs: 20_000 });
  const scripts = new Map<string, DispatchScript>([
    ["deploy.yml", deploy],
    [
      "remediate.yml",
      ({ inputs }) => ({ kind: "run", title: `Remediate #${inputs["incident"]} plan ${inputs["plan"]}`, takesMs: null }),
    ],
    ["incident.yml", ({ inputs }) => ({ kind: "run", title: `Incident ${inputs["incident"]}`, takesMs: null })],
  ]);
  const newest = () => Math.max(0, ...state.issues.keys());
  return Object.assign(Object.create(ledger, {}) as Ledger, {
    ports: createPorts(state, ledger, scripts, options),
    state,
    deployScript: deploy,
    now: () => state.clock.now(),
    advance: (ms: number) => state.clock.advance(ms),
    say: (login: string, body: string, incident = newest()) => {
      const { id } = addComment(state, incident, authorOf(login), body);
      return lookAt(state, incident).comments.find((comment) => comment.id === id) ?? unreachable();
    },
    edit: (commentId: number, body: string) => void changeComment(state, commentId, body),
    delete: (commentId: number) => void state.comments.delete(commentId),
    openIssue: (login: string, issue: { title: string; body: string; labels?: readonly string[] }) => {
      const { number } = openIssue(state, authorOf(login), { labels: [], ...issue });
      return lookAt(state, number).issue ?? unreachable();
    },
    changeIssue: (incident: number, change: Parameters<typeof changeIssue>[2]) => void changeIssue(state, incident, change),
    issue: (incident = newest()) => lookAt(state, incident).issue ?? unreachable(),
    comments: (incident = newest()) => lookAt(state, incident).comments,
    setRole: (login: string, role: Role) => void state.roles.set(login.toLowerCase(), role),
    commitFile: (path: string, text: string) => commitFiles(state, `Change ${path}`, [{ path, text }]),
    deploy: (version: string, environment = options.deploy?.environment ?? "production") =>
      goLive(state, { version, environment }),
    failDeployment: (version: string, environment = options.deploy?.environment ?? "production") =>
      recordDeployment(state, { version, environment, state: "failed" }),
    startRun: (workflow: string, title: string, inputs: Readonly<Record<string, string>> = {}) =>
      startRun(state, { repository: state.repository, workflow, inputs }, { title }),
    endRun: (id: number, conclusion = "success") => endRun(state, id, conclusion),
    onDispatch: (workflow: string, script: DispatchScript) => void scripts.set(workflow, script),
  });
}

function createPorts(
  state: FakeState,
  ledger: Ledger,
  scripts: ReadonlyMap<string, DispatchScript>,
  options: FakeGitHubOptions,
): GitHubPorts {
  const comparisons = new Map(Object.entries(options.comparisons ?? {}));
  return {
    clock: state.clock,
    desk: ledger.count("desk", createFakeDesk(state)),
    incidents: ledger.count("incidents", createFakeIncidentList(state)),
    issues: ledger.count("issues", createFakeIssueWriter(state)),
    comments: ledger.count("comments", createFakeCommentWriter(state)),
    reactor: ledger.count("reactor", createFakeReactor(state)),
    people: ledger.count("people", createFakePeople(state)),
    environments: ledger.count("environments", createFakeEnvironments(state)),
    runs: ledger.count("runs", createFakeRuns(state)),
    dispatcher: ledger.count("dispatcher", createFakeDispatcher(state, scripts)),
    reservations: ledger.count("reservations", createFakeReservations(state)),
    deployments: ledger.count("deployments", createFakeDeployments(state)),
    history: ledger.count("history", createFakeHistory(state)),
    changes: ledger.count("changes", createFakeChanges(comparisons)),
    postmortems: ledger.count("postmortems", createFakePostmortems(state)),
    archive: ledger.count("archive", createFakeArchive(state)),
  };
}

function createState(options: FakeGitHubOptions): FakeState {
  let lastId = 1_000;
  let lastNumber = 0;
  const limitedToMain = (name: string): EnvironmentFacts => ({ name, exists: true, branches: ["main"], requiredReviewers: 0 });
  const environments = options.environments ?? [limitedToMain("production-gate"), limitedToMain("gatehouse-mind")];
  const state: FakeState = {
    clock: createFakeClock(options.now ?? new Date("2026-03-02T03:00:00Z")),
    repository: options.repository ?? "acme/shop",
    repositoryId: 4711,
    visibility: options.visibility ?? "private",
    defaultBranch: "main",
    configPath: options.configPath ?? ".github/gatehouse.yml",
    indexPath: "postmortems/README.md",
    bot: BOT,
    files: new Map(),
    commits: [],
    issues: new Map(),
    comments: new Map(),
    roles: new Map(Object.entries(options.roles ?? {}).map(([login, role]) => [login.toLowerCase(), role])),
    teams: new Map(Object.entries(options.teams ?? {})),
    environments: new Map(environments.map((environment) => [environment.name, environment])),
    tagRulesets: options.tagRulesets ?? [PROTECTED_TAGS],
    runs: [],
    tags: new Map(),
    deployments: [],
    pulls: [],
    trunkIsProtected: false,
    nextId: () => (lastId += 1),
    nextNumber: () => (lastNumber += 1),
  };
  commitFiles(
    state,
    "Initial commit",
    Object.entries(options.files ?? {}).map(([path, text]) => ({ path, text })),
  );
  return state;
}

function authorOf(login: string): Author {
  return { login, isBot: login.endsWith("[bot]") };
}

function unreachable(): never {
  throw new RangeError("No such issue or comment in the fake GitHub.");
}
