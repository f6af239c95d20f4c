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
import type { Analyst, DispatchRequest, Issue, PageMessage, SourceRequest } from "../../src/ports.js";
import { shippedRunbooks } from "../diagnosis/support/shipped.js";
import {
  countAll,
  createFakeGitHub,
  createFakePager,
  type DispatchScript,
  type FakeGitHub,
  type FakeGitHubOptions,
} from "../fakes/world.js";
import { readEnd, renderEnd, type End } from "./end.js";
import { copyState } from "./fork.js";
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
  type Script,
  type Sources,
} from "./shop.js";
import { createNews, maskDigests } from "./transcript.js";
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
  readonly sources?: (usual: Sources<Script>) => Sources;
  readonly analyst?: (runbooks: Analyst) => Analyst;
  readonly delivery?: Delivery;
  /** The mind that a gated run wakes looks while that run still counts as running. */
  readonly wakeOvertakes?: boolean;
}
/** What becomes of events. Reversed: the newest is played first. Never: only sweeps wake anyone. */
export type Delivery = "once" | "twice" | "reversed" | "never";

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
  /** Does something once, between the dispatch of the next gated run and its `check`. */
  beforeCheck(happens: () => void): void;
  /** Does something once, just before the hands write their first word. */
  beforeHandsSpeak(happens: () => Promise<void> | void): void;
  /** From now on no gated run gets a machine, or they do again. */
  setRunners(available: boolean): void;
  /** Does something so many seconds from now, while the hands are at work; what it enqueues is played there and then. */
  after(seconds: number, happens: () => void): void;
  /** Queues an event; it is played by `settle`, or while the hands wait. */
  enqueue(event: Event): void;
  settle(): Promise<void>;
  /** Plays what is queued for the mind, whatever else is under way. */
  playNow(): Promise<void>;
  health(): () => Health;
  setHealth(health: () => Health): void;
  /** From now on the mind is woken without a reason after every job, and whenever the hands wait. */
  makeRestless(): void;
  /** The process dies at these calls: the n-th from now, then the n-th after that death … */
  dieAt(when: "before" | "after", first: number, ...later: readonly number[]): void;
  /** Another stage on which the same has happened so far; this one must not be used any more. */
  fork(): Stage;
  reading(incident?: number): JournalReading;
  incident(incident?: number): Incident;
  digest(): string; // of the newest plan
  end(incident?: number): End;
  /** `end` in four lines. */
  ended(incident?: number): string;
  /** What happened since the last time this was asked. */
  told(): string;
  /** Numbers of the tags that reserve a plan, oldest first. */
  reserved(): readonly number[];
  /** How often a port was called: "dispatcher.dispatch". */
  called(call: string): number;
}

