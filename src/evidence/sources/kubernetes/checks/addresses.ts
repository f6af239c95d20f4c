/** Addresses in the environment of a container that no service answers, or not on that port. */
import { HOST_VARIABLE, isDatabase, readAddresses, type Address } from "../addresses.js";
import type { Service, Workload } from "../cluster.js";
import { flavourOf, isDatabaseWorkload, type Flavour } from "../databases.js";
import { distance } from "../spelling.js";
import { isSubset, type Said, type View } from "../view.js";

export function checkAddresses(view: View): readonly Said[] {
  const services = view.cluster.services;
  if (services === null) return [];
  const all = readAddresses(view.cluster.workloads, view.cluster.namespace);
  const addresses = all.filter(({ namespace }) => namespace === null);
  const strayed = all.flatMap((address) => checkNamespace(address, services, view));
  const lone = view.cluster.workloads.flatMap((workload) => checkLonePorts(workload, addresses, view));
  const told = addresses.flatMap((address) => {
    const service = services.find(({ name }) => name === address.host);
    const said = service === undefined ? checkHost(address, view) : checkPort(address, service, addresses, view);
    return said === null ? [] : [said];
  });
  return [...told, ...lone, ...strayed, ...checkUnset(view), ...checkComplaints(view, services, addresses)];
}

/** The service is here, the address leads to another namespace, and calls there fail: what lies elsewhere was not looked at. */
function checkNamespace({ app, variable, host, namespace }: Address, services: readonly Service[], view: View): readonly Said[] {
  if (namespace === null || !services.some(({ name }) => name === host)) return [];
  if (!logSays(view, app, host)) return [];
  const message = `${variable} leads to ${host} of the namespace ${namespace}, calls fail, and there is a service ${host} in ${view.cluster.namespace}`;
  return [say(app, "address", "Unknown", message, 0.9)];
}

const UNSET =
  /(?:environment variable|env(?:ironment)? var|variable|setting)\s+"?([A-Z][A-Z0-9_]{3,60})"?\s+(?:is |was )?(?:not set|missing|undefined|required|must be set)|\b([A-Z][A-Z0-9_]{3,60}) (?:is not set|must be set)/;

/** The app says that it was not told where another one is. */
function checkUnset({ logsByApp, cluster }: View): readonly Said[] {
  return [...logsByApp].flatMap(([app, lines]) => {
    const names = lines.flatMap(
      (line) =>
        UNSET.exec(line)
          ?.slice(1)
          .find((name) => name !== undefined) ?? [],
    );
    const isSet = (name: string): boolean =>
      cluster.workloads.some(
        (each) => `app/${each.name}` === app && each.containers.some(({ environment }) => environment.get(name)),
      );
    const missing = names.findLast((name) => HOST_VARIABLE.test(name) && !isSet(name));
    return missing === undefined ? [] : [say(app, "address", "Unknown", `it says that ${missing} is not set`, 0.85)];
  });
}

/** A failed call in a log names host and port, and no variable does: `http://orders:8080/x`, `orders:8080: connect: connection refused`. */
function checkComplaints(view: View, services: readonly Service[], addresses: readonly Address[]): readonly Said[] {
  return services.flatMap((service) => {
    const called = new RegExp(`(?<![\\w.-])${service.name}(?:\\.${view.cluster.namespace}[\\w.]*)?:(\\d{2,5})\\b`);
    const offered = service.ports.map(({ port }) => port);
    const isGiven = (port: number): boolean => addresses.some((each) => each.host === service.name && each.port === port);
    const callers = [...view.logsByApp].flatMap(([app, lines]) =>
      lines.flatMap((line) => {
        const port = FAILURE.test(line) ? called.exec(line)?.[1] : undefined;
        return port === undefined || offered.includes(Number(port)) || isGiven(Number(port)) ? [] : [{ app, port: Number(port) }];
      }),
    );
    const [first] = callers;
    if (first === undefined || offered.length === 0) return [];
    const message = `${first.app} calls ${service.name}:${first.port}, and the service offers ${offered.join(", ")}`;
    const isServed = servedPorts(view, service).includes(first.port);
    const isShared = new Set(callers.map(({ app }) => app)).size > 1;
    if (isServed || isShared) return [say(`app/${service.name}`, "service", "PortUnexpected", message, isServed ? 0.9 : 0.7)];
    const isStore = isDatabase({ variable: "", host: service.name }) && !/redis|memcache/i.test(service.name);
    return [say(first.app, isStore ? "database-address" : "address", "PortUnoffered", message, 0.85)];
  });
}

const DATABASE_PORT = /^(?:.*_)?(?:MYSQL|MARIADB|POSTGRES(?:QL)?|PG|MONGO(?:DB)?|DB|DATABASE)_?PORT$/i;

