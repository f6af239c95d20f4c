/** Where slowness begins: in one app, in its processor, or on the way to a whole node. */
import type { Measured } from "../beside.js";
import { callsSome } from "../calls.js";
import { quantity } from "../../../phrases.js";
import type { Said, View } from "../view.js";

/** Times as slow, and milliseconds more, from which on an app counts as slow. */
const SLOW_FACTOR = 2;
const SLOW_MS = 20;
/** Share of time held back by its CPU limit, and growth of CPU use. */
const THROTTLED = 0.25;
const CPU_FACTOR = 2;
/** Segments sent again, of a thousand; recordings have units of their own, in which it is as much. */
const RETRANSMISSIONS = 2;
/** CPU use, in cores, that counts as busy where no limit holds it back. */
const BUSY_CORES = 0.1;
/** Less than this is idle, and multiples of it say nothing. */
const SOME_CORES = 0.005;
const BUSY_FACTOR = 4;
const NODE_SHARE = 0.6;
/** From this share of the additional time on, another slow app may account for all of it: it may be called many times. */
const EXPLAINED = 0.1;
/** Share of the measured apps of a node that are slow when the node is: two slow ones among many are two slow apps. */
const NODE_SLOW = 1 / 3;

export function checkSlowness(view: View): readonly Said[] {
  const measured = view.seen.measurements;
  if (measured === null) return [];
  const held = checkProcessors(measured);
  const throttled = [...held, ...checkBusy(measured, held)];
  const lossy = checkRetransmissions(measured);
  const origins = originsOf(view, measured, new Set(throttled.map(({ object }) => object)));
  const node = commonNode(
    origins.map(({ object }) => object),
    worstLatency(measured),
    view,
  );
  const isOneApp = origins.length > 0 && node === null && lossy.length === 0;
  return [
    ...throttled,
    ...lossy,
    ...(node === null
      ? []
      : [say(node, "node", "AppsSlow", `${origins.length} apps on it are slow without a cause of their own`, 0.9)]),
    ...(isOneApp
      ? origins.map((each, index) => say(each.object, "app", "Slow", describeSlow(each), index === 0 ? 0.9 : 0.6))
      : []),
  ];
}

/** The one that works hardest beside what it did before comes first; others may be held back by what it does. */
function checkProcessors(measured: readonly Measured[]): readonly Said[] {
  const growthOf = (object: string): number => {
    const cpu = measured.find((each) => each.object === object && each.signal === "cpu");
    return cpu === undefined ? 0 : cpu.now / Math.max(cpu.before, SOME_CORES);
  };
  return measured
    .filter(({ object, signal, moved }) => object.startsWith("app/") && signal === "cpu-throttled" && moved)
    .filter(({ before, now }) => now >= THROTTLED && now >= CPU_FACTOR * before)
    .toSorted((a, b) => growthOf(b.object) - growthOf(a.object))
    .map(({ object, before, now }, index) => {
      const cpu = measured.find((each) => each.object === object && each.signal === "cpu");
      const grew = cpu !== undefined && cpu.now >= CPU_FACTOR * cpu.before;
      return say(
        object,
        "app",
        "CpuThrottled",
        `held back by its CPU limit: ${round(before)} to ${round(now)}`,
        grew && index === 0 ? 0.95 : 0.7,
      );
    });
}

/** Far more CPU for the same requests, without a limit that holds it back. */
function checkBusy(measured: readonly Measured[], throttled: readonly Said[]): readonly Said[] {
  const find = (object: string, signal: Measured["signal"]): Measured | undefined =>
    measured.find((each) => each.object === object && each.signal === signal);
  return measured
    .filter(
      ({ object, signal, moved }) =>
        object.startsWith("app/") && signal === "cpu" && moved && !throttled.some((each) => each.object === object),
    )
    .filter(({ before, now }) => now >= BUSY_CORES && now >= BUSY_FACTOR * before)
    .filter(({ object }) => {
      const requests = find(object, "requests");
      return requests === undefined || requests.now < 1.5 * requests.before;
    })
    .toSorted((a, b) => b.now - b.before - (a.now - a.before))
    .map(({ object, before, now }, index) =>
      say(
        object,
        "app",
        "CpuBusy",
        `uses ${round(now)} cores in place of ${round(before)} for no more requests`,
        index === 0 ? 0.85 : 0.6,
      ),
    );
}

