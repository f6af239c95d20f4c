/** Addresses that containers are given through their environment. Pure. */
import { isTelling } from "../../../outside/quote-setting.js";
import type { Container, Workload } from "./cluster.js";

export interface Address {
  readonly app: string;
  readonly variable: string;
  readonly host: string; // first label of a name inside the cluster
  readonly port: number | null;
  readonly namespace: string | null; // another one than the app's own; null: its own
}

/** `redis:6379`, `http://orders.shop.svc.cluster.local:8080/x`, `jdbc:mysql://orders-db:3306/orders` */
const ADDRESS = /^(?:[a-z][a-z0-9+.:-]*:\/\/)?(?:[^@/\s]*@)?([a-z][a-z0-9-]*)(\.[a-z0-9.-]+)?(?::(\d{1,5}))?(?:[/?,].*)?$/i;
/** `.shop`, `.shop.svc`, `.shop.svc.cluster.local`; what has more labels of its own lies outside the cluster. */
const OTHER_NAMESPACE = /^\.([a-z0-9-]+)(?:\.svc(?:\.[a-z0-9.-]+)?)?$/i;
export const HOST_VARIABLE = /(?:_|^)(?:HOST|HOSTNAME|ADDR|ADDRESS|URL|URI|ENDPOINT|SERVER|SERVICE)$/i;
const PORT_VARIABLE = /^(.*?)_?PORT$/i;
const MAX_VALUE = 300;

export function readAddresses(workloads: readonly Workload[], namespace: string): readonly Address[] {
  return workloads.flatMap(({ name, containers }) =>
    containers.flatMap((container) => readContainer(`app/${name}`, container, namespace)),
  );
}

function readContainer(app: string, { environment }: Container, namespace: string): readonly Address[] {
  return [...environment].flatMap(([variable, value]) => {
    if (isTelling(variable)) return []; // `BASIC_AUTH=payments:12345` has the form of an address
    const found = ADDRESS.exec((value.split(/\s/)[0] ?? "").slice(0, MAX_VALUE));
    if (found === null || !(found[3] !== undefined || HOST_VARIABLE.test(variable))) return [];
    const [, host = "", domain = ""] = found;
    const other = OTHER_NAMESPACE.exec(domain)?.[1] ?? null;
    if (host === "localhost" || (domain !== "" && other === null)) return [];
    const port = found[3] ?? portBeside(variable, environment);
    const number = port === null ? null : Number(port);
    return [{ app, variable, host, port: number, namespace: other === namespace ? null : other }];
  });
}

/** `DB_HOST` goes with `DB_PORT`. */
function portBeside(variable: string, environment: ReadonlyMap<string, string>): string | null {
  const stem = variable.replace(HOST_VARIABLE, "");
  const beside = [...environment].find(
    ([name, value]) => PORT_VARIABLE.exec(name)?.[1] === stem && stem !== "" && /^\d{1,5}$/.test(value),
  );
  return beside?.[1] ?? null;
}

const DATABASE = /mysql|maria|postgres|pg_|mongo|redis|database|(?:[_-]|^)db(?:[_-]|$)|jdbc|datasource/i;

/** By the variable's or the host's name, which people choose so that others understand it. */
export function isDatabase({ variable, host }: Pick<Address, "variable" | "host">): boolean {
  return DATABASE.test(variable) || DATABASE.test(host);
}
