/** What a changed figure can bring about, by what it governs and which way it went. Pure. */
import { quoteSetting } from "../../outside/quote-setting.js";
import { clamp } from "../robust.js";
import type { FileDiff } from "./diff.js";
import { FAMILIES, type FamilyWeights } from "./families.js";
import { isSchedule, runsPerDay } from "./schedules.js";
import {
  changedChoices,
  changedSettings,
  changedTexts,
  settingsThatWent,
  type SettingChange,
  type TextChange,
} from "./settings.js";

/** A way in which a change can make trouble. */
export interface Mechanism {
  readonly what: string; // in words fit for an issue
  readonly strength: number; // 0…1: how much of a change it is
  readonly brings: FamilyWeights; // the kinds of trouble it can bring about
  /** The lines it stands in: their words tell what it is about. */
  readonly text: string;
}

interface Governed {
  readonly governs: string;
  readonly name: RegExp;
  readonly unit?: SettingChange["unit"];
  /** A figure that is a name: any other is another thing, however near. */
  readonly isName?: true;
  readonly lowered: FamilyWeights;
  readonly raised: FamilyWeights;
}

/** First match counts: what a name ends in says more than what it begins with. */
const GOVERNED: readonly Governed[] = [
  {
    governs: "idle or check time",
    name: /idle|keep.?alive|health.?check|check.?period/i,
    unit: "time",
    lowered: { connect: 0.3, pool: 0.2 },
    raised: { connect: 0.3, pool: 0.2 },
  },
  {
    governs: "lifetime",
    name: /ttl|expir|lifetime|max.?age|retention|stale/i,
    lowered: { cache: 1, query: 0.7, auth: 0.5, slow: 0.6, cpu: 0.6, traffic: 0.5 },
    raised: { wrong: 0.6, memory: 0.5, disk: 0.5 },
  },
  {
    governs: "retries",
    name: /retr(?:y|ies)|attempt|backoff|base.?delay|jitter/i,
    lowered: { retry: 1, timeout: 0.6, failing: 0.5, limit: 0.4 },
    raised: { retry: 0.5, traffic: 0.6, limit: 0.6, pool: 0.4, slow: 0.4 },
  },
  {
    governs: "time limit",
    name: /time.?out|deadline|budget|wait/i,
    lowered: { timeout: 1, failing: 0.6, retry: 0.4 },
    raised: { slow: 0.5, pool: 0.5 },
  },
  {
    governs: "interval",
    name: /interval|period|frequency|every|poll|schedule|delay|sleep/i,
    lowered: { traffic: 0.7, cpu: 0.7, limit: 0.7, query: 0.5, slow: 0.4 },
    raised: { queue: 0.6, wrong: 0.4, cache: 0.4 },
  },
  {
    governs: "rate limit",
    name: /rate|rps|qps|quota|burst/i,
    lowered: { limit: 1, failing: 0.5 },
    raised: { traffic: 0.5, cpu: 0.4 },
  },
  {
    governs: "memory",
    name: /mem(?:ory)?|heap|xmx|xms|old.?space/i,
    lowered: { memory: 1, startup: 0.7, crash: 0.5, slow: 0.4 },
    raised: { memory: 0.5 },
  },
  { governs: "CPU", name: /cpu|gomaxprocs/i, lowered: { cpu: 1, slow: 0.8, timeout: 0.6 }, raised: { cpu: 0.3 } },
  {
    governs: "how much is taken at once",
    name: /batch|page|chunk|prefetch|fetch.?size|bulk|window/i,
    lowered: { queue: 0.6, traffic: 0.5, slow: 0.4 },
    raised: { memory: 0.9, timeout: 0.6, query: 0.6, slow: 0.5 },
  },
  {
    governs: "capacity",
    name: /conn|pool|worker|thread|concurren|parallel|capacit|queue|buffer|replica|slot|semaphore|permit|limit|size|max|entries|depth/i,
    lowered: { pool: 1, queue: 0.7, timeout: 0.6, slow: 0.6, limit: 0.5, cache: 0.4, failing: 0.3 },
    raised: { pool: 0.4, memory: 0.5, cpu: 0.5, lock: 0.4, limit: 0.4 },
  },
  {
    governs: "a port",
    name: /(?:^|[^A-Za-z])ports?$|Port$/,
    unit: "plain",
    isName: true,
    lowered: { connect: 1, startup: 0.6 },
    raised: { connect: 1, startup: 0.6 },
  },
];
const ANY_FIGURE: FamilyWeights = { wrong: 0.4, failing: 0.2 };
/** A value eight times larger or smaller is as much as it gets. */
const MUCH = 3;
const ANOTHER = 0.8;

export function settingMechanisms(file: FileDiff): readonly Mechanism[] {
  return [
    ...changedSettings(file).map(toMechanism),
    ...changedTexts(file).flatMap(textMechanism),
    ...changedChoices(file).map(choiceMechanism),
    ...settingsThatWent(file).flatMap(wentMechanism),
  ];
}

function toMechanism({ name, from, to, shown, unit }: SettingChange): Mechanism {
  const rule = GOVERNED.find((each) => each.name.test(name) && (each.unit === undefined || each.unit === unit));
  const lowered = to < from;
  const what = `${lowered ? "lowers" : "raises"} ${rule?.governs ?? "a figure"}: ${name} ${quoteSetting(name, shown, MAX_QUOTED)}`;
  const brings = rule === undefined ? ANY_FIGURE : lowered ? rule.lowered : rule.raised;
  return { what, strength: rule?.isName === true ? ANOTHER : howMuch(from, to), brings, text: name };
}

