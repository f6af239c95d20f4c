/** What `kubectl` itself can tell beside lists and descriptions: manifests of what waits, and the control plane where its pods show. */
import type { Beside, NodeService } from "./beside.js";
import type { Kubectl } from "./kubectl.js";
import { parseTable } from "./table.js";

const COMPONENT = /^(kube-(?:scheduler|proxy|apiserver|controller-manager)|etcd)-/;

/** Both questions may well be refused; then nothing was looked at, which is no finding. */
export function lookLive(kubectl: Kubectl): Required<Pick<Beside, "manifests" | "nodeServices">> {
  return {
    manifests: (app) => readManifest(kubectl, app),
    nodeServices: () => readControlPlane(kubectl),
  };
}

async function readManifest(kubectl: Kubectl, app: string): Promise<string | null> {
  for (const kind of ["deployments", "statefulsets", "daemonsets"]) {
    const answer = await kubectl.ask(["get", kind, app, "-o", "yaml"]);
    if (answer.ok) return answer.text;
  }
  return null;
}

/** Clusters that run these as services of the machine show nothing here. */
async function readControlPlane(kubectl: Kubectl): Promise<readonly NodeService[] | null> {
  const answer = await kubectl.ask(["get", "pods", "-o", "wide", "-n", "kube-system"]);
  if (!answer.ok) return null;
  return parseTable(answer.text).flatMap((row) => {
    const service = COMPONENT.exec(row["NAME"] ?? "")?.[1];
    const [ready, all] = (row["READY"] ?? "").split("/");
    if (service === undefined || !row["NODE"]) return [];
    return [{ node: row["NODE"], service, active: row["STATUS"] === "Running" && ready === all }];
  });
}

/** What claims ask for stands in their manifests alone. */
export async function readClaimManifests(kubectl: Kubectl): Promise<string | null> {
  const answer = await kubectl.ask(["get", "persistentvolumeclaims", "-o", "yaml"]);
  return answer.ok ? answer.text : null;
}
