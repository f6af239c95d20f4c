import type { LabJob, LabRun } from "../model.js";
import { addDeployment, addDeploymentStatus } from "./deployments.js";
import { runPage } from "./render/run.js";
import type { Caller, Site } from "./site.js";
import { actionsBot, type DeploymentRecord } from "./state.js";

interface Open {
  readonly deployment: DeploymentRecord;
  readonly job: LabJob;
  readonly caller: Caller;
}

/** Deployments that GitHub makes by itself for jobs that name an environment; their status follows the job. */
export interface JobDeployments {
  add(run: LabRun, job: LabJob, environment: string): void;
  /** Gives a last status to those whose job has ended; called before anything is read. */
  settle(): void;
}

export function createJobDeployments(site: Site): JobDeployments {
  const open: Open[] = [];
  const push = ({ deployment, job, caller }: Open, state: "in_progress" | "success" | "failure") =>
    addDeploymentStatus(site, caller, deployment, {
      state,
      description: "",
      environment: deployment.environment,
      environmentUrl: "",
      logUrl: `${runPage(site, job.runId)}/job/${job.id}`,
      autoInactive: true,
    });
  const settle = () => {
    for (const entry of open.filter(({ job }) => job.status === "completed")) {
      open.splice(open.indexOf(entry), 1);
      push(entry, entry.job.conclusion === "success" ? "success" : "failure");
    }
  };
  return {
    settle,
    add(run, job, environment) {
      const caller: Caller = { actor: actionsBot, role: null, job: { job, permissions: {} } };
      const fields = { sha: run.headSha, ref: run.headBranch, task: "deploy", payload: {}, environment, description: null };
      const deployment = addDeployment(site, caller, { ...fields, transient: false, production: environment === "production" });
      const entry = { deployment, job, caller };
      push(entry, "in_progress");
      open.push(entry);
      settle();
    },
  };
}
