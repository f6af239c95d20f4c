/**
 * Plays GitHub Actions for whole incidents: an event starts a workflow run, a run its jobs in the order and under the conditions
 * of `.github/workflows/` (`workflows.ts`), and what a job dispatches is played next, until nothing is left to do. A job that
 * dies fails; what needs it is skipped or not as its `if:` says, and the alarm runs.
 *
 * @example
 * ```ts
 * const stage = createStage();
 * await stage.alert();                       // open → respond: the plan waits
 * await stage.say("alice", "/approve");      // respond → hand-over → check → remediate → wake → … → closed
 * expect(stage.end()).toMatchObject({ phase: "closed", effects: ["deploy.yml v1.4.1"] });
 * ```
 */
import { createRunbookAnalyst } from "../../src/diagnosis/runbook/analyst.js";
import type { Incident } from "../../src/incident/incident.js";
import { readJournal, type JournalReading } from "../../src/incident/journal.js";
import { generateKeys } from "../../src/incident/signature.js";
import type { Analyst, Issue, PageMessage, SourceRequest } from "../../src/ports.js";
import { shippedRunbooks } from "../diagnosis/support/shipped.js";
import {
  countAll,
  createFakeGitHub,
  createFakePager,
  liveVersion,
  type FakeGitHub,
  type FakeGitHubOptions,
} from "../fakes/world.js";
import { openConfig, type Cast } from "./jobs.js";
import {
  anAlert,
  BAD,
  configText,
  dispatchOf,
  flagsScript,
  followsVersion,
  GOOD,
  NOW,
  openSources,
  signalsOf,
  sourcesOf,
  type ConfigParts,
  type Health,
  type Sources,
} from "./shop.js";
import { createNews, effectsIn, kindOf, maskDigests } from "./transcript.js";
import { createWorkflows, type Event } from "./workflows.js";

const CONFIG = ".github/gatehouse.yml";
const KEYS = { mind: generateKeys(), hands: generateKeys() };
const RUNBOOKS = shippedRunbooks();
/** More runs than this after one event: something goes round in circles. */
const MOST_RUNS = 60;

export interface StageOptions {
  readonly config?: Omit<ConfigParts, "keys">;
  readonly github?: Omit<FakeGitHubOptions, "files" | "now">;
  /** How the shop does; default: as its live version makes it. */
  readonly health?: (github: FakeGitHub) => () => Health;
  readonly sources?: (usual: Sources) => Sources;
  readonly analyst?: (runbooks: Analyst) => Analyst;
}

/** How an incident stands when nothing is left to do. */
export interface End {
  readonly phase: string; // "broken: <reason>" when the journal is not believed
  readonly outcomes: readonly (string | null)[]; // of every execution
  readonly effects: readonly string[]; // runs that touched production
  readonly pages: readonly string[]; // reasons, in order
  readonly comments: readonly string[]; // kinds of ours, in order
  readonly live: string | null;
}

export interface Stage {
  readonly github: FakeGitHub;
  /** What each source was asked with. */
  readonly asked: Readonly<Record<string, readonly SourceRequest[]>>;
  readonly pages: readonly PageMessage[];
  /** An alert arrives, as `repository_dispatch`; further ones in one payload. */
  alert(...alerts: readonly Readonly<Record<string, unknown>>[]): Promise<void>;
  dispatch(payload: Readonly<Record<string, unknown>>): Promise<void>;
  /** A person comments, and the event arrives. */
  say(login: string, body: string, incident?: number): Promise<void>;
  /** A person changes the issue by hand, and the event arrives. */
  change(
    by: string,
    change: Partial<Pick<Issue, "title" | "body" | "labels" | "state" | "locked">>,
    incident?: number,
  ): Promise<void>;
  /** Starts the mind without a reason. */
  wake(incident?: number): Promise<void>;
  sweep(): Promise<void>;
  /** Time passes; nothing wakes anyone. */
  pass(minutes: number): void;
  /** Queues an event; it is played by `settle`, or while the hands wait. */
  enqueue(event: Event): void;
  settle(): Promise<void>;
  setHealth(health: () => Health): void;
  reading(incident?: number): JournalReading;
  incident(incident?: number): Incident;
  digest(): string; // of the newest plan
  end(incident?: number): End;
  /** `end` in four lines. */
  ended(incident?: number): string;
  /** What happened since the last time this was asked. */
  told(): string;
  /** How often a port was called: "dispatcher.dispatch". */
  called(call: string): number;
}

