/** What a change takes from those who rely on it: names they read, ways in, permissions, precision. Pure; without parsing any language. */
import { realChange, type FileDiff } from "./diff.js";
import type { FamilyWeights } from "./families.js";
import { pairLines, tokensOf, without, type LinePair } from "./line-pairs.js";
import type { Mechanism } from "./setting-mechanisms.js";

const ROUTE =
  /\b(?:get|post|put|patch|delete|head|handle|handlefunc|route|mount|register\w*)\(\s*["'`]|@(?:get|post|put|patch|delete|request)mapping\b|@\w+\.(?:get|post|put|patch|delete|route)\(|^\s*rpc\s+\w+\s*\(|\bpath\(\s*r?["']/i;
const READ_BY_OTHERS =
  /@JsonProperty|@SerializedName|@JsonAlias|\bjson:"|\bxml:"|\byaml:"|\bdb:"|\balias\s*=|serialization_alias|\bField\(|@Column|@ProtoMember|\bname\s*[:=]\s*["']|^\s*(?:optional|repeated|required)?\s*\w+\s+\w+\s*=\s*\d+\s*;|^\s*["']\w+["']\s*:/;

const RENAMED: FamilyWeights = { decode: 1, gone: 0.6, wrong: 0.5, queue: 0.5, crash: 0.5, schema: 0.5, failing: 0.4 };
const WENT: FamilyWeights = { gone: 1, failing: 0.7, crash: 0.4 };
const NARROWED: FamilyWeights = { auth: 1, tls: 0.9, connect: 0.6, failing: 0.6, gone: 0.5, decode: 0.4 };
const PRECISION: FamilyWeights = { wrong: 1, crash: 0.5, decode: 0.4, failing: 0.3 };
const ROUNDED: FamilyWeights = { wrong: 1 };
const WRITTEN: FamilyWeights = { decode: 1, wrong: 0.8, clock: 0.5, crash: 0.3 };
const SPREAD: FamilyWeights = { queue: 1, decode: 0.5, wrong: 0.5 };
const DATED: FamilyWeights = { clock: 1, auth: 0.6, wrong: 0.7, cache: 0.4, queue: 0.3 };
const KEYED: FamilyWeights = { cache: 1, query: 0.6, traffic: 0.7, cpu: 0.6, slow: 0.6, wrong: 0.5 };
const MATCHED: FamilyWeights = { cpu: 1, slow: 0.8, timeout: 0.6, decode: 0.5, failing: 0.3 };
const OWNED: FamilyWeights = { memory: 1, pool: 0.8, connect: 0.6, slow: 0.4, cpu: 0.4, timeout: 0.4 };

/** @param all - every file of the change: what moved to another file did not go */
export function contractMechanisms(file: FileDiff, all: readonly FileDiff[]): readonly Mechanism[] {
  const pairs = pairLines(file);
  return [
    ...waysInThatWent(file, all),
    ...lessPrecise(file),
    ...otherTime(file),
    ...otherForm(file),
    ...pairs.flatMap((pair) => [
      ...renamedForOthers(pair),
      ...narrowedList(pair),
      ...otherKey(pair),
      ...otherPattern(pair),
      ...otherMessage(pair),
    ]),
    ...madeForEachCall(file),
  ];
}

function toMechanism(what: string, strength: number, brings: FamilyWeights, text: string): readonly Mechanism[] {
  return [{ what, strength, brings, text }];
}

/** Routes and remote calls that no line of the change brings back. Functions that went are missed when it is built, not when it runs. */
function waysInThatWent(file: FileDiff, all: readonly FileDiff[]): readonly Mechanism[] {
  const left = all.flatMap(({ added }) => added).join("\n");
  const went = file.removed.filter((line) => ROUTE.test(line) && !stillThere(line, left));
  return went.length === 0 ? [] : toMechanism("takes away a way in that others may use", 0.9, WENT, went.join("\n"));
}

function stillThere(line: string, left: string): boolean {
  const [, quoted] = /["'`]([^"'`]+)["'`]/.exec(line) ?? [];
  const [, named] = /\brpc\s+(\w+)/.exec(line) ?? [];
  const name = quoted ?? named;
  return name === undefined || left.includes(name);
}

function renamedForOthers({ was, is, lost, gained }: LinePair): readonly Mechanism[] {
  if (!READ_BY_OTHERS.test(was) || !READ_BY_OTHERS.test(is)) return [];
  const [from] = lost.filter(isName);
  const [to] = gained.filter(isName);
  return from === undefined || to === undefined
    ? []
    : toMechanism(`calls ${from} ${to} for those who read it`, 0.9, RENAMED, `${from} ${to}`);
}

function isName(token: string): boolean {
  return /^["'`]?[A-Za-z][\w.-]{2,}["'`]?$/.test(token);
}

/** The items of a list, or the words of one quoted value, of which some went and none came. */
function narrowedList({ was, is }: LinePair): readonly Mechanism[] {
  const [before, since] = [itemsOf(was), itemsOf(is)];
  const went = before.filter((item) => !since.includes(item));
  const isNarrower = since.length > 0 && went.length > 0 && since.every((item) => before.includes(item));
  return isNarrower ? toMechanism(`no longer allows ${went.slice(0, 3).join(", ")}`, 0.9, NARROWED, `${was}\n${is}`) : [];
}

function itemsOf(line: string): readonly string[] {
  const [, value = ""] = /[:=]\s*(.+)$/.exec(line) ?? [];
  const quoted = [...value.matchAll(/["'`]([^"'`]+)["'`]/g)].map(([, item = ""]) => item);
  const [only] = quoted;
  if (quoted.length > 1) return quoted;
  if (only !== undefined && /^\s*\[/.test(value)) return quoted;
  return (only ?? "").split(/[\s,:|]+/).filter((word) => word !== "");
}

const EXACTNESS: readonly (readonly [RegExp, RegExp])[] = [
  [/^(?:int64|uint64|long|bigint|i64|u64)$/i, /^(?:int32|uint32|int16|int|integer|i32|u32|short|smallint)$/i],
  [/^(?:bigdecimal|decimal|numeric|money)$/i, /^(?:double|float|float32|float64|number|real|f32|f64|math|int|integer)$/i],
];
const ROUNDS = /^(?:round\w*|floor|ceil|trunc\w*|setScale|toFixed|quantize|RoundingMode|HALF_\w+|parseInt)$/;

/** Over the whole file: such lines are rewritten more often than edited. Nothing was counted or dated before: nothing to lose. */
function exchanged(file: FileDiff): {
  readonly lost: readonly string[];
  readonly gained: readonly string[];
  readonly text: string;
} {
  const { removed, added } = realChange(file);
  const [was, is] = [removed.flatMap(tokensOf), added.flatMap(tokensOf)];
  const isEdit = was.length > 0 && is.length > 0;
  return {
    lost: isEdit ? without(was, is) : [],
    gained: isEdit ? without(is, was) : [],
    text: [...removed, ...added].join("\n"),
  };
}

function lessPrecise(file: FileDiff): readonly Mechanism[] {
  const { lost, gained, text } = exchanged(file);
  const narrower = EXACTNESS.some(
    ([wide, narrow]) => lost.some((each) => wide.test(each)) && gained.some((each) => narrow.test(each)),
  );
  if (narrower) return toMechanism("holds a figure in a smaller or less exact type", 0.9, PRECISION, text);
  const rounds = [...lost, ...gained].filter((each) => ROUNDS.test(each));
  return rounds.length === 0 ? [] : toMechanism(`rounds in another way (${rounds[0]})`, 0.8, ROUNDED, text);
}

const ZONED =
  /^(?:utc|utcnow|utcfromtimestamp|timezone\w*|tz\w*|pytz|ZoneId|ZoneOffset|LoadLocation|localtime|gmtime|timegm|mktime|toLocale\w*|Local\w*|Instant|ZonedDateTime|OffsetDateTime|Locale)$/i;

function otherTime(file: FileDiff): readonly Mechanism[] {
  const { lost, gained, text } = exchanged(file);
  const zoned = [...lost, ...gained].filter((each) => ZONED.test(each));
  return zoned.length === 0 ? [] : toMechanism(`reckons time or place in another way (${zoned[0]})`, 0.8, DATED, text);
}

const FORMS =
  /^(?:\w*(?:[fF]ormat(?:ted|ter)?|[sS]erializ\w*|[mM]arshal\w*|[eE]ncod\w*|[sS]tringify)|to\w*String|String|strf?time|isoformat|toEpoch\w*|toJSON|printf|dumps|quot\w*|escape\w*)$/;
const WRITES = /\b(?:write|put|append|return|send|publish|emit|set)\w*\b|=>/i;

/** What is written out takes another form: others read it. */
function otherForm(file: FileDiff): readonly Mechanism[] {
  const { lost, gained, text } = exchanged(file);
  const forms = [...lost, ...gained].filter((each) => FORMS.test(each));
  return forms.length === 0 || !WRITES.test(text)
    ? []
    : toMechanism(`writes its data in another form (${forms[0]})`, 0.8, WRITTEN, text);
}

const SENDS = /\b(?:send|publish|produce|enqueue|emit)\w*\(/i;

function otherMessage({ was, is, lost, gained }: LinePair): readonly Mechanism[] {
  const isMessage = SENDS.test(was) && SENDS.test(is) && lost.length > 0 && gained.length > 0;
  return isMessage ? toMechanism("sends another message, or under another key", 0.7, SPREAD, `${was}\n${is}`) : [];
}

const KEY = /\b\w*key\w*\s*(?::=|[:=(])/i;

function otherKey({ was, is, lost, gained }: LinePair): readonly Mechanism[] {
  const isKey = KEY.test(was) && KEY.test(is) && /["'`$%+]|format/i.test(is);
  return isKey && lost.length + gained.length > 0
    ? toMechanism("stores or looks up under another key", 0.8, KEYED, `${was}\n${is}`)
    : [];
}

const PATTERN =
  /(?:^|[=(,:]\s*)\/(?!\/)(?:\\.|[^/\n])+\/[gimsuy]*|regexp?\.|re\.(?:compile|match|search|fullmatch)|Pattern\.|new RegExp|\br["']\^/;
/** A repeated group that repeats inside: the time to fail may grow with every character. */
const REPEATS_REPEATED = /\((?:\?:)?[^()]*[+*][^()]*\)(?:[+*]|\{\d+,)/;

function otherPattern({ was, is, lost, gained }: LinePair): readonly Mechanism[] {
  if (!PATTERN.test(was) || !PATTERN.test(is) || lost.length + gained.length === 0) return [];
  const worse = REPEATS_REPEATED.test(is) && !REPEATS_REPEATED.test(was);
  return toMechanism("matches with another pattern", worse ? 1 : 0.5, MATCHED, `${was}\n${is}`);
}

const HEAVY =
  /\bExecutors\.new\w+|\bnew\s+(?:Thread|\w*(?:Client|Pool|Executor|Connection|Session|Channel|Producer|Consumer|Transport|Agent|DataSource))\(|\bThreadPoolExecutor\(|\b(?:sql|redis|mongo|grpc|amqp|kafka)\.(?:Open|Dial|NewClient|connect|createClient|createPool)\w*\(|\bcreatePool\(|requests\.Session\(|&?http\.(?:Client|Transport)\{/;
const RELEASED = /\.(?:close|shutdown|dispose|quit|end|stop|release)\w*\(|\bdefer\b|\bwith\b|try\s*\(/i;

/** Something heavy is made inside a function, where before it was not, and never given back. */
function madeForEachCall({ added, removed, now }: FileDiff): readonly Mechanism[] {
  const made = added.filter(
    (line) => HEAVY.test(line) && /^\s{2,}|^\t/.test(line) && !/\bstatic\b|\bfinal\b.*\bprivate\b/.test(line),
  );
  const before = removed.filter((line) => HEAVY.test(line)).length;
  if (made.length <= before || now.some((line) => RELEASED.test(line))) return [];
  return toMechanism("makes something costly for each call and never gives it back", 0.9, OWNED, made.join("\n"));
}
