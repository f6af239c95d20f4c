/** A repository in memory, as far as the job `open` needs it; it can die before or after any of its calls. */
import type { Config, Service } from "../../src/config/config.js";
import type { Author, IntakePorts, Issue, Snapshot, ThreadComment } from "../../src/ports.js";
import type { Role } from "../../src/words.js";

export const NOON = new Date("2026-11-20T12:00:00Z");
export const BOT: Author = { login: "gatehouse[bot]", isBot: true };
export const REPOSITORY_ID = 7;

export function service(name: string, dependsOn: readonly string[] = []): Service {
  return {
    name,
    repository: `acme/${name}`,
    environment: "production-gate",
    mode: "act",
    core: false,
    owners: ["@acme/on-call"],
    dependsOn,
    signals: new Map(),
    targets: new Map(),
    kubernetes: null,
    traceService: null,
  };
}

export function configOf(...services: readonly Service[]): Config {
  const hour = 3_600_000;
  return {
    path: ".github/gatehouse.yml",
    sha: "0".repeat(40),
    keys: { mind: [], hands: [] },
    allowPublic: false,
    trustWriters: false,
    services: new Map(services.map((one) => [one.name, one])),
    sources: {
      prometheus: null,
      loki: null,
      elasticsearch: null,
      cloudwatch: null,
      datadog: null,
      jaeger: null,
      tempo: null,
      alertmanager: null,
      github: null,
      kubernetes: null,
      postmortems: false,
      recordings: null,
    },
    analyst: { kind: "runbooks", triageModel: "", model: "", baseUrl: null, budget: { usd: 0, inputTokens: 0 }, prices: {} },
    diagnosis: { confidence: { P0: 0.7, P1: 0.7, P2: 0.7, P3: 0.7 }, attempts: 3, windows: { logsMs: hour, changesMs: hour } },
    gate: {
      kind: "comment",
      approvers: { roles: ["maintain"], users: [], teams: [] },
      quorum: { low: 1, medium: 1, high: 2 },
      answerWithinMs: { P0: hour, P1: hour, P2: hour, P3: hour },
    },
    remediation: {
      maxSteps: 5,
      breaker: { perMs: hour, most: 3 },
      freeze: [],
      queryStepMs: 15_000,
      soakMs: 1_000,
      resumeWithinMs: hour,
    },
    recoveryTargetsMs: { P0: hour, P1: hour, P2: hour, P3: hour },
    pager: { channels: [] },
    postmortem: { directory: "postmortems", via: "auto" },
  };
}

export class Killed extends Error {
  override readonly name = "Killed";
}

type Stored = { -readonly [K in keyof Issue]: Issue[K] };

export class FakeRepository {
  readonly issues = new Map<number, Stored>();
  readonly comments = new Map<number, ThreadComment[]>();
  readonly roles = new Map<string, Role>();
  readonly calls: string[] = [];
  now = NOON;
  /** Called around every port call; throws to play a kill. */
  onCall: (name: string, when: "before" | "after", nth: number) => void = () => {};
  #next = 1;

  /** An issue that is just there, written by whoever. */
  plant(author: Author, title: string, body: string, labels: readonly string[] = []): Issue {
    const number = this.#next;
    this.#next += 1;
    const issue = {
      number,
      title,
      body,
      author,
      labels,
      createdAt: this.now,
      editedAt: null,
      state: "open",
      locked: false,
      url: `https://github.example/${number}`,
    } as const;
    this.issues.set(number, issue);
    this.comments.set(number, []);
    return issue;
  }

  issue(number: number): Issue {
    const found = this.issues.get(number);
    if (!found) throw new Error(`There is no issue #${number}.`);
    return found;
  }

  openIncidents(): readonly Issue[] {
    return [...this.issues.values()].filter((issue) => issue.author.isBot && issue.state === "open");
  }

  writes(): readonly string[] {
    return this.calls.filter((call) => /^(?:create|update|post)/.test(call));
  }

  ports(): IntakePorts {
    const call = async <T>(name: string, effect: () => T): Promise<T> => {
      this.calls.push(name);
      const nth = this.calls.length;
      this.onCall(name, "before", nth);
      const answer = effect();
      this.onCall(name, "after", nth);
      return Promise.resolve(answer);
    };
    return {
      clock: { now: () => this.now, sleep: () => Promise.resolve() },
      desk: { look: (number) => call(`look ${number}`, () => this.#snapshot(number)) },
      incidents: {
        list: ({ state }) =>
          call(`list ${state}`, () =>
            [...this.issues.values()]
              .filter(({ author, ...issue }) => author.isBot && (state === "all" || issue.state === state))
              .sort((a, b) => b.number - a.number),
          ),
      },
      issues: {
        create: (change) => call("create", () => this.plant(BOT, change.title, change.body, change.labels)),
        update: (number, change) => call(`update ${number}`, () => this.#update(number, change)),
        current: (number) => call(`current ${number}`, () => this.issue(number)),
      },
      comments: {
        post: (number, body) => call(`post ${number}`, () => this.say(number, BOT, body)),
        edit: () => Promise.reject(new Error("open never edits a comment")),
      },
      people: {
        roleOf: (login) => call("roleOf", () => this.roles.get(login) ?? "none"),
        isMember: () => Promise.resolve("cannot-check"),
      },
    };
  }

  say(number: number, author: Author, body: string): ThreadComment {
    const thread = this.comments.get(number) ?? [];
    const comment = {
      id: number * 1000 + thread.length,
      body,
      author,
      createdAt: this.now,
      editedAt: null,
      url: "",
      ourReactions: [],
    };
    this.comments.set(number, [...thread, comment]);
    return comment;
  }

  #update(number: number, change: Pick<Stored, "title" | "body" | "labels" | "state">): Issue {
    const issue = this.issues.get(number);
    if (!issue) throw new Error(`There is no issue #${number}.`);
    const editedAt = change.body === issue.body ? issue.editedAt : this.now;
    const updated = { ...issue, ...change, editedAt };
    this.issues.set(number, updated);
    return updated;
  }

  #snapshot(number: number | null): Snapshot {
    return {
      at: this.now,
      trunk: {
        repositoryId: REPOSITORY_ID,
        fullName: "acme/incidents",
        visibility: "private",
        defaultBranch: "main",
        head: "0".repeat(40),
        config: null,
        runbooks: [],
        tagRulesets: [],
        postmortemIndex: null,
      },
      issue: number === null ? null : (this.issues.get(number) ?? null),
      comments: number === null ? [] : (this.comments.get(number) ?? []),
      openIncidents: [],
    };
  }
}
