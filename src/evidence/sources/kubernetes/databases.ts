/** Which workloads are databases, of which kind, and who uses which. Pure. */
import { isDatabase, readAddresses } from "./addresses.js";
import type { Workload } from "./cluster.js";
import { workloadBehind, type View } from "./view.js";

export type Flavour = "mysql" | "postgres" | "mongo" | "redis";

const FLAVOURS: readonly (readonly [RegExp, Flavour])[] = [
  [/mysql|maria|percona|com\.mysql|jdbc:mysql/i, "mysql"],
  [/postgres|psql|pgbouncer|org\.postgresql|(?:^|[\W_])pg(?:[\W_]|$)/i, "postgres"],
  [/mongo/i, "mongo"],
  [/redis|valkey|jedis|lettuce/i, "redis"],
];

export function flavourOf(text: string): Flavour | null {
  return FLAVOURS.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/** By its image, and by the name that people gave it: exporters and backups of a database are none. */
export function isDatabaseWorkload({ name, containers }: Pick<Workload, "name" | "containers">): boolean {
  if (/exporter|backup|operator|proxy|admin|migrat/i.test(name)) return false;
  const images = containers.map(({ image }) => (image.split("/").at(-1) ?? "").split(/[:@]/)[0] ?? "");
  return (
    images.some((image) => flavourOf(image) !== null && !/exporter|backup/i.test(image)) ||
    isDatabase({ variable: "", host: name })
  );
}

/** The databases an app is given the address of or is known to call; by their workloads' names. */
export function databasesOf(app: string, { cluster, seen }: View): readonly string[] {
  const workloads = new Set(cluster.workloads.map(({ name }) => name));
  const addresses = readAddresses(cluster.workloads, cluster.namespace).filter(
    (address) => address.app === app && address.namespace === null && isDatabase(address),
  );
  const called = seen.calls
    .filter(({ from, to }) => `app/${from}` === app && isDatabase({ variable: "", host: to }))
    .map(({ to }) => to);
  const served = (host: string): string => {
    const service = cluster.services?.find(({ name }) => name === host);
    return (service && workloadBehind(service, cluster.workloads)?.name) ?? host;
  };
  const named = [...addresses.map(({ host }) => served(host)), ...called.map(served)].filter((name) => workloads.has(name));
  return [...new Set(named)].filter((name) => `app/${name}` !== app);
}

/** Where nobody tells whose database is whose: the only one of its kind that no other app has to itself. */
export function likelyDatabase(app: string, flavour: Flavour | null, view: View): string | null {
  const { workloads } = view.cluster;
  const all = workloads.filter(isDatabaseWorkload).filter(({ name }) => `app/${name}` !== app);
  const alike = all.filter(({ name, containers }) => {
    const own = flavourOf(`${name} ${containers.map(({ image }) => image).join(" ")}`);
    return flavour === null || own === null || own === flavour;
  });
  const ofOthers = new Set(
    workloads
      .filter(({ name }) => `app/${name}` !== app)
      .flatMap(({ name }) => [...databasesOf(`app/${name}`, view), ...namesakes(name, alike)]),
  );
  const free = alike.filter(({ name }) => !ofOthers.has(name));
  const [only] = alike.length === 1 ? alike : free;
  return only !== undefined && (alike.length === 1 || free.length === 1) ? only.name : null;
}

/** `orders-db` and `ordersdb-mysql` are of `orders`, as long as `orders` is no database itself. */
function namesakes(app: string, databases: readonly Workload[]): readonly string[] {
  return databases.map(({ name }) => name).filter((name) => name !== app && app.length >= 4 && name.startsWith(app));
}
