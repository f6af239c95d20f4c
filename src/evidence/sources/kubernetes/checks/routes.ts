/** Routes of a gateway, as far as its manifests, config maps and variables show them: each path and the service it is sent to. */
import { configMapsOf } from "../config-maps.js";
import type { Service, Workload } from "../cluster.js";
import type { Said, View } from "../view.js";

export interface Route {
  readonly path: string;
  readonly host: string;
  readonly port: number | null;
  /** Looked up by a registry of the apps' own (`lb://`), which may know other names than the cluster. */
  readonly isRegistered: boolean;
}

export function checkRoutes(view: View): readonly Said[] {
  const services = view.cluster.services;
  if (services === null) return [];
  const { namespace } = view.cluster;
  const routed = textsOf(view).flatMap(([app, text]) => judgeAll(app, readRoutes(text, namespace), services));
  const set = view.cluster.workloads.flatMap((workload) => judgeAll(workload.name, readVariables(workload, namespace), services));
  return [...routed, ...set, ...checkLogs(view, services)];
}

/** Every text that may hold routes, with the app that reads it. */
function textsOf({ seen, cluster }: View): readonly (readonly [string, string])[] {
  const mounted = cluster.workloads.flatMap((workload) =>
    configMapsOf(workload).flatMap((name) => {
      const text = cluster.configMaps.get(name);
      return text === undefined ? [] : [[workload.name, text] as const];
    }),
  );
  return [...seen.manifests, ...mounted];
}

function judgeAll(app: string, routes: readonly Route[], services: readonly Service[]): readonly Said[] {
  const isShared = routes.some(({ host, isRegistered }) => isRegistered && isService(host, services));
  return routes
    .filter(({ host, isRegistered }) => !isRegistered || isShared || isService(host, services))
    .flatMap((route) => {
      const wrong = whatIsWrong(route, services);
      return wrong === null ? [] : [say(`app/${app}`, wrong.reason, wrong.message)];
    });
}

function isService(host: string, services: readonly Service[]): boolean {
  return services.some(({ name }) => name === host);
}

/** What gateways write when a route leads to nothing. */
const NO_INSTANCE =
  /(?:unable to find instance for|no (?:servers|instances) available for(?: service)?:?|host not found in upstream)\s+"?([\w-]+)/i;

function checkLogs({ logsByApp }: View, services: readonly Service[]): readonly Said[] {
  return [...logsByApp].flatMap(([app, lines]) => {
    const host = lines.map((line) => NO_INSTANCE.exec(line)?.[1]).findLast((name) => name !== undefined);
    if (host === undefined || isService(host, services)) return [];
    return [say(app, "HostUnknown", `calls are sent to ${host}, which is no service`)];
  });
}

/** `uri: http://orders:8080` beside `Path=/api/orders/**`; `location /api/orders { proxy_pass http://orders:8080; }` */
const SPRING =
  /uri:\s*"?(lb|https?):\/\/([a-z0-9.-]+)(?::(\d+))?[^\n]{0,400}\n(?:[^\n]{0,400}\n){0,3}?[^\n]{0,400}?Path=([^\s,"']+)/gi;
const NGINX = /location\s+(?:[~^=*]+\s+)?(\/[^\s{]*)\s*\{[^}]{0,400}?proxy_pass\s+https?:\/\/([a-z0-9.-]+)(?::(\d+))?/gi;
/** `upstream orders { server orders:8080; }`: the name is nginx's own. */
const UPSTREAM = /upstream\s+([\w.-]+)\s*\{[^}]{0,400}?server\s+([a-z0-9.-]+)(?::(\d+))?/gi;
const MAX_TEXT = 200_000;

export function readRoutes(text: string, namespace: string): readonly Route[] {
  const cut = text.slice(0, MAX_TEXT);
  const upstreams = new Map([...cut.matchAll(UPSTREAM)].map(([, name = "", host = "", port]) => [name, { host, port }]));
  return [
    ...[...cut.matchAll(SPRING)].flatMap(([, scheme, host = "", port, path = ""]) =>
      toRoute({ scheme, host, port, path, namespace }),
    ),
    ...[...cut.matchAll(NGINX)].flatMap(([, path = "", host = "", port]) =>
      toRoute({ ...(upstreams.get(host) ?? { host, port }), path, namespace }),
    ),
  ];
}

const VARIABLE = /^(SPRING_CLOUD_GATEWAY_ROUTES_\d+_)URI$/;

/** Spring's relaxed names: `…_ROUTES_0_URI` and `…_ROUTES_0_PREDICATES_0`. */
function readVariables({ containers }: Workload, namespace: string): readonly Route[] {
  return containers.flatMap(({ environment }) =>
    [...environment].flatMap(([name, value]) => {
      const stem = VARIABLE.exec(name)?.[1];
      const found = /^(lb|https?):\/\/([a-z0-9.-]+)(?::(\d+))?/i.exec(value);
      const path = [...environment].find(
        ([other, said]) => stem !== undefined && other.startsWith(`${stem}PREDICATES`) && said.startsWith("Path="),
      )?.[1];
      if (found === null || path === undefined) return [];
      const [, scheme, host = "", port] = found;
      return toRoute({ scheme, host, port, path: path.slice("Path=".length), namespace });
    }),
  );
}

interface Written {
  readonly scheme?: string | undefined;
  readonly host: string;
  readonly port: string | undefined;
  readonly path: string;
  readonly namespace: string;
}

/** Routes that leave the namespace are not judged: what lies there was not looked at. */
function toRoute({ scheme, host, port, path, namespace }: Written): readonly Route[] {
  const [name = "", ...domain] = host.toLowerCase().split(".");
  const isInside = domain.length === 0 || (domain[0] === namespace && (domain.length === 1 || domain[1] === "svc"));
  return isInside ? [{ path, host: name, port: port === undefined ? null : Number(port), isRegistered: scheme === "lb" }] : [];
}

function whatIsWrong(
  { path, host, port }: Route,
  services: readonly Service[],
): { readonly reason: string; readonly message: string } | null {
  const service = services.find(({ name }) => name === host);
  if (service === undefined) return { reason: "HostUnknown", message: `${path} is sent to ${host}, which is no service` };
  if (port !== null && !service.ports.some((each) => each.port === port)) {
    return { reason: "PortUnoffered", message: `${path} is sent to ${host}:${port}, which it does not offer` };
  }
  const meant = services.filter(({ name }) => isMeant(path, name));
  // `orderservice` ends `ts-order-service` and `ts-admin-order-service`: the shorter name has less that the path does not say.
  const [only, next] = meant.toSorted((a, b) => a.name.length - b.name.length);
  if (only === undefined || meant.includes(service) || only.name.length === next?.name.length) return null;
  return { reason: "Elsewhere", message: `${path} is sent to ${host} and not to ${only.name}` };
}

/** `/api/v1/orderservice/**` means `ts-order-service`: a segment that is the service's name without dashes, or ends it. */
function isMeant(path: string, name: string): boolean {
  const squeezed = name.replaceAll("-", "").toLowerCase();
  return path
    .toLowerCase()
    .split(/[/*]+/)
    .map((segment) => segment.replaceAll("-", ""))
    .some((segment) => segment.length >= 5 && (squeezed === segment || squeezed.endsWith(segment)));
}

function say(object: string, reason: string, message: string): Said {
  return { kind: "state", of: "route", reason, object, message, ageMs: 0, score: 0.9 };
}
