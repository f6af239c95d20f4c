import { z } from "zod";
import type { Dispatcher, Runs, WorkflowRun } from "../ports.js";
import { Moment, parseAnswer } from "./answer.js";
import { parsePlace, type GitHubClient } from "./client.js";
import { DispatchUncertainError, GitHubDownError } from "./errors.js";
import { orNull } from "./people.js";

const Run = z
  .object({
    id: z.int().positive(),
    display_title: z.string(),
    status: z.string().nullable(),
    conclusion: z.string().nullable(),
    created_at: Moment,
    html_url: z.string(),
  })
  .transform(
    (run): WorkflowRun => ({
      id: run.id,
      title: run.display_title,
      status: run.status === "completed" ? "ended" : "running",
      conclusion: run.conclusion,
      createdAt: run.created_at,
      url: run.html_url,
    }),
  );
const JobList = z.object({ jobs: z.array(z.object({ name: z.string(), status: z.string() })) });
const RunList = z.object({ workflow_runs: z.array(Run) });

export function createRuns(client: GitHubClient): Runs {
  return {
    async recent(repository, workflow, createdSince) {
      // Not GitHub's `created` filter: its description declares a single moment there, and a search index that lags answers it.
      const { data } = await client.rest.actions.listWorkflowRuns({
        ...parsePlace(repository),
        workflow_id: workflow,
        per_page: 100,
      });
      const runs = parseAnswer(RunList, data, `the runs of ${workflow}`).workflow_runs;
      // GitHub keeps whole seconds: a run of this very second counts.
      const sinceMs = Math.floor(createdSince.getTime() / 1000) * 1000;
      return runs.filter((run) => run.createdAt.getTime() >= sinceMs).sort((a, b) => b.id - a.id);
    },
    async run(repository, id) {
      const answer = await orNull(client.rest.actions.getWorkflowRun({ ...parsePlace(repository), run_id: id }));
      return answer === null ? null : parseAnswer(Run, answer.data, `run ${id}`);
    },
    async unfinishedJobs(repository, id) {
      const { data } = await client.rest.actions.listJobsForWorkflowRun({ ...parsePlace(repository), run_id: id, per_page: 100 });
      const { jobs } = parseAnswer(JobList, data, `the jobs of run ${id}`);
      return jobs.filter(({ status }) => status !== "completed").map(({ name }) => name);
    },
  };
}

/** Sent once. A lost answer is not a failure: the run may be on its way. */
export function createDispatcher(client: GitHubClient): Dispatcher {
  return {
    async dispatch({ repository, workflow, ref, inputs }) {
      try {
        await client.rest.actions.createWorkflowDispatch({
          ...parsePlace(repository),
          workflow_id: workflow,
          ref,
          inputs: { ...inputs },
        });
      } catch (error) {
        if (error instanceof GitHubDownError && error.mayHaveHappened) throw new DispatchUncertainError(workflow, error.message);
        throw error;
      }
    },
  };
}
