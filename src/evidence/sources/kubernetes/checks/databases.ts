/** What clients' logs say about their database, and which database that is. */
import { isDatabase, readAddresses } from "../addresses.js";
import { isWell } from "../collect.js";
import type { Said, View } from "../view.js";

/** [what a log says, reason, whether the database itself is to blame] */
const SAYINGS: readonly (readonly [RegExp, string, boolean])[] = [
  [
    /too many (?:connections|clients)|remaining connection slots|max_user_connections|max_connections|max number of clients reached|Connection is not available, request timed out/i,
    "ConnectionsExhausted",
    true,
  ],
  [
    /--(?:super-)?read-only option|in a read-only transaction|can't write against a read only|READONLY You|database is (?:in )?read.only|read_only mode|MISCONF/i,
    "ReadOnly",
    true,
  ],
  [
    /access denied for user|password authentication failed|authentication failed|WRONGPASS|NOAUTH|invalid (?:username|password|credentials)/i,
    "CredentialsRejected",
    false,
  ],
  [
    /communications link failure|could not connect to (?:server|database)|can't connect to (?:mysql|\w*sql) server|connection to server at .* failed/i,
    "Unreachable",
    false,
  ],
];
const FEW = 2;

export function checkDatabases(view: View): readonly Said[] {
  return [...view.logsByApp].flatMap(([app, lines]) =>
    SAYINGS.flatMap(([pattern, reason, isServer]) => {
      const said = lines.filter((line) => pattern.test(line));
      const last = said.at(-1);
      if (last === undefined || (reason === "Unreachable" && !isStandingBy(view))) return [];
      const message = excerpt(last, pattern);
      const score = said.length >= FEW ? 0.9 : 0.7;
      const server = isServer ? databasesOf(app, view) : [];
      return [
        say(app, reason, message, server.length > 0 ? score - 0.2 : score),
        ...server.map((each) => say(each, reason, message, score)),
      ];
    }),
  );
}

/** Databases are there and well: then a client that cannot reach them asks the wrong place. */
function isStandingBy({ cluster, appOf }: View): boolean {
  const databases = cluster.pods.filter(({ name }) => isDatabase({ variable: "", host: appOf(name).slice("app/".length) }));
  return databases.length > 0 && databases.every(isWell);
}

/** By the client's addresses and calls; a database's own log speaks of itself. */
function databasesOf(app: string, { cluster, seen }: View): readonly string[] {
  const workloads = new Set(cluster.workloads.map(({ name }) => name));
  const addresses = readAddresses(cluster.workloads, cluster.namespace).filter(
    (address) => address.app === app && isDatabase(address),
  );
  const called = seen.calls
    .filter(({ from, to }) => `app/${from}` === app && isDatabase({ variable: "", host: to }))
    .map(({ to }) => to);
  const served = (host: string): string => {
    const service = cluster.services?.find(({ name }) => name === host);
    const behind = cluster.workloads.find(
      ({ labels }) =>
        service !== undefined &&
        service.selector.size > 0 &&
        [...service.selector].every(([key, value]) => labels.get(key) === value),
    );
    return behind?.name ?? host;
  };
  const named = [...addresses.map(({ host }) => served(host)), ...called.map(served)].filter((name) => workloads.has(name));
  return [...new Set(named)].map((name) => `app/${name}`).filter((object) => object !== app);
}

function excerpt(line: string, pattern: RegExp): string {
  const at = Math.max(0, line.search(pattern) - 20);
  return line.slice(at, at + 150);
}

function say(object: string, reason: string, message: string, score: number): Said {
  return { kind: "state", of: "database", reason, object, message, ageMs: 0, score };
}
