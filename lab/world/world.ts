import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LabClock } from "../model.js";
import { type AlertmanagerBody, alertPayload } from "./alert.js";
import { releaseFiles, releases } from "./history.js";
import { createHostAgent, type Effect } from "./host-agent.js";
import { type Monitor, startMonitor } from "./monitor/monitor.js";
import type { ActiveAlert } from "./monitor/rule.js";
import { shopQueries } from "./queries.js";
import { writeRelease } from "./releases.js";
import { listen } from "./servers.js";
import { type Shop, startShop } from "./shop.js";
import { Customers } from "./customers.js";

export interface WorldOptions {
  readonly clock: LabClock; // stamps series, log lines and effects
  readonly dir: string; // releases are unpacked below it
  readonly fast?: boolean; // no warm-up, scrapes four times a second, rates over 2 s instead of 5 s
  readonly monitorToken?: string; // asked as bearer token by the query APIs; nothing is asked by default
}

export interface WorldState {
  readonly release: string | null; // the tag that is live
  readonly version: "good" | "bad" | null; // the lab's control word for it; null for a release that has none
  readonly error_rate: number | null; // of the customers' last orders, 0 to 1; null before the first was answered
  readonly effects: readonly Effect[]; // oldest first
}

export interface World {
  readonly hostUrl: string;
  readonly hostToken: string;
  readonly prometheusUrl: string;
  readonly lokiUrl: string;
  state(): WorldState;
  /** The monitor's rule on the error ratio; null while it holds. */
  alert(): ActiveAlert | null;
  /** What Alertmanager would send once the rule fires; null until then. */
  firingPayload(): AlertmanagerBody | null;
  /** Ends every process and server of the world. */
  stop(): Promise<void>;
}

const profiles = {
  demo: { scrapeMs: 1_000, rule: { above: 0.05, forMs: 2_000 }, warmUpScrapes: 5, rateMs: 3_000 },
  fast: { scrapeMs: 250, rule: { above: 0.05, forMs: 500 }, warmUpScrapes: 1, rateMs: 2_000 },
};

/** Starts the shop with its healthy release live, customers ordering and the monitor watching. */
export async function startWorld({ clock, dir, fast = false, monitorToken }: WorldOptions): Promise<World> {
  const profile = fast ? profiles.fast : profiles.demo;
  const queries = shopQueries(fast);
  const hostToken = randomBytes(24).toString("base64url");
  const effects: Effect[] = [];
  const customers = new Customers(profile.rateMs);
  const closers: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };

  try {
    const { scrapeMs, rule } = profile;
    const monitor = await startMonitor({ clock, queries, scrapeMs, rule, token: monitorToken ?? null });
    closers.push(() => monitor.stop());
    const shop = await startShop({ onLogLine: (line) => monitor.addLogLine(line), onTally: (tally) => customers.add(tally) });
    closers.push(() => shop.stop());
    const onEffect = (effect: Effect): number => effects.push(effect);
    const host = await listen(createHostAgent({ shop, clock, token: hostToken, folder: join(dir, "releases"), onEffect }));
    closers.push(() => host.close());

    await goLive(shop, join(dir, "releases"));
    monitor.watch(shop.frontDoorUrl);
    await warmUp(monitor, customers, profile.warmUpScrapes);
    const state = (): WorldState => ({
      release: shop.live(),
      version: controlWord(shop.live()),
      error_rate: customers.errorRate(),
      effects: [...effects],
    });
    const firingPayload = (): AlertmanagerBody | null => {
      const alert = monitor.alert();
      return alert?.state === "firing" ? alertPayload(clock, alert.activeAt) : null;
    };
    const { prometheusUrl, lokiUrl } = monitor;
    return { hostUrl: host.url, hostToken, prometheusUrl, lokiUrl, state, alert: () => monitor.alert(), firingPayload, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The release that was live before the story begins; nobody deploys it, so it is not counted. */
async function goLive(shop: Shop, folder: string): Promise<void> {
  const target = join(folder, `0-${releases.good}`);
  await writeRelease(releaseFiles(releases.good), target);
  await shop.switchTo(releases.good, target);
}

/** Measures for a while, so that there is a normal to compare with. */
async function warmUp(monitor: Monitor, customers: Customers, scrapes: number): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (monitor.scrapes() < scrapes || customers.errorRate() === null) {
    if (performance.now() > deadline) throw new Error("The lab's shop answers no orders: 20 s without a measurement.");
    await sleep(50);
  }
}

function controlWord(release: string | null): WorldState["version"] {
  if (release === releases.good) return "good";
  return release === releases.bad ? "bad" : null;
}
