/** What clients' logs say about their database, and which database that is. */
import { isWell } from "../pod-health.js";
import type { Container } from "../cluster.js";
import { databasesOf, flavourOf, isDatabaseWorkload, likelyDatabase } from "../databases.js";
import type { Said, View } from "../view.js";

interface Saying {
  readonly reason: string;
  readonly pattern: RegExp;
  /** The database itself is to blame; else the client that says it. */
  readonly isServer: boolean;
}

/** Only what databases and their drivers say in these words: "invalid credentials" of a user who mistyped a password is none of it. */
const SAYINGS: readonly Saying[] = [
  {
    reason: "ConnectionsExhausted",
    pattern:
      /too many connections|too many clients|remaining connection slots|max_user_connections|(?:max number of clients|client limit) reached|too many open connections|no more connections allowed|connection limit (?:exceeded|reached) for|Connection is not available, request timed out/i,
    isServer: true,
  },
  {
    reason: "ReadOnly",
    pattern:
      /--(?:super-|innodb-)?read-only option|in a read.only transaction|can't write against a read only|READONLY You|(?:database|server|instance|innodb|replica) is (?:running )?(?:in )?read.only|table '[^']*' is read only|attempt to write a readonly database|not.?writable.?primary|\bnot (?:primary|master)\b|MISCONF/i,
    isServer: true,
  },
  {
    reason: "CredentialsRejected",
    pattern:
      /access denied for user '|password authentication failed|WRONGPASS|\bNOAUTH\b|MongoSecurityException|exception authenticating MongoCredential|ORA-01017|login failed for user '|ACCESS_REFUSED|no pg_hba\.conf entry|(?:mongo|mysql|postgres|sql|jdbc|redis|database)[^\n]{0,80}authentication failed|authentication failed[^\n]{0,80}(?:mongo|mysql|postgres|sql|jdbc|redis|database)/i,
    isServer: false,
  },
  {
    reason: "Unreachable",
    pattern:
      /communications link failure|could not connect to (?:server|database)|can't connect to (?:mysql|\w*sql) server|connection to server at .* failed|(?:unable to acquire|failed to obtain) JDBC connection|MongoSocketOpenException|MongoTimeoutException|unable to connect to redis|connection to \S+:(?:3306|5432|27017|6379) refused/i,
    isServer: false,
  },
];
const FEW = 2;

export function checkDatabases(view: View): readonly Said[] {
  const said = [...view.logsByApp].flatMap(([app, lines]) => SAYINGS.flatMap((saying) => checkSaying(saying, app, lines, view)));
  return [...withoutEchoes(said, view), ...checkCommands(view)];
}

function checkSaying({ pattern, reason, isServer }: Saying, app: string, lines: readonly string[], view: View): readonly Said[] {
  const said = lines.filter((line) => pattern.test(line));
  const last = said.at(-1);
  if (last === undefined || (reason === "Unreachable" && !isStandingBy(view))) return [];
  const message = excerpt(last, pattern);
  const score = said.length >= FEW ? 0.9 : 0.7;
  if (!isServer) return [say(app, reason, message, reason === "Unreachable" ? score - 0.15 : score)];
  if (isDatabase(app, view)) return [say(app, reason, message, score)];
  const servers = serversOf(app, last, view);
  if (servers.length === 0) return [say(app, reason, message, score - 0.2)];
  return servers.map((name) =>
    say(`app/${name}`, reason, `${app} is told: ${message}`, servers.length === 1 ? score : score - 0.2),
  );
}

/** By the client's addresses and calls, of the kind that speaks; where it tells neither, the only one that can be meant. */
function serversOf(app: string, line: string, view: View): readonly string[] {
  const flavour = flavourOf(line) ?? flavourOfWords(line);
  const known = databasesOf(app, view);
  const alike = known.filter((name) => flavour === null || (flavourOf(name) ?? flavour) === flavour);
  if (known.length > 0) return alike.length > 0 ? alike : known;
  const likely = likelyDatabase(app, flavour, view);
  return likely === null ? [] : [likely];
}

/** Some words are used by one kind of database alone. */
function flavourOfWords(line: string): "mysql" | "postgres" | "redis" | null {
  if (/too many connections|read-only option|max_user_connections/i.test(line)) return "mysql";
  if (/too many clients|connection slots|read-only transaction/i.test(line)) return "postgres";
  return /max number of clients|READONLY You|MISCONF|against a read only/i.test(line) ? "redis" : null;
}

function isDatabase(app: string, { cluster }: View): boolean {
  return cluster.workloads.some((workload) => `app/${workload.name}` === app && isDatabaseWorkload(workload));
}

/** A database that logs whom it refused repeats what its client says: the client holds the wrong password. */
function withoutEchoes(said: readonly Said[], view: View): readonly Said[] {
  const isRefusal = ({ reason }: Said): boolean => reason === "CredentialsRejected" || reason === "Unreachable";
  const isTold = (reason: string): boolean => said.some((each) => each.reason === reason && !isDatabase(each.object, view));
  return said.filter((each) => !(isRefusal(each) && isDatabase(each.object, view) && isTold(each.reason)));
}

/** Databases are there and well: then a client that cannot reach them asks the wrong place. */
function isStandingBy({ cluster, appOf }: View): boolean {
  const databases = new Set(cluster.workloads.filter(isDatabaseWorkload).map(({ name }) => `app/${name}`));
  const pods = cluster.pods.filter(({ name }) => databases.has(appOf(name)));
  return pods.length > 0 && pods.every((pod) => isWell({ ...pod, restarts: 0 }));
}

/** A database that was told so at its start. */
function checkCommands({ cluster }: View): readonly Said[] {
  return cluster.workloads.filter(isDatabaseWorkload).flatMap(({ name, containers }) =>
    containers.flatMap((container) => {
      const told = readOnlyWord(container);
      return told === undefined ? [] : [say(`app/${name}`, "ReadOnly", `${container.name} is started with ${told}`, 0.85)];
    }),
  );
}

const READ_ONLY = /^--(?:super[-_]|innodb[-_])?read[-_]only(?:=(?:1|on|true))?$|^--?default_transaction_read_only=(?:on|true)$/i;

function readOnlyWord({ command }: Container): string | undefined {
  return command.flatMap((part) => part.split(/\s+/)).find((word) => READ_ONLY.test(word));
}

function excerpt(line: string, pattern: RegExp): string {
  const at = Math.max(0, line.search(pattern) - 20);
  return line.slice(at, at + 150);
}

function say(object: string, reason: string, message: string, score: number): Said {
  return { kind: "state", of: "database", reason, object, message, ageMs: 0, score };
}