export function createStage(options: StageOptions = {}, from: Pick<Stage, "github" | "pages"> | null = null): Stage {
  const github = openShop(options, from?.github ?? null);
  let health = (options.health ?? followsVersion)(github);
  const usual = sourcesOf(github, () => health());
  const sources = openSources(options.sources?.(usual) ?? usual);
  const pager = createFakePager();
  for (const page of from?.pages ?? []) void pager.page(page);
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
    meanwhile: async () => {
      if (github.isDead) return;
      if (restless) wakeAll();
      await playIncidents();
    },
    beforeRunEnds: () => (options.wakeOvertakes ? playIncidents() : Promise.resolve()),
    onDeath: () => {
      const next = deaths.calls.shift();
      if (next !== undefined) github.dieAt(next, deaths.when);
    },
  };
  let restless = false;
  let hasRunners = true;
  let deaths: { readonly when: "before" | "after"; readonly calls: number[] } = { when: "before", calls: [] };
  const news = createNews(github, pager.pages);
  const workflows = createWorkflows(cast, (line) => {
    lines.push(maskDigests(line), ...news());
    if (restless && !line.startsWith("respond")) wakeAll();
  });

  const newest = (): number => Math.max(0, ...[...github.state.issues.values()].filter(isIncident).map(({ number }) => number));
  const enqueue = (event: Event): void => void queue.push({ event, runId: github.state.nextId() });
  const wakeAll = (): void => {
    if (newest() > 0) enqueue({ name: "workflow_dispatch", incident: newest() });
  };
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
      const next = options.delivery === "reversed" ? queue.pop() : queue.shift();
      if (!next) return;
      await workflows.incident(next.event, next.runId);
    }
  }
  async function settle(): Promise<void> {
    for (let count = 0; ; count += 1) {
      if (count > MOST_RUNS) throw new Error(`The scenario does not come to rest:\n${lines.slice(-40).join("\n")}`);
      await playIncidents();
      const run = hasRunners ? dispatched("remediate.yml") : undefined;
      if (!run) return;
      played.add(run.id);
      await workflows.remediate(run);
    }
  }
  const beforeCheck = (happens: () => void): void => {
    const script: DispatchScript = ({ inputs }) => {
      github.onDispatch("remediate.yml", gatedRun);
      happens();
      return gatedRun({ inputs });
    };
    github.onDispatch("remediate.yml", script);
  };
  const beforeHandsSpeak = (happens: () => Promise<void> | void): void => {
    const { comments } = github.ports;
    let isFirst = true;
    const post: typeof comments.post = async (incident, body) => {
      const speaks = isFirst && body.includes("<!-- gatehouse:execution");
      if (speaks) isFirst = false;
      if (speaks) await happens();
      return comments.post(incident, body);
    };
    const edit: typeof comments.edit = (id, body) => comments.edit(id, body);
    Object.assign(github, { ports: { ...github.ports, comments: { post, edit } } });
  };
  const play = async (event: Event): Promise<void> => {
    const isAlert = event.name === "repository_dispatch"; // what is lost here, its monitor sends again
    const times = options.delivery === "twice" ? 2 : options.delivery === "never" && !isAlert ? 0 : 1;
    for (let time = 0; time < times; time += 1) enqueue(event);
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

  const end = (incident = newest()): End => readEnd(incident, reading(incident), { github, pages: pager.pages });

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
    beforeCheck,
    beforeHandsSpeak,
    setRunners: (available) => void (hasRunners = available),
    after: (seconds, happens) => github.state.clock.at(new Date(github.now().getTime() + seconds * 1000), happens),
    enqueue,
    settle,
    playNow: playIncidents,
    health: () => health,
    setHealth: (next) => void (health = next),
    makeRestless: () => void (restless = true),
    dieAt(when, first, ...later) {
      deaths = { when, calls: [...later] };
      github.dieAt(first, when);
    },
    fork: () => createStage(options, { github, pages: pager.pages }),
    reading,
    incident: incidentOf,
    digest: () => incidentOf().plans.at(-1)?.digest ?? "",
    end,
    ended: (incident = newest()) => renderEnd(end(incident)),
    told: () => lines.splice(0).join("\n"),
    reserved: () => [...github.state.tags.keys()].map((tag) => Number(tag.split("/").at(-1))),
    called: (call) => github.transcript().filter((name) => name === call).length,
  };
}

/** The good version was live for an hour when the bad one went out; a minute later it was noticed. */
function openShop(options: StageOptions, from: FakeGitHub | null): FakeGitHub {
  const keys = { mind: KEYS.mind.public, hands: KEYS.hands.public };
  const github = createFakeGitHub({
    roles: { alice: "maintain", amy: "admin", will: "write", tess: "triage", rita: "read" },
    ...options.github,
    now: new Date(NOW.getTime() - 3_600_000),
    files: { [CONFIG]: configText({ keys, ...options.config }) },
  });
  github.onDispatch("flags.yml", flagsScript(github));
  if (from) {
    copyState(from.state, github.state);
    return github;
  }
  github.deploy(GOOD);
  for (const flags of ["off", "on"]) github.deploy(flags, "production-flags");
  github.advance(3_600_000 - 90_000);
  github.deploy(BAD);
  github.advance(90_000);
  return github;
}

function gatedRun({ inputs }: Pick<DispatchRequest, "inputs">) {
  return { kind: "run", title: `Remediate #${inputs["incident"]} plan ${inputs["plan"]}`, takesMs: null } as const;
}

function isIncident({ author, labels }: Issue): boolean {
  return author.isBot && !labels.includes("gatehouse-alarm");
}

function fileOf(github: FakeGitHub) {
  const text = github.state.files.get(github.state.configPath) ?? "";
  return { path: github.state.configPath, text, sha: "" };
}
