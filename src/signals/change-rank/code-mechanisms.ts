/** What lines of code that went or came can bring about. Pure; by the shapes that languages share, not by parsing any of them. */
import type { FileDiff } from "./diff.js";
import { realChange } from "./diff.js";
import type { FamilyWeights } from "./families.js";
import type { Mechanism } from "./setting-mechanisms.js";

interface Shape {
  readonly what: string;
  readonly line: RegExp;
  readonly strength: number;
  readonly brings: FamilyWeights;
  /** The same shape on the other side means that it was only rewritten. */
  readonly unless?: RegExp;
}

const CLEANUP =
  /\bdefer\b.*\b(?:Close|Unlock|Release|Done|cancel)\b|\.(?:close|release|dispose|unsubscribe|removeListener|clearTimeout)\(|\bwith\s+\w+.*:|\busing\s*\(|try\s*\(|finally\b/i;
const GUARD =
  /\bif\b.*(?:[!=]==?\s*(?:nil|null|None|undefined)|\bis\s+(?:not\s+)?None\b|\bisNull\(|\.is_some\(|\.is_none\(|\bnot\s+\w+\s*:|\blen\(|\.length\b|\.isEmpty\(|\bok\b)|\?\.|\?\?|\bOptional\b|\.unwrap_or/;
const QUERY_LIMIT =
  /\bLIMIT\b\s*[\d$:?%{]|\bTOP\s*\(?\d|\.limit\(|\.Limit\(|\.take\(|\bFETCH FIRST\b|max_?results|page_?size|\bWHERE\b/i;
const LOCK =
  /\b(?:Lock|RLock|acquire|synchronized|FOR UPDATE|LOCK TABLE|BEGIN|Transaction|transaction|with_lock|Mutex|Semaphore|isolation|SERIALIZABLE|REPEATABLE)\b/;
const PAUSE = /\b(?:sleep|Sleep|backoff|Backoff|jitter|setTimeout|delay)\b\s*\(/;
const CACHED = /\bcache\w*\.(?:get|Get|fetch|GetOrLoad|remember)|@Cache|lru_cache|memoiz|singleflight/i;
const AUTHORISED = /authori[sz]|\bAuth\w*\(|Bearer|permission|\brole\b|\bscope/i;
const CHECKED = /\bvalidate\w*\(|\bassert\b|schema\.(?:parse|validate)|\bverify\w*\(/i;
const CAUGHT = /\bcatch\b|\bexcept\b|\brecover\(\)|\brescue\b|\.catch\(|if err != nil/;

const AT_ONCE =
  /chunk|batch|p-?limit\b|throttle|semaphore|bulkhead|concurren|parallelism|max_?workers|limiter|errgroup.*SetLimit/i;

const REMOVED: readonly Shape[] = [
  {
    what: "no longer checks for a missing value",
    line: GUARD,
    unless: GUARD,
    strength: 0.9,
    brings: { crash: 1, failing: 0.5, startup: 0.4 },
  },
  {
    what: "no longer limits what a query reads",
    line: QUERY_LIMIT,
    unless: QUERY_LIMIT,
    strength: 1,
    brings: { query: 1, slow: 0.9, memory: 0.7, cpu: 0.7, timeout: 0.6, disk: 0.3 },
  },
  {
    what: "no longer releases what it took",
    line: CLEANUP,
    unless: CLEANUP,
    strength: 0.9,
    brings: { pool: 1, memory: 0.9, connect: 0.5, lock: 0.8, timeout: 0.5, slow: 0.4 },
  },
  {
    what: "no longer waits between attempts",
    line: PAUSE,
    unless: PAUSE,
    strength: 0.6,
    brings: { retry: 1, traffic: 0.6, cpu: 0.6, limit: 0.6, timeout: 0.4 },
  },
  {
    what: "no longer limits how much is done at once",
    line: AT_ONCE,
    unless: AT_ONCE,
    strength: 0.8,
    brings: { traffic: 1, limit: 0.9, pool: 0.9, memory: 0.8, connect: 0.7, cpu: 0.7, timeout: 0.6, queue: 0.5 },
  },
  {
    what: "no longer reads through the cache",
    line: CACHED,
    unless: CACHED,
    strength: 0.9,
    brings: { cache: 1, query: 0.9, slow: 0.8, cpu: 0.6, traffic: 0.5 },
  },
  {
    what: "no longer takes a lock",
    line: LOCK,
    unless: LOCK,
    strength: 0.7,
    brings: { wrong: 0.8, crash: 0.7, lock: 0.4, decode: 0.3 },
  },
  {
    what: "no longer checks or sends who is asking",
    line: AUTHORISED,
    unless: AUTHORISED,
    strength: 0.7,
    brings: { auth: 1, failing: 0.5 },
  },
  {
    what: "no longer validates its input",
    line: CHECKED,
    unless: CHECKED,
    strength: 0.7,
    brings: { decode: 0.7, crash: 0.7, wrong: 0.7 },
  },
  { what: "no longer catches failures", line: CAUGHT, unless: CAUGHT, strength: 0.6, brings: { crash: 0.9, failing: 0.6 } },
  {
    what: "drops an index",
    line: /\bINDEX\b|@Index|add_index/i,
    unless: /\bINDEX\b/i,
    strength: 0.9,
    brings: { query: 1, slow: 0.9, cpu: 0.8, lock: 0.4 },
  },
];
const ADDED: readonly Shape[] = [
  {
    what: "drops an index",
    line: /\bDROP\s+INDEX\b|remove_index/i,
    strength: 1,
    brings: { query: 1, slow: 1, cpu: 0.9, timeout: 0.5 },
  },
  {
    what: "drops or renames a part of the schema",
    line: /\bDROP\s+(?:COLUMN|TABLE)\b|\bRENAME\s+(?:COLUMN|TABLE|TO)\b|rename_column|remove_column/i,
    strength: 1,
    brings: { schema: 1, decode: 0.5, failing: 0.6, crash: 0.4 },
  },
  {
    what: "tightens the schema",
    line: /\bNOT\s+NULL\b|\bADD\s+CONSTRAINT\b|\bUNIQUE\b/i,
    strength: 0.5,
    brings: { schema: 0.8, lock: 0.6, failing: 0.4 },
  },
  {
    what: "changes a table while it is used",
    line: /\bALTER\s+TABLE\b|\bCREATE\s+(?:UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)|\bLOCK\s+TABLE\b|\bVACUUM\s+FULL\b/i,
    strength: 0.8,
    brings: { lock: 1, slow: 0.7, query: 0.7, timeout: 0.7, pool: 0.4 },
  },
  { what: "takes a lock", line: LOCK, unless: LOCK, strength: 0.6, brings: { lock: 1, slow: 0.7, timeout: 0.6, pool: 0.4 } },
  { what: "waits inside a request", line: PAUSE, unless: PAUSE, strength: 0.5, brings: { slow: 0.9, timeout: 0.6, pool: 0.4 } },
  {
    what: "keeps adding to something that lives on",
    line: /^\s*(?:\w+\.)*(?:\w*[Cc]ache|\w*[Rr]egistry|\w*[Hh]istory|\w*[Ss]een|\w*[Bb]uffer|all\w+|global\w+|\w+s)(?:\[[^\]]+\]\s*=[^=]|\.(?:push|append|add|set|put|insert|Store)\()|\.(?:on|addListener|addEventListener)\(/,
    strength: 0.5,
    brings: { memory: 1, slow: 0.3, cpu: 0.3 },
  },
  {
    what: "starts work that nobody waits for",
    line: /^\s*go\s+(?:func|\w)|\bnew Thread\(|create_task\(|asyncio\.ensure_future|setInterval\(|\bspawn\(/,
    strength: 0.65,
    brings: { memory: 0.9, cpu: 0.5, pool: 0.5 },
  },
  {
    what: "uses a value that may be missing",
    line: /\.unwrap\(\)|\.get\(\)\.|\)!\.|\bmust\w*\(|\.\(\*?\w+\)\s*$|\[0\]|\.first\(\)\./i,
    strength: 0.5,
    brings: { crash: 0.9 },
  },
  {
    what: "stops the process on failure",
    line: /\bpanic\(|log\.Fatal|os\.Exit|process\.exit|sys\.exit|System\.exit/,
    strength: 0.8,
    brings: { crash: 1, startup: 1 },
  },
  {
    what: "needs a setting from its environment",
    line: /os\.(?:Getenv|environ|LookupEnv)|process\.env\.|System\.getenv|mustEnv|\benv\(/i,
    strength: 0.6,
    brings: { config: 1, startup: 0.8, crash: 0.5, auth: 0.4, connect: 0.4 },
  },
  {
    what: "matches with a pattern",
    line: /regexp?\.(?:MustCompile|compile|Compile)|new RegExp\(|re\.(?:compile|match|search)\(|Pattern\.compile/,
    strength: 0.5,
    brings: { cpu: 1, slow: 0.7, timeout: 0.4 },
  },
  { what: "demands more of who asks", line: AUTHORISED, unless: AUTHORISED, strength: 0.5, brings: { auth: 1 } },
  { what: "refuses what it accepted", line: CHECKED, unless: CHECKED, strength: 0.5, brings: { decode: 0.9, failing: 0.5 } },
];

/** @param all - every file of the change: what moved to another file did not go */
export function codeMechanisms(file: FileDiff, all: readonly FileDiff[]): readonly Mechanism[] {
  const { removed, added } = realChange(file);
  const others = all.map(realChange);
  return [
    ...REMOVED.flatMap((shape) =>
      matchShape(
        shape,
        removed,
        others.flatMap((each) => each.added),
      ),
    ),
    ...ADDED.flatMap((shape) =>
      matchShape(
        shape,
        added,
        others.flatMap((each) => each.removed),
      ),
    ),
    ...loopedCalls(file),
    ...newTables(removed, added),
  ];
}

/** It counts by how many more of its lines there are on its side. */
function matchShape(
  { line, unless, what, strength, brings }: Shape,
  here: readonly string[],
  there: readonly string[],
): readonly Mechanism[] {
  const found = here.filter((each) => line.test(each));
  const still = unless === undefined ? 0 : there.filter((each) => unless.test(each)).length;
  return found.length > still ? [{ what, strength, brings, text: found.join("\n") }] : [];
}

const LOOP = /^\s*(?:for\b|while\b|foreach\b)|\.(?:forEach|map|each|flatMap)\(|\bfor\s+\w+\s+in\b/;
const FAR_CALL =
  /\b(?:ctx|context|await)\b.*\w\(|\w+\.(?:query|Query\w*|exec|Exec\w*|fetch\w*|Fetch\w*|find\w*|Find\w*|load\w*|Load\w*|get[A-Z]\w*|Get[A-Z]\w*|request|call|send|Send\w*|publish|Publish)\(/;

/** One call for each item where there was one for all, or none. */
function loopedCalls({ was, now }: FileDiff): readonly Mechanism[] {
  const [before, since] = [callsInLoops(was), callsInLoops(now)];
  if (since.length <= before.length) return [];
  const brings = { query: 1, slow: 1, traffic: 0.8, timeout: 0.6, cpu: 0.4, pool: 0.5, limit: 0.5 };
  return [{ what: "makes a call for each item of a loop", strength: 1, brings, text: since.join("\n") }];
}

function callsInLoops(lines: readonly string[]): readonly string[] {
  const found: string[] = [];
  let loopIndent: number | null = null;
  for (const line of lines) {
    if (line.trim() === "") continue;
    const indent = /^\s*/.exec(line)?.[0].length ?? 0;
    if (loopIndent !== null && indent <= loopIndent) loopIndent = null;
    if (loopIndent !== null && FAR_CALL.test(line)) found.push(line);
    if (loopIndent === null && LOOP.test(line)) loopIndent = indent;
  }
  return found;
}

const TABLE = /\b(?:FROM|JOIN|INTO|UPDATE)\s+[`"']?([A-Za-z_][\w.]*)/g;

/** Tables that only the new lines ask for, unless the change makes them. */
function newTables(removed: readonly string[], added: readonly string[]): readonly Mechanism[] {
  const tables = (lines: readonly string[]): ReadonlySet<string> =>
    new Set([...lines.join("\n").matchAll(TABLE)].map(([, name = ""]) => name));
  const made = added.join("\n");
  const known = tables(removed);
  return [...tables(added)]
    .filter((table) => !known.has(table) && !new RegExp(String.raw`CREATE\s+TABLE[^;]*\b${table}\b`, "i").test(made))
    .map((table) => ({
      what: `asks for ${table}, which it does not create`,
      strength: 0.7,
      brings: { schema: 1, query: 0.6, slow: 0.3 },
      text: table,
    }));
}
