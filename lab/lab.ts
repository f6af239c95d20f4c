import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClock } from "./clock.js";
import { createControlServer } from "./control.js";
import { createGitHub, type GitHub } from "./github/github.js";
import { createSigningKeys } from "./keys.js";
import type { Actor, LabClock } from "./model.js";
import { createPastClock } from "./past-clock.js";
import { recordPastDeployments } from "./past-deployments.js";
import { people, type Seat } from "./people.js";
import { createEngine } from "./runner/engine.js";
import type { Runner } from "./runner/options.js";
import { setupFiles } from "./setup-files.js";
import { shopOptions } from "./shop-options.js";
import { releases } from "./world/history.js";
import { seedRepository } from "./world/repository.js";
import { listen } from "./world/servers.js";
import { startWorld, type World } from "./world/world.js";

export interface LabOptions {
  /** Soak of a second, no warm-up: for tests. */
  readonly fast?: boolean;
  /** Folder whose `.github/workflows` and `runbooks` are set up in the demo's repository; default: this package. */
  readonly root?: string;
  /** Folder with the `action.yml` that workflows use as `gatehouse/gatehouse@<sha>`; default: this package. */
  readonly actionPath?: string;
  /** Added to the environment of every job's processes. */
  readonly extraEnv?: Readonly<Record<string, string>>;
}

/** Where the lab can be reached; `npx gatehouse lab --json` prints it as one line. */
export interface LabAddress {
  readonly api_url: string;
  readonly graphql_url: string;
  readonly git_url: string;
  readonly page_url: string;
  readonly control_url: string;
  readonly owner: string;
  readonly repo: string;
  readonly tokens: Readonly<Record<Seat, string>>;
}

export interface Lab {
  readonly address: LabAddress;
  readonly clock: LabClock;
  readonly github: GitHub;
  readonly engine: Runner;
  readonly world: World;
  /** Public halves of the generated keys, as the config has them. */
  readonly publicKeys: { readonly mind: string; readonly hands: string };
  /** Dispatches the shop's deploy workflow for a release by its control word. @returns the run's id */
  deploy(version: "good" | "bad"): Promise<number>;
  /** Ends every job, process and server of the lab and removes its files. */
  close(): Promise<void>;
}

const repositoryAgeHours = 500;
const scheduleTickMs = 30_000;

/** Starts GitHub's stand-in, its runner and the shop's world, with the healthy release live and customers ordering. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const closers: (() => Promise<unknown> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return await assemble(options, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function assemble(options: LabOptions, closers: (() => Promise<unknown> | void)[], close: Lab["close"]): Promise<Lab> {
  const dir = await mkdtemp(join(tmpdir(), "gatehouse-lab-"));
  closers.push(() => rm(dir, { recursive: true, force: true }));
  const fast = options.fast ?? false;
  const clock = createClock();
  const world = await startWorld({ clock, dir, fast });
  closers.push(() => world.stop());

  const [mind, hands] = [createSigningKeys(), createSigningKeys()];
  const gitDir = join(dir, "shop.git");
  const urls = { prometheus: world.prometheusUrl, loki: world.lokiUrl };
  const keys = { mindKey: { id: "m1", public: mind.publicKey }, handsKey: { id: "h1", public: hands.publicKey } };
  await seedRepository(gitDir, { now: clock.now(), setup: setupFiles({ ...keys, urls, fast }, options.root) });

  const pastClock = createPastClock(clock, repositoryAgeHours);
  const github = await createGitHub(shopOptions({ clock: pastClock, gitDir, world, mind, hands }));
  closers.push(() => github.close());
  await recordPastDeployments(github, pastClock, tokenOf(github, "admin"));

  const { actionPath, extraEnv } = options;
  const machine = { ...(actionPath === undefined ? {} : { actionPath }), ...(extraEnv === undefined ? {} : { extraEnv }) };
  const engine = createEngine(github, { scheduleActor: actorOf(github, "admin"), ...machine });
  github.attach(engine);
  closers.push(() => engine.stop());
  const timer = setInterval(() => void engine.tick(), scheduleTickMs).unref();
  closers.push(() => clearInterval(timer));

  const deploy = async (version: "good" | "bad"): Promise<number> => {
    const inputs = { service: "checkout", version: releases[version] };
    return (await engine.dispatch("deploy.yml", "main", inputs, actorOf(github, "maintain"), false)).id;
  };
  const control = await listen(
    createControlServer({
      clock,
      runs: github.runs,
      requests: github.requests,
      faults: { set: (fault) => github.setFaults(fault), clear: () => github.clearFaults() },
      world: () => world.state(),
      tick: () => engine.tick(),
      deploy,
      jobMs: (id) => engine.jobMs(id),
    }),
  );
  closers.push(() => control.close());
  const publicKeys = { mind: mind.publicKey, hands: hands.publicKey };
  return { address: addressOf(github, control.url), clock, github, engine, world, publicKeys, deploy, close };
}

function addressOf(github: GitHub, control_url: string): LabAddress {
  const { owner, name: repo } = github.repository;
  const page_url = `${github.urls.server}/${owner}/${repo}`;
  const seats = Object.keys(people) as Seat[];
  const tokens = Object.fromEntries(seats.map((seat) => [seat, tokenOf(github, seat)])) as Record<Seat, string>;
  const { api: api_url, graphql: graphql_url } = github.urls;
  return { api_url, graphql_url, git_url: `${page_url}.git`, page_url, control_url, owner, repo, tokens };
}

function tokenOf(github: GitHub, seat: Seat): string {
  const token = github.tokens[people[seat]];
  if (token === undefined) throw new Error(`The lab has no token for ${people[seat]}.`);
  return token;
}

function actorOf(github: GitHub, seat: Seat): Actor {
  const user = github.users.find(({ login }) => login === people[seat]);
  if (!user) throw new Error(`The lab has no user ${people[seat]}.`);
  return { id: user.id, login: user.login, type: user.type };
}
