import { emit } from "./events.js";
import { renderDeployment, renderDeploymentStatus } from "./render/deployment.js";
import { actorOf, type Caller, type Site } from "./site.js";
import type { DeploymentRecord, DeploymentStatusRecord } from "./state.js";

type NewDeployment = Omit<DeploymentRecord, "id" | "creator" | "createdAt" | "updatedAt" | "statuses">;
type NewStatus = Omit<DeploymentStatusRecord, "id" | "creator" | "createdAt"> & { readonly autoInactive: boolean };

export function addDeployment(site: Site, caller: Caller, fields: NewDeployment): DeploymentRecord {
  const at = site.clock.now();
  const deployment: DeploymentRecord = {
    ...fields,
    id: site.state.nextId(),
    creator: actorOf(caller),
    createdAt: at,
    updatedAt: at,
    statuses: [],
  };
  site.state.deployments.push(deployment);
  emit(site, caller, "deployment", "created", {
    deployment: renderDeployment(site, deployment),
    workflow: null,
    workflow_run: null,
  });
  return deployment;
}

/** Success makes earlier deployments of the same environment inactive, unless transient or asked otherwise. */
export function addDeploymentStatus(
  site: Site,
  caller: Caller,
  deployment: DeploymentRecord,
  { autoInactive, ...fields }: NewStatus,
): DeploymentStatusRecord {
  const status = pushStatus(site, caller, deployment, fields);
  if (fields.state === "success" && autoInactive) deactivateOlder(site, caller, deployment);
  return status;
}

function deactivateOlder(site: Site, caller: Caller, deployment: DeploymentRecord): void {
  for (const older of site.state.deployments) {
    const superseded =
      older.id < deployment.id &&
      older.environment === deployment.environment &&
      !older.transient &&
      !older.production === !deployment.production;
    if (!superseded || older.statuses.at(-1)?.state !== "success") continue;
    pushStatus(site, caller, older, {
      state: "inactive",
      description: "",
      environment: older.environment,
      environmentUrl: "",
      logUrl: "",
    });
  }
}

function pushStatus(
  site: Site,
  caller: Caller,
  deployment: DeploymentRecord,
  fields: Omit<NewStatus, "autoInactive">,
): DeploymentStatusRecord {
  const createdAt = site.clock.now();
  const status: DeploymentStatusRecord = { ...fields, id: site.state.nextId(), creator: actorOf(caller), createdAt };
  deployment.statuses.push(status);
  deployment.updatedAt = createdAt;
  const payload = {
    deployment_status: renderDeploymentStatus(site, deployment, status),
    deployment: renderDeployment(site, deployment),
  };
  emit(site, caller, "deployment_status", "created", payload);
  return status;
}
