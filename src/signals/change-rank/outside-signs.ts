/** Positive signs of a cause that no change brought: someone else's outage, a date that came, load. Pure. */
import type { Family } from "./families.js";
import { isLoad } from "./load.js";
import type { Sign, Symptoms } from "./model.js";

export interface OutsideSign {
  readonly why: string;
  readonly strength: number; // 0…1
  /** Kinds of trouble that it accounts for: nothing else is needed to explain them. */
  readonly accountsFor: ReadonlySet<Family>;
  /** A change whose lines match takes the blame back: the failing thing came in with it. */
  readonly excuse: RegExp | null;
}

/**
 * Whose names are whose: with one of the commonest endings, or of three parts and more. `ledger` and `ledger.prod` are names that a
 * cluster gives.
 */
const TOP_LEVEL = "com|net|org|io|cloud|dev|app|co|ai|eu|us|uk|de|info|biz";
const HOST = new RegExp(
  String.raw`(?:https?://|(?:host|peer[._]service|server\.address|net\.peer\.name)=)([a-z0-9-]+(?:\.[a-z0-9-]+){2,})|\b((?:[a-z0-9-]+\.)+(?:${TOP_LEVEL}))(?=[/:\s"',)]|$)`,
  "gi",
);
/** Names that end so are given out inside. */
const INSIDE = /\.(?:local|internal|svc|cluster|lan|intra|corp|consul|home)$|^localhost$|^\d+(?:\.\d+){3}$/i;
const THEIR_FAILURE =
  /\b50[0-9]\b|unavailable|internal ?error|slowdown|outage|exceeded deadline|timed? ?out|timeout|throttl|degraded|connection (?:refused|reset)|\b429\b|quota|\b410\b|switched off|discontinued|retired|sunset|no longer (?:supported|available)/i;
const PROVIDER = /\b(?:aws|gcp|azure|google cloud|amazon|s3|dynamodb|sqs|cloudflare|fastly)\b/i;
const REGION = /\b[a-z]{2}(?:-gov)?-(?:north|south|east|west|central)[a-z]*-\d\b|\bavailability zone\b/i;
const EXPIRED =
  /certificate (?:has )?expired|certificate is not yet valid|cert(?:ificate)? expir|not ?after\s*[=:]|(?:licen[sc]e|subscription|api key|password|secret|credentials?)\b[^.;]{0,60}\bexpired/i;
const NAMES_FAIL = /no such host|nxdomain|servfail|name resolution|getaddrinfo|enotfound/i;
const MACHINE =
  /node (?:is )?not ?ready|hardware|kernel panic|host (?:is )?down|i\/o error|disk failure|spot interruption|preempt(?:ed|ion)|instance (?:was )?terminated|power loss|failover|fail(?:ed|ing) over|promoted to primary|administrator command|host maintenance|\bsteal\b|_steal|hypervisor|\bnvme\b|medium error|blk_update_request|\becc\b|\bedac\b|machine check|link is down/i;
/** What keeps the clock says so; "clock skew" in the error of a token may as well be our own reckoning. */
const CLOCK = /system clock|\bntpd?\b|chrony|time ?sync|timex|step time server/i;

const THEIRS: readonly Family[] = [
  "timeout",
  "slow",
  "connect",
  "failing",
  "retry",
  "limit",
  "tls",
  "dns",
  "traffic",
  "pool",
  "queue",
  "auth",
];
const DATES: readonly Family[] = ["tls", "timeout", "slow", "connect", "failing", "retry", "auth", "traffic"];
const MACHINES: readonly Family[] = [...THEIRS, "startup", "disk", "memory", "cpu"];
const CLOCKS: readonly Family[] = ["clock", "auth", "tls", "wrong", "failing", "retry"];
const NAMES: readonly Family[] = ["dns", "connect", "timeout", "slow", "failing", "retry"];
/** Load only shows what a change made too small: all else stays to be explained. */
const LOAD: readonly Family[] = ["traffic", "cpu", "slow"];

