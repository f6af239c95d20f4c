import { DispatchRefused } from "../../model.js";
import { type Call, type Handlers, need, noContent, ok } from "../api/operation.js";
import { pageOf } from "../api/pages.js";
import { renderWorkflow, runPage, runUrl } from "../render/run.js";
import { type Answer, actorOf, HttpError, notFound } from "../site.js";

const read = need("actions", "read", "read");

export const workflowHandlers: Handlers = {
  "actions/list-repo-workflows": { needs: read, handle: listWorkflows },
  "actions/get-workflow": { needs: read, handle: async (call) => ok(renderWorkflow(call.site, await workflowOf(call))) },
  "actions/create-workflow-dispatch": { needs: need("actions", "write", "write"), handle: dispatchWorkflow },
};

/** The workflow of a request's `workflow_id`, a number or a file name. @throws {HttpError} 404 */
export async function workflowOf(call: Call): Promise<{ id: number; name: string; path: string }> {
  const wanted = call.params["workflow_id"] ?? "";
  const workflows = await call.site.engine().workflows();
  const found = workflows.find((workflow) => String(workflow.id) === wanted || workflow.path.split("/").at(-1) === wanted);
  if (!found) throw notFound();
  return found;
}

async function listWorkflows(call: Call): Promise<Answer> {
  const workflows = await call.site.engine().workflows();
  const { items, headers } = pageOf(call, workflows);
  return ok({ total_count: workflows.length, workflows: items.map((workflow) => renderWorkflow(call.site, workflow)) }, headers);
}

async function dispatchWorkflow(call: Call): Promise<Answer> {
  const { site, caller, body, params } = call;
  const given = Object.entries((body["inputs"] ?? {}) as Record<string, unknown>);
  const inputs = Object.fromEntries(
    given.map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
  );
  const ref = String(body["ref"]);
  const run = await refusalsAsHttp(() =>
    site.engine().dispatch(params["workflow_id"] ?? "", ref, inputs, actorOf(caller), caller.job !== null),
  );
  if (body["return_run_details"] !== true) return noContent;
  return ok({ workflow_run_id: run.id, run_url: runUrl(site, run.id), html_url: runPage(site, run.id) });
}

async function refusalsAsHttp<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof DispatchRefused) throw new HttpError(error.status, error.message);
    throw error;
  }
}
