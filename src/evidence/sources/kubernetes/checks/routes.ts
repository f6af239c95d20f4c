/** Routes of a gateway, as far as its manifests show them: each path and the service it is sent to. */
import type { Service } from "../cluster.js";
import type { Said, View } from "../view.js";

interface Route {
  readonly path: string;
  readonly host: string;
  readonly port: number | null;
}

export function checkRoutes(view: View): readonly Said[] {
  const { cluster, seen } = view;
  const services = cluster.services;
  if (services === null) return [];
  const routed = [...seen.manifests].flatMap(([app, text]) =>
    readRoutes(text).flatMap((route) => {
      const wrong = whatIsWrong(route, services);
      return wrong === null ? [] : [say(`app/${app}`, wrong.reason, wrong.message)];
    }),
  );
  return [...routed, ...checkLogs(view, services)];
}

/** What gateways write when a route leads to nothing. */
const NO_INSTANCE =
  /(?:unable to find instance for|no (?:servers|instances) available for(?: service)?:?|host not found in upstream)\s+"?([\w-]+)/i;

function checkLogs({ logsByApp }: View, services: readonly Service[]): readonly Said[] {
  return [...logsByApp].flatMap(([app, lines]) => {
    const host = lines.map((line) => NO_INSTANCE.exec(line)?.[1]).findLast((name) => name !== undefined);
    if (host === undefined || services.some(({ name }) => name === host)) return [];
    return [say(app, "HostUnknown", `calls are sent to ${host}, which is no service`)];
  });
}

/** `uri: http://orders:8080` beside `Path=/api/orders/**`; `location /api/orders { proxy_pass http://orders:8080; }` */
const SPRING = /uri:\s*"?(?:lb|https?):\/\/([a-z0-9-]+)(?::(\d+))?[^\n]*\n(?:[^\n]*\n){0,3}?[^\n]*Path=([^\s,"']+)/gi;
const NGINX = /location\s+(?:[~^=*]+\s+)?(\/[^\s{]*)\s*\{[^}]{0,400}?proxy_pass\s+https?:\/\/([a-z0-9-]+)[^:;/]*(?::(\d+))?/gi;
const MAX_TEXT = 200_000;

export function readRoutes(text: string): readonly Route[] {
  const cut = text.slice(0, MAX_TEXT);
  const toRoute = (path: string, host: string, port: string | undefined): Route => ({
    path,
    host,
    port: port === undefined ? null : Number(port),
  });
  return [
    ...[...cut.matchAll(SPRING)].map(([, host = "", port, path = ""]) => toRoute(path, host, port)),
    ...[...cut.matchAll(NGINX)].map(([, path = "", host = "", port]) => toRoute(path, host, port)),
  ];
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
  const [only] = meant;
  if (only === undefined || meant.length > 1 || meant.includes(service) || only === service) return null;
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