/** A port is set and the host comes from somewhere unseen (a secret): some database has to offer it. */
function checkLonePorts(workload: Workload, addresses: readonly Address[], view: View): readonly Said[] {
  const app = `app/${workload.name}`;
  if (isDatabaseWorkload(workload)) return [];
  return workload.containers.flatMap(({ environment }) =>
    [...environment].flatMap(([variable, value]) => {
      if (!DATABASE_PORT.test(variable) || !/^\d{1,5}$/.test(value)) return [];
      if (addresses.some((address) => address.app === app && address.port === Number(value))) return [];
      const offered = portsOfDatabases(flavourOf(variable), view);
      if (offered.length === 0 || offered.includes(Number(value))) return [];
      const complains = (view.logsByApp.get(app) ?? []).some(
        (line) => FAILURE.test(line) && /connect|communications/i.test(line),
      );
      const message = `${variable} of ${app} is ${value}, and the databases here offer ${[...new Set(offered)].join(", ")}`;
      return [say(app, "database-address", "PortUnoffered", message, complains ? 0.95 : 0.75)];
    }),
  );
}

function portsOfDatabases(flavour: Flavour | null, { cluster }: View): readonly number[] {
  const databases = cluster.workloads.filter(isDatabaseWorkload).filter(({ name, containers }) => {
    const own = flavourOf(`${name} ${containers.map(({ image }) => image).join(" ")}`);
    return own !== "redis" && (flavour === null || own === null || own === flavour);
  });
  return (cluster.services ?? [])
    .filter(({ selector }) => selector.size > 0 && databases.some(({ labels }) => isSubset(selector, labels)))
    .flatMap(({ ports }) => ports.map(({ port }) => port));
}

/** A service that a workload of the same name should have is missing; any other unknown name is a wrong address, if it is missed. */
function checkHost({ app, variable, host, port }: Address, view: View): Said | null {
  const address = port === null ? host : `${host}:${port}`;
  if (view.cluster.workloads.some(({ name }) => name === host)) {
    return say(`app/${host}`, "service", "Missing", `${variable} of ${app} is ${address}, and there is no service ${host}`, 0.9);
  }
  const message = `${variable} is ${address}, and there is no service ${host}`;
  if (logSays(view, app, host)) return say(app, "address", "Unknown", message, 0.95);
  const names = (view.cluster.services ?? []).map(({ name }) => name).filter((name) => name.length >= 5);
  if (names.some((name) => distance(host, name) <= 2)) return say(app, "address", "Unknown", message, 0.85);
  // The name of a service with something added or left out may well be another thing that is not needed at the moment.
  return names.some((name) => host.startsWith(name) || name.startsWith(host))
    ? say(app, "address", "Unknown", message, 0.75)
    : null;
}

function checkPort(address: Address, service: Service, all: readonly Address[], view: View): Said | null {
  const { app, variable, host, port } = address;
  if (port === null || service.ports.some((each) => each.port === port)) return checkMeant(address, view);
  const offered = service.ports.map((each) => each.port).join(", ");
  const message = `${variable} of ${app} is ${host}:${port}, and the service ${host} offers ${offered}`;
  const isServed = servedPorts(view, service).includes(port);
  const sameMistake = all.filter((each) => each.host === host && each.port === port).length;
  const others = all.filter((each) => each.host === host && each.port !== null && each.port !== port).length;
  if (isServed || sameMistake > Math.max(1, others)) return say(`app/${host}`, "service", "PortUnexpected", message, 0.95);
  return say(app, isSqlDatabase(address) ? "database-address" : "address", "PortUnoffered", message, 0.95);
}

/** `ORDERS_SERVICE_ADDR` that leads to payments, while there is a service called orders. */
function checkMeant({ app, variable, host }: Address, { cluster }: View): Said | null {
  const stem = squeeze(variable.replace(/_?(?:HOST|HOSTNAME|ADDR|ADDRESS|URL|URI|ENDPOINT|SERVER)$/i, ""));
  const meant = cluster.services?.find(({ name }) => stem.length >= 5 && squeeze(name) === stem);
  if (meant === undefined || meant.name === host) return null;
  return say(app, "address", "OtherService", `${variable} leads to ${host}, and there is a service ${meant.name}`, 0.9);
}

function squeeze(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** A wrong port of a database has a failure mode of its own; a cache is a service like others. */
function isSqlDatabase(address: Address): boolean {
  return isDatabase(address) && !/redis|memcache/i.test(`${address.variable} ${address.host}`);
}

function servedPorts({ cluster }: View, { selector }: Service): readonly number[] {
  const isChosen = ({ labels }: Workload): boolean => selector.size > 0 && isSubset(selector, labels);
  return cluster.workloads
    .filter(isChosen)
    .flatMap(({ containers }) => containers.flatMap(({ ports }) => ports.map(({ number }) => number)));
}

const FAILURE = /error|fail|unable|unavailable|refused|timed? ?out|unknown host|no such host|not resolve|exception/i;

/** The app's own log, or another's that passes it on, complains about this name. */
function logSays({ logsByApp }: View, app: string, host: string): boolean {
  const named = new RegExp(`(?<![\\w-])${host.replaceAll(/[^\w-]/g, "")}(?![\\w-])`, "i");
  return (logsByApp.get(app) ?? []).some((line) => FAILURE.test(line) && named.test(line));
}

function say(object: string, of: string, reason: string, message: string, score: number): Said {
  return { kind: "state", of, reason, object, message, ageMs: 0, score };
}
