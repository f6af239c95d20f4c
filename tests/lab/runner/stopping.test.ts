import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import type { LabRun } from "../../../lab/model.js";
import { conclusions, jobOf, octocat, type Stage, stageWorkflow } from "./fake-host.js";

const workflow = `
on: workflow_dispatch
permissions: {}
jobs:
  slow:
    runs-on: ubuntu-latest
    steps:
      - run: |
          trap 'echo interrupted; exit 130' INT
          echo "work=$GITHUB_WORKSPACE"
          sleep 60 & wait
      - {if: always(), run: echo tidied up}
      - {if: cancelled(), run: echo was cancelled}
  report:
    needs: slow
    if: always()
    runs-on: ubuntu-latest
    steps: [{run: "echo slow was \${{ needs.slow.result }}"}]
  next:
    needs: slow
    runs-on: ubuntu-latest
    steps: [{run: echo never}]
`;

async function startSlow(stage: Stage): Promise<LabRun> {
  const run = await stage.engine.dispatch("ci.yml", "main", {}, octocat, false);
  while (!run.jobs[0]?.log.includes("\nwork=/")) await sleep(10);
  return run;
}

it("looks like a lost runner when the job's process is killed: no step of it runs on, others do", async () => {
  const stage = stageWorkflow(workflow);
  const run = await startSlow(stage);
  stage.engine.kill(jobOf(run, "slow").id);
  await stage.engine.idle();
  expect(conclusions(run)).toEqual({ slow: "failure", report: "success", next: "skipped" });
  expect(jobOf(run, "slow").log).toContain("lost communication with the server");
  expect(jobOf(run, "slow").log).not.toMatch(/^(tidied up|interrupted)$/m);
  expect(jobOf(run, "report").log).toContain("slow was failure");
  expect(stage.host.tokens.every((token) => token.revoked)).toBe(true);
});

it("lets a cancelled job tidy up and cancelled runs report", async () => {
  const stage = stageWorkflow(workflow);
  const run = await startSlow(stage);
  expect(stage.engine.cancel(run.id)).toBe("accepted");
  await stage.engine.idle();
  expect(run.conclusion).toBe("cancelled");
  expect(conclusions(run)).toEqual({ slow: "cancelled", report: "success", next: "skipped" });
  const { log } = jobOf(run, "slow");
  for (const line of ["interrupted", "tidied up", "was cancelled"]) expect(log.split("\n")).toContain(line);
  expect(stage.engine.cancel(run.id)).toBe("already-completed");
  expect(stage.engine.cancel(1)).toBe("not-found");
});

it("leaves no process and no folder behind when it stops", async () => {
  const stage = stageWorkflow(workflow.replace("sleep 60 &", 'sleep 60 & echo "pid=$!";'));
  const run = await startSlow(stage);
  while (!jobOf(run, "slow").log.includes("\npid=")) await sleep(10);
  const { log } = jobOf(run, "slow");
  const pid = /^pid=(\d+)$/m.exec(log)?.[1] ?? "";
  const folder = /^work=(.+)$/m.exec(log)?.[1] ?? "";
  await stage.engine.stop();
  expect(existsSync(folder)).toBe(false);
  expect(isAlive(pid)).toBe(false);
  await expect(stage.engine.dispatch("ci.yml", "main", {}, octocat, false)).rejects.toThrow("Not Found");
});

it("cancels a job that takes longer than its timeout, and fails a step that does", async () => {
  const stage = stageWorkflow(`
on: workflow_dispatch
jobs:
  job: {runs-on: x, timeout-minutes: 0.005, steps: [{run: sleep 30}, {if: cancelled(), run: echo noticed}]}
  step: {runs-on: x, steps: [{run: sleep 30, timeout-minutes: 0.005}, {if: failure(), run: echo noticed}]}
`);
  const run = await stage.engine.dispatch("ci.yml", "main", {}, octocat, false);
  await stage.engine.idle();
  expect(conclusions(run)).toEqual({ job: "cancelled", step: "failure" });
  expect(jobOf(run, "job").log).toContain("exceeded the maximum execution time of 0.005m0s");
  for (const key of ["job", "step"]) expect(jobOf(run, key).log).toContain("\nnoticed\n");
});

/** A zombie nobody has waited for yet is dead too. */
function isAlive(pid: string): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.startsWith("Z") === false;
}