function howMuch(from: number, to: number): number {
  const [was, is] = [from, to].map((value) => Math.max(Math.abs(value), Number.EPSILON));
  return clamp(Math.abs(Math.log2((is ?? 1) / (was ?? 1))) / MUCH, 0.1, 1);
}

const MAX_QUOTED = 60;

const ADDRESS = /host|url|endpoint|addr|server|region|bucket|dsn|broker|proxy/i;
const HOST = /^[a-z]+:\/\/|^[\w-]+(?:\.[\w-]+){2,}(?::\d+)?$|^[\w.-]+:\d+$/i;
/** Whatever answers there may be slower, empty, older, locked or not there. */
const ELSEWHERE: FamilyWeights = {
  connect: 1,
  dns: 1,
  failing: 0.8,
  timeout: 0.6,
  query: 0.6,
  schema: 0.6,
  tls: 0.5,
  auth: 0.5,
  wrong: 0.5,
};
const SECRET = /secret|token|credential|password|user(?:name)?|role|key.?(?:id|name|path)|audience|issuer/i;
const LEVEL = /log.?level|verbos|debug/i;
const TALKATIVE = /^(?:trace|debug|all|verbose|true|on)$/i;

/** One of several names was chosen for another: a mode, a format, a topic. */
const ANOTHER_CHOICE: FamilyWeights = {
  decode: 0.6,
  config: 0.6,
  schema: 0.5,
  lock: 0.5,
  cpu: 0.5,
  slow: 0.4,
  queue: 0.4,
  auth: 0.4,
  tls: 0.4,
  failing: 0.3,
};

/** Code runs that did not run before, or no longer does: it may do anything. */
const ANOTHER_WAY: FamilyWeights = {
  failing: 0.6,
  config: 0.6,
  crash: 0.6,
  slow: 0.6,
  timeout: 0.5,
  wrong: 0.5,
  query: 0.5,
  traffic: 0.5,
  memory: 0.5,
  cpu: 0.5,
  cache: 0.4,
  auth: 0.4,
  tls: 0.3,
};

function textMechanism({ name, from, to }: TextChange): readonly Mechanism[] {
  const what = SECRET.test(name)
    ? `changes ${name}`
    : `changes ${name} from ${quoteSetting(name, from, MAX_QUOTED)} to ${quoteSetting(name, to, MAX_QUOTED)}`;
  const text = `${name} ${from} ${to}`;
  if (/^#[0-9a-f]{3,8}$/i.test(to)) return [];
  if (isSchedule(from) && isSchedule(to)) return [rescheduled(from, to, text)];
  if (SECRET.test(name)) return [{ what, text, strength: 0.8, brings: { auth: 1, connect: 0.4, failing: 0.4 } }];
  if (ADDRESS.test(name) || HOST.test(to)) return [{ what, text, strength: 0.8, brings: ELSEWHERE }];
  if (LEVEL.test(name))
    return [{ what, text, strength: TALKATIVE.test(to) ? 0.9 : 0.2, brings: { disk: 1, cpu: 0.4, slow: 0.4 } }];
  if (/^(?:true|false|on|off|yes|no)$/.test(to))
    return [
      {
        what: `switches ${name} ${to}`,
        text,
        strength: 0.6,
        brings: ANOTHER_WAY,
      },
    ];
  return [{ what, text, strength: 0.4, brings: ANOTHER_CHOICE }];
}

const MORE_OFTEN: FamilyWeights = { cpu: 1, query: 0.9, traffic: 0.9, slow: 0.8, limit: 0.6, lock: 0.6, queue: 0.4, disk: 0.4 };
const LESS_OFTEN: FamilyWeights = { queue: 0.8, wrong: 0.8, disk: 0.6, cache: 0.5, clock: 0.4 };
const AT_OTHER_TIMES: FamilyWeights = { cpu: 0.7, query: 0.7, slow: 0.7, lock: 0.5, wrong: 0.4 };

function rescheduled(from: string, to: string, text: string): Mechanism {
  const [was, is] = [runsPerDay(from), runsPerDay(to)];
  if (was === is) return { what: `runs at other times: ${from} → ${to}`, strength: 0.6, brings: AT_OTHER_TIMES, text };
  const what = `runs ${is} times on a day instead of ${was}: ${from} → ${to}`;
  return { what, strength: howMuch(was, is), brings: is > was ? MORE_OFTEN : LESS_OFTEN, text };
}

const CHOSEN = 0.5;

function choiceMechanism({ name, from, to }: TextChange): Mechanism {
  return { what: `chooses ${to} instead of ${from}`, strength: CHOSEN, brings: ANOTHER_CHOICE, text: `${name} ${from} ${to}` };
}

const DEFAULTED = 0.7;

/** Which way a default differs is not known: both may be. */
function wentMechanism(name: string): readonly Mechanism[] {
  const rule = GOVERNED.find((each) => each.unit === undefined && each.name.test(name));
  if (rule === undefined) return [];
  const brings = Object.fromEntries(
    FAMILIES.map((family) => [family, Math.max(rule.raised[family] ?? 0, rule.lowered[family] ?? 0)]),
  );
  return [{ what: `leaves ${rule.governs} to a default: ${name}`, strength: DEFAULTED, brings, text: name }];
}