const CERTIFICATE = /BEGIN CERTIFICATE|\.(?:pem|crt|cer|p12|jks)\b|not_?after|expir/i;
const TIME_SOURCE = /\bntp|chrony|\bclock/i;
const RESOLVER = /dns|resolv|ndots|nameserver|host/i;

/** Of the weight of what is said most: one odd line beside many others is somebody's text, not the trouble. */
const LEAST_SAID = 2 / 3;

export function readOutsideSigns(symptoms: Symptoms): readonly OutsideSign[] {
  const failing = symptoms.signs.filter(({ source }) => source === "log" || source === "trace");
  const weight = total(failing);
  const share = (signs: readonly Sign[]): number => (weight === 0 ? 0 : total(signs) / weight);
  const heaviest = Math.max(0, ...failing.map((sign) => sign.weight));
  const isSaid = (signs: readonly Sign[]): number => (signs.length > 0 && total(signs) >= LEAST_SAID * heaviest ? 1 : 0);
  const strangers = failing.flatMap((sign) => {
    const stranger = THEIR_FAILURE.test(sign.text) ? strangerIn(sign.text, symptoms.known) : null;
    return stranger === null ? [] : [{ sign, stranger }];
  });
  const expired = symptoms.signs.filter(({ text }) => EXPIRED.test(text));
  const machine = symptoms.signs.filter(({ text }) => MACHINE.test(text));
  const names = failing.filter(({ text }) => NAMES_FAIL.test(text));
  const clocks = symptoms.signs.filter(({ text }) => CLOCK.test(text));
  const [stranger = ""] = strangers.map((each) => each.stranger);
  const ranOut = expired[0]?.text.slice(0, 80);
  return [
    ...signOf(
      share(strangers.map(({ sign }) => sign)),
      `the failing calls go to ${stranger}, which is not ours, and fail there`,
      THEIRS,
      literally(stranger),
    ),
    ...signOf(isSaid(expired), `something ran out (${ranOut}): its date came, whatever was changed`, DATES, CERTIFICATE),
    ...signOf(isSaid(clocks), `a clock is wrong (${clocks[0]?.text.slice(0, 80)})`, CLOCKS, TIME_SOURCE),
    ...signOf(share(machine), "a machine failed under the services", MACHINES, null),
    ...signOf(share(names), "names no longer resolve", NAMES, RESOLVER),
    ...risingLoad(symptoms),
  ];
}

function literally(name: string): RegExp | null {
  return name.includes(".") ? new RegExp(name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "i") : null;
}

/** Below this share of what fails it is one trouble among others. */
const ENOUGH = 0.25;

function signOf(share: number, why: string, accountsFor: readonly Family[], excuse: RegExp | null): readonly OutsideSign[] {
  return share < ENOUGH ? [] : [{ why, strength: 0.5 + 0.5 * Math.min(1, share), accountsFor: new Set(accountsFor), excuse }];
}

function strangerIn(text: string, known: readonly string[]): string | null {
  const hosts = [...text.matchAll(HOST)].map(([, told, bare]) => (told ?? bare ?? "").toLowerCase());
  const foreign = hosts.find(
    (host) => !INSIDE.test(host) && !known.some((service) => host.split(".")[0] === service.toLowerCase()),
  );
  if (foreign !== undefined) return foreign;
  return PROVIDER.test(text) && (REGION.test(text) || /\b50[0-9]\b/.test(text)) ? (PROVIDER.exec(text)?.[0] ?? null) : null;
}

/** More came in at the doors before anything else moved. */
function risingLoad({ shifts, entries, onset }: Symptoms): readonly OutsideSign[] {
  const rising = shifts.filter(
    ({ service, name, direction, at }) =>
      entries.includes(service) && direction === "rose" && isLoad(name) && at <= onset + 60_000,
  );
  const [first] = rising;
  if (first === undefined) return [];
  return [
    {
      why: `more requests came in at ${first.service} (${first.name}) before it began`,
      strength: 0.7,
      accountsFor: new Set(LOAD),
      excuse: null,
    },
  ];
}

function total(signs: readonly Sign[]): number {
  return signs.reduce((sum, { weight }) => sum + weight, 0);
}
