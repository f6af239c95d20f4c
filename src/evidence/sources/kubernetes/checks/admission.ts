/** Objects that were refused: quotas of the namespace, and accounts that do not exist. */
import { parseQuantity } from "../quantity.js";
import { claimManifestOf } from "../manifest.js";
import { isSubset, type Said, type View } from "../view.js";

export function checkAdmission(view: View): readonly Said[] {
  return [...checkRefusedPods(view), ...checkServiceQuota(view), ...checkStorageQuota(view)];
}

/** Only of replica sets that still lack pods: a refusal that passed was a matter of order. */
function checkRefusedPods({ cluster }: View): readonly Said[] {
  const sets = cluster.replicaSets.filter(({ current, desired }) => current < desired);
  const workloads = cluster.workloads.filter(({ ready, desired }) => ready < desired).map((each) => ({ ...each, owner: null }));
  return [...sets, ...workloads].flatMap(({ owner, name, events }) =>
    events
      .filter(({ reason, message }) => reason === "FailedCreate" && !isOver(message, cluster.serviceAccounts))
      .flatMap(({ message, ageMs }) => judge(message, `app/${owner ?? name}`, cluster.namespace, ageMs)),
  );
}

const NO_ACCOUNT = /serviceaccount "([^"]*)" not found/;

/** The account came later than the pod that wanted it. */
function isOver(message: string, accounts: readonly string[] | null): boolean {
  const missing = NO_ACCOUNT.exec(message)?.[1];
  return missing !== undefined && accounts !== null && accounts.includes(missing);
}

function judge(message: string, app: string, namespace: string, ageMs: number): readonly Said[] {
  const exceeded = /exceeded quota: [^,]+, requested: (.*?), used: /.exec(message)?.[1];
  if (exceeded !== undefined) {
    return resourcesOf(exceeded).map((resource) => ({
      ...say(
        "quota",
        nameQuota(resource),
        `namespace/${namespace}`,
        `${app} was refused: ${message.slice(message.indexOf("exceeded"))}`,
        0.95,
      ),
      ageMs,
    }));
  }
  if (NO_ACCOUNT.test(message) || message.includes("error looking up service account")) {
    return [{ ...say("workload", "ServiceAccountMissing", app, message.replace(/^.*forbidden: /, ""), 0.95), ageMs }];
  }
  return [{ ...say("workload", "PodsRefused", app, message.slice(0, 160), 0.5), ageMs }];
}

function resourcesOf(requested: string): readonly string[] {
  return requested.split(",").map((part) => part.split("=")[0] ?? "");
}

/** "requests.memory" → "MemoryExceeded" */
function nameQuota(resource: string): string {
  if (resource.endsWith("cpu")) return "CpuExceeded";
  if (resource.endsWith("memory")) return "MemoryExceeded";
  if (/storage$|persistentvolumeclaims/.test(resource)) return "StorageExceeded";
  if (resource.endsWith("pods")) return "PodsExceeded";
  return resource.startsWith("services") ? "ServicesExceeded" : "OtherExceeded";
}

/** A refused service leaves no event: the quota is full, and an app that others call has no service. */
function checkServiceQuota({ cluster }: View): readonly Said[] {
  const full = (cluster.quotas ?? []).find(
    ({ resource, used, hard }) => nameQuota(resource) === "ServicesExceeded" && isFull(used, hard),
  );
  const unserved = cluster.workloads.filter(
    ({ containers, labels }) =>
      containers.some(({ ports }) => ports.length > 0) &&
      !(cluster.services ?? []).some(({ selector }) => selector.size > 0 && isSubset(selector, labels)),
  );
  const served = cluster.workloads.length - unserved.length;
  if (full === undefined || unserved.length === 0 || served === 0 || cluster.services === null) return [];
  const names = unserved.map(({ name }) => name).join(", ");
  const message = `${full.name} allows ${full.hard} services, all are used, and ${names} has none`;
  return [say("quota", "ServicesExceeded", `namespace/${cluster.namespace}`, message, 0.95)];
}

/** Likewise a refused claim: a pod names it, it is not there, and storage is limited. */
function checkStorageQuota({ cluster, unwell, manifests }: View): readonly Said[] {
  const missing = unwell
    .flatMap(({ detail }) =>
      detail.events.flatMap(({ message }) => /persistentvolumeclaim "([^"]+)" not found/.exec(message)?.[1] ?? []),
    )
    .find((name) => !cluster.claims?.some((claim) => claim.name === name));
  const quota = (cluster.quotas ?? []).find(({ resource }) => nameQuota(resource) === "StorageExceeded");
  if (missing === undefined || quota === undefined) return [];
  const asked = claimManifestOf(missing, manifests);
  const size = asked?.spec.resources.requests["storage"];
  const left = (parseQuantity(quota.hard) ?? 0) - (parseQuantity(quota.used) ?? 0);
  const isTooMuch = size !== undefined && (parseQuantity(size) ?? 0) > left && quota.resource.endsWith("storage");
  const message = `${quota.name} allows ${quota.hard} (${quota.used} used), and the claim ${missing}${size === undefined ? "" : ` of ${size}`} was not created`;
  return [
    say(
      "quota",
      "StorageExceeded",
      `namespace/${cluster.namespace}`,
      message,
      isTooMuch || isFull(quota.used, quota.hard) ? 0.95 : 0.8,
    ),
  ];
}

function isFull(used: string, hard: string): boolean {
  return (parseQuantity(used) ?? 0) >= (parseQuantity(hard) ?? Number.POSITIVE_INFINITY);
}

function say(of: string, reason: string, object: string, message: string, score: number): Said {
  return { kind: "state", of, reason, object, message, ageMs: 0, score };
}
