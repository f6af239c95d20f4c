import { type Call, created, type Handlers, need, ok, textIn } from "../api/operation.js";
import { listPage } from "../api/pages.js";
import { addDeployment, addDeploymentStatus } from "../deployments.js";
import { resolveCommit } from "../git/objects.js";
import { renderDeployment, renderDeploymentStatus } from "../render/deployment.js";
import { type Answer, HttpError, notFound } from "../site.js";
import type { DeploymentRecord, DeploymentState } from "../state.js";

const read = need("deployments", "read", "read");
const write = need("deployments", "write", "write");

export const deploymentHandlers: Handlers = {
  "repos/list-deployments": { needs: read, handle: listDeployments },
  "repos/get-deployment": { needs: read, handle: (call) => ok(renderDeployment(call.site, deploymentOf(call))) },
  "repos/create-deployment": { needs: write, handle: createDeployment },
  "repos/list-deployment-statuses": { needs: read, handle: listStatuses },
  "repos/get-deployment-status": { needs: read, handle: getStatus },
  "repos/create-deployment-status": { needs: write, handle: createStatus },
};

function deploymentOf(call: Call): DeploymentRecord {
  const id = Number(call.params["deployment_id"]);
  const deployment = call.site.state.deployments.find((candidate) => candidate.id === id);
  if (!deployment) throw notFound();
  return deployment;
}

function listDeployments(call: Call): Promise<Answer> {
  const fields = ["sha", "ref", "task", "environment"] as const;
  const wanted = fields.filter((field) => ![undefined, "none"].includes(call.query[field] as string | undefined));
  const kept = call.site.state.deployments.filter((deployment) =>
    wanted.every((field) => deployment[field] === call.query[field]),
  );
  return listPage(call, kept.toReversed(), (deployment) => renderDeployment(call.site, deployment));
}

async function createDeployment(call: Call): Promise<Answer> {
  const { site, caller, body } = call;
  const ref = String(body["ref"]);
  const sha = await resolveCommit(site.git, ref);
  if (sha === null) throw new HttpError(422, `No ref found for: ${ref}`);
  checkContexts(body["required_contexts"]);
  const environment = textIn(body, "environment", "production");
  const deployment = addDeployment(site, caller, {
    sha,
    ref,
    task: textIn(body, "task", "deploy"),
    payload: body["payload"] ?? {},
    environment,
    description: typeof body["description"] === "string" ? body["description"] : null,
    transient: body["transient_environment"] === true,
    production: (body["production_environment"] ?? environment === "production") === true,
  });
  return created(renderDeployment(site, deployment));
}

/** Commit statuses do not exist here, so a context that is asked for by name has not passed. */
function checkContexts(contexts: unknown): void {
  if (!Array.isArray(contexts) || contexts.length === 0) return;
  const missing = contexts.map((context) => ({
    contexts: [{ context, state: "pending" }],
    resource: "Deployment",
    field: "required_contexts",
    code: "invalid",
  }));
  throw new HttpError(409, "Conflict: Commit status checks failed for the ref.", { errors: missing });
}

function listStatuses(call: Call): Promise<Answer> {
  const deployment = deploymentOf(call);
  return listPage(call, deployment.statuses.toReversed(), (status) => renderDeploymentStatus(call.site, deployment, status));
}

function getStatus(call: Call): Answer {
  const deployment = deploymentOf(call);
  const status = deployment.statuses.find((candidate) => candidate.id === Number(call.params["status_id"]));
  if (!status) throw notFound();
  return ok(renderDeploymentStatus(call.site, deployment, status));
}

function createStatus(call: Call): Answer {
  const { site, caller, body } = call;
  const deployment = deploymentOf(call);
  const status = addDeploymentStatus(site, caller, deployment, {
    state: body["state"] as DeploymentState,
    description: textIn(body, "description"),
    environment: textIn(body, "environment", deployment.environment),
    environmentUrl: textIn(body, "environment_url"),
    logUrl: textIn(body, "log_url", textIn(body, "target_url")),
    autoInactive: body["auto_inactive"] !== false,
  });
  return created(renderDeploymentStatus(site, deployment, status));
}