function checkRetransmissions(measured: readonly Measured[]): readonly Said[] {
  return measured
    .filter(({ object, signal, moved }) => object.startsWith("node/") && signal === "retransmissions" && moved)
    .filter(({ before, now }) => now >= RETRANSMISSIONS && now >= 5 * before)
    .toSorted((a, b) => b.now - a.now)
    .slice(0, 1)
    .map(({ object, before, now }) =>
      say(object, "node", "PacketsLost", `TCP retransmissions rose from ${round(before)} to ${round(now)}`, 0.95),
    );
}

type Origin = Pick<Measured, "object" | "before" | "now" | "moved">;

function isSlow({ before, now, moved }: Origin): boolean {
  return moved && now >= SLOW_FACTOR * before && now - before >= SLOW_MS;
}

/**
 * Slow apps that call no slow app: callers wait for them. An app that answers one of its callers as fast as ever is not slow
 * itself: what looks slow are the calls of another. Of an app and one that it calls, the caller counts where the other accounts for next
 * to nothing of its time. Slowest first.
 */
function originsOf(view: View, measured: readonly Measured[], explained: ReadonlySet<string>): readonly Origin[] {
  const worst = worstLatency(measured);
  const isFast = new Set(worst.filter((each) => !isSlow(each)).map(({ object }) => object));
  const servesSomeFast = (object: string): boolean =>
    view.seen.calls.some(({ from, to }) => `app/${to}` === object && isFast.has(`app/${from}`));
  const slow = worst.filter((each) => isSlow(each) && !servesSomeFast(each.object));
  const excess = new Map(slow.map(({ object, before, now }) => [object, now - before]));
  const waitsForOthers = ({ object, before, now }: Origin): boolean =>
    callsSome(
      view.seen.calls,
      object,
      (callee) => (excess.get(callee) ?? 0) >= EXPLAINED * (now - before) || explained.has(callee),
    );
  const origins = slow.filter((each) => !explained.has(each.object) && !waitsForOthers(each));
  const isBesideItsCaller = (callee: string): boolean =>
    origins.some(({ object }) => object !== callee && callsSome(view.seen.calls, object, (each) => each === callee));
  return origins.filter(({ object }) => !isBesideItsCaller(object)).toSorted((a, b) => growth(b) - growth(a));
}

function worstLatency(measured: readonly Measured[]): readonly Origin[] {
  const worst = new Map<string, Origin>();
  for (const each of measured.filter(({ signal, object }) => signal === "latency" && object.startsWith("app/"))) {
    const known = worst.get(each.object);
    if (known === undefined || each.now - each.before > known.now - known.before) worst.set(each.object, each);
  }
  return [...worst.values()];
}

/** By the time that callers wait longer, as much as by the multiple: 0.3 to 25 ms is a large multiple and no cause. */
function growth({ before, now }: Origin): number {
  return (now - before) * Math.log2(now / Math.max(before, 1));
}

/** The node that holds most of them, when they are several. */
function commonNode(apps: readonly string[], all: readonly Origin[], { cluster, appOf }: View): string | null {
  const homeOf = (app: string): string | null => cluster.pods.find(({ name }) => appOf(name) === app)?.node ?? null;
  const homes = apps.flatMap((app) => homeOf(app) ?? []);
  const [first] = [...new Set(homes)]
    .map((node) => ({ node, count: homes.filter((each) => each === node).length }))
    .toSorted((a, b) => b.count - a.count);
  if (first === undefined || first.count < 2 || first.count / apps.length < NODE_SHARE) return null;
  const there = all.filter(({ object }) => homeOf(object) === first.node);
  return there.filter(isSlow).length >= NODE_SLOW * there.length ? `node/${first.node}` : null;
}

function describeSlow({ before, now }: Origin): string {
  return `its latency rose from ${quantity(before, "milliseconds")} to ${quantity(now, "milliseconds")}, and nothing that it calls accounts for that`;
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

function say(object: string, of: string, reason: string, message: string, score: number): Said {
  return { kind: "state", of, reason, object, message, ageMs: 0, score };
}
