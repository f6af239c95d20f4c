/** Services that lead nowhere, or to the wrong port. */
import type { Container, Labels, Service, ServicePort } from "../cluster.js";
import { isSubset, type Said, type View } from "../view.js";

export function checkServices(view: View): readonly Said[] {
  return (view.cluster.services ?? []).flatMap((service) => {
    if (service.type === "ExternalName") return checkExternal(service, view);
    if (service.selector.size === 0) return [];
    const chosen = chosenBy(service.selector, view);
    if (chosen.length === 0) return [checkSelector(service, view)].filter((said) => said !== null);
    const containers = chosen.flatMap((each) => each.containers);
    const [app = `app/${service.name}`] = chosen.map((each) => each.app);
    const own = `app/${service.name}`;
    const isOthers = view.cluster.workloads.some(({ name }) => name === service.name) && chosen.every((each) => each.app !== own);
    if (isOthers) return [say(own, "service", "SelectsOther", `the service selects the pods of ${app}`, 0.95)];
    return service.ports.flatMap((port) => checkPort(port, containers, app, service));
  });
}

interface Chosen {
  readonly app: string;
  readonly containers: readonly Container[];
}

/** Workloads whose pods a selector takes; pods without one count by their own labels. */
function chosenBy(selector: Labels, { cluster, appOf }: View): readonly Chosen[] {
  const workloads = cluster.workloads.filter(({ labels }) => isSubset(selector, labels));
  if (workloads.length > 0) return workloads.map(({ name, containers }) => ({ app: `app/${name}`, containers }));
  return cluster.pods
    .filter(({ labels }) => isSubset(selector, labels))
    .map(({ name }) => ({ app: appOf(name), containers: [] }));
}

/** A service that has pods of its own and sends its callers to a name outside. */
function checkExternal({ name, externalName }: Service, { cluster }: View): readonly Said[] {
  if (!cluster.workloads.some((workload) => workload.name === name)) return [];
  return [
    say(`app/${name}`, "dns", "NameElsewhere", `the service ${name} is an alias of ${externalName || "another name"}`, 0.9),
  ];
}

function say(object: string, of: string, reason: string, message: string, score: number): Said {
  return { kind: "state", of, reason, object, message, ageMs: 0, score };
}

/** Addresses behind it show that it selects something; where a pod's labels were not seen, nobody can tell. */
function checkSelector(service: Service, view: View): Said | null {
  const isBlind = view.cluster.pods.length === 0 || view.cluster.pods.some(({ labels }) => labels.size === 0);
  const meant = view.cluster.workloads.find(({ name }) => name === service.name);
  if (service.endpoints.length > 0 || isBlind || meant?.labels.size === 0) return null;
  const asked = [...service.selector].map(([key, value]) => `${key}=${value}`).join(",");
  const message = `the service selects ${asked}, and no pod has these labels`;
  return say(`app/${service.name}`, "service", "SelectsNothing", message, meant === undefined ? 0.6 : 0.95);
}

/** Declared ports are documentation to Kubernetes: what contradicts all of them is still most likely wrong. */
function checkPort(port: ServicePort, containers: readonly Container[], app: string, service: Service): readonly Said[] {
  const served = containers.flatMap(({ ports }) => ports);
  if (served.length === 0 || port.target === "") return [];
  const isNamed = !/^\d+$/.test(port.target);
  const targets = served.filter(({ number, name }) => (isNamed ? name === port.target : String(number) === port.target));
  const [first] = targets;
  const ports = served.map(({ number, protocol }) => `${number}/${protocol}`).join(", ");
  if (first === undefined) {
    if (isNamed && service.endpoints.some((endpoint) => /:\d+$/.test(endpoint))) return []; // the name resolves: describe did not print it
    return [
      say(
        app,
        "service",
        "TargetPortUnserved",
        `${service.name} sends port ${port.port} to ${port.target}; the pods serve ${ports}`,
        0.95,
      ),
    ];
  }
  if (!targets.some(({ protocol }) => protocol === port.protocol)) {
    return [
      say(
        app,
        "service",
        "ProtocolDiffers",
        `${service.name} sends ${port.protocol} port ${port.port} to pods that serve ${ports}`,
        0.95,
      ),
    ];
  }
  return [];
}