export function createStage(options: StageOptions = {}): Stage {
  const github = openShop(options);
  let health = (options.health ?? followsVersion)(github);
  const sources = openSources(options.sources?.(sourcesOf(github, () => health())) ?? sourcesOf(github, () => health()));
  const pager = createFakePager();
  const lines: string[] = [];
  const queue: { readonly event: Event; readonly runId: number }[] = [];
  const played = new Set<number>();
  const counted = countAll(github, { signals: signalsOf(() => health()), pager });
  const analyst = createRunbookAnalyst(RUNBOOKS);
  const cast: Cast = {
    github,
    ...counted,
    sources: sources.map((source) => github.count("sources", source)),
    analyst: options.analyst?.(analyst) ?? analyst,
    keys: { mind: KEYS.mind.private, hands: KEYS.hands.private },
    meanwhile: () => (github.isDead ? Promise.resolve() : playIncidents()),
  };
  const news = createNews(github, pager.pages);
  const workflows = createWorkflows(cast, (line) => lines.push(maskDigests(line), ...news()));

  const newest = (): number => Math.max(0, ...[...github.state.issues.values()].filter(isIncident).map(({ number }) => number));
  const enqueue = (event: Event): void => void queue.push({ event, runId: github.state.nextId() });
  const dispatched = (workflow: string) =>
    github.state.runs.find((run) => run.workflow === workflow && run.status === "running" && !played.has(run.id));

  async function playIncidents(): Promise<void> {
    for (let count = 0; ; count += 1) {
      if (count > MOST_RUNS) throw new Error(`The scenario does not come to rest:\n${lines.slice(-40).join("\n")}`);
      const woken = dispatched("incident.yml");
      if (woken) {
        played.add(woken.id);
        github.endRun(woken.id);
        enqueue({ name: "workflow_dispatch", incident: Number(woken.inputs["incident"]) });
      }
      const next = queue.shift();
      if (!next) return;
      await workflows.incident(next.event, next.runId);
    }
  }
  async function settle(): Promise<void> {
    for (let count = 0; ; count += 1) {
      if (count > MOST_RUNS) throw new Error(`The scenario does not come to rest:\n${lines.slice(-40).join("\n")}`);
      await playIncidents();
      const run = dispatched("remediate.yml");
      if (!run) return;
      played.add(run.id);
      await workflows.remediate(run);
    }
  }
  const play = async (event: Event): Promise<void> => {
    enqueue(event);
    await settle();
  };
  const reading = (incident = newest()): JournalReading => {
    const issue = github.issue(incident);
    const { keys } = openConfig({ trunk: { config: fileOf(github) } } as Parameters<typeof openConfig>[0]);
    return readJournal({ issue, comments: github.comments(incident), repositoryId: github.state.repositoryId, keys });
  };
  const incidentOf = (incident = newest()): Incident => {
    const read = reading(incident);
    if (read.kind !== "ok") throw new Error(`The journal of #${incident} is ${read.kind}.`);
    return read.incident;
  };

  return {
    github,
    asked: Object.fromEntries(sources.map((source) => [source.name, source.asked])),
    pages: pager.pages,
    alert: (...alerts) =>
      play({ name: "repository_dispatch", payload: dispatchOf(...(alerts.length > 0 ? alerts : [anAlert()])) }),
    dispatch: (payload) => play({ name: "repository_dispatch", payload }),
    async say(login, body, incident = newest()) {
      github.say(login, body, incident);
      lines.push(maskDigests(`${login}: ${body}`));
      await (body.startsWith("/") ? play({ name: "issue_comment", incident }) : Promise.resolve());
    },
    async change(by, change, incident = newest()) {
      github.changeIssue(incident, change, by);
      lines.push(`${by} changes ${Object.keys(change).join(", ")}`);
      await play({ name: "issues", incident, opens: false, payload: {} });
    },
    wake: (incident = newest()) => play({ name: "workflow_dispatch", incident }),
    async sweep() {
      await workflows.sweep(github.state.nextId());
      await settle();
    },
    pass(minutes) {
      lines.push(`… ${minutes} min …`);
      github.advance(minutes * 60_000);
    },
    enqueue,
    settle,
    setHealth: (next) => void (health = next),
    reading,
    incident: incidentOf,
    digest: () => incidentOf().plans.at(-1)?.digest ?? "",
    end: endOf,
    ended: (incident = newest()) => inWords(endOf(incident)),
    told: () => lines.splice(0).join("\n"),
    called: (call) => github.transcript().filter((name) => name === call).length,
  };

  function endOf(incident = newest()): End {
    const read = reading(incident);
    return {
      phase: read.kind === "ok" ? read.incident.phase.at : read.kind === "broken" ? `broken: ${read.reason}` : "newborn",
      outcomes: read.kind === "ok" ? read.incident.executions.map(({ outcome }) => outcome) : [],
      effects: effectsIn(github),
      pages: pager.pages.filter((page) => page.incident === incident).map(({ reason }) => reason),
      comments: github.comments(incident).flatMap((comment) => (comment.author.isBot ? [kindOf(comment)] : [])),
      live: liveVersion(github),
    };
  }
}

function inWords({ phase, live, outcomes, effects, pages, comments }: End): string {
  const list = (words: readonly (string | null)[]): string =>
    words.length > 0 ? words.map((word) => word ?? "unfinished").join(", ") : "none";
  return [
    `${phase}, ${live ?? "nothing"} live`,
    `executions: ${list(outcomes)}; effects: ${list(effects)}`,
    `pages: ${list(pages)}`,
    `comments: ${list(comments)}`,
  ].join("\n");
}

/** The good version was live for an hour when the bad one went out; a minute later it was noticed. */
function openShop(options: StageOptions): FakeGitHub {
  const keys = { mind: KEYS.mind.public, hands: KEYS.hands.public };
  const github = createFakeGitHub({
    roles: { alice: "maintain", amy: "admin", will: "write", tess: "triage", rita: "read" },
    ...options.github,
    now: new Date(NOW.getTime() - 3_600_000),
    files: { [CONFIG]: configText({ keys, ...options.config }) },
  });
  github.onDispatch("flags.yml", flagsScript(github));
  github.deploy(GOOD);
  github.deploy("on", "production-flags");
  github.advance(3_600_000 - 90_000);
  github.deploy(BAD);
  github.advance(90_000);
  return github;
}

function isIncident({ author, labels }: Issue): boolean {
  return author.isBot && !labels.includes("gatehouse-alarm");
}

function fileOf(github: FakeGitHub) {
  const text = github.state.files.get(github.state.configPath) ?? "";
  return { path: github.state.configPath, text, sha: "" };
}
