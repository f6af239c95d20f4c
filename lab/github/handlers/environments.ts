import type { LabEnvironment } from "../../model.js";
import { type Call, type Handlers, need, ok } from "../api/operation.js";
import { pageOf } from "../api/pages.js";
import { renderBranchPolicies, renderEnvironment } from "../render/environment.js";
import { type Answer, notFound } from "../site.js";

const read = need("actions", "read", "read");

export const environmentHandlers: Handlers = {
  "repos/get-all-environments": { needs: read, handle: listEnvironments },
  "repos/get-environment": { needs: read, handle: (call) => ok(renderEnvironment(call.site, environmentOf(call))) },
  "repos/list-deployment-branch-policies": { needs: read, handle: listBranchPolicies },
};

function environmentOf(call: Call): LabEnvironment {
  const environment = call.site.state.environments.get((call.params["environment_name"] ?? "").toLowerCase());
  if (!environment) throw notFound();
  return environment;
}

function listEnvironments(call: Call): Answer {
  const all = [...call.site.state.environments.values()];
  const { items, headers } = pageOf(call, all);
  return ok(
    { total_count: all.length, environments: items.map((environment) => renderEnvironment(call.site, environment)) },
    headers,
  );
}

/** 404 unless the environment has patterns of its own, as on GitHub. */
function listBranchPolicies(call: Call): Answer {
  const environment = environmentOf(call);
  if (environment.branchPolicy === null || environment.branchPolicy === "protected") throw notFound();
  return ok(renderBranchPolicies(environment));
}
