import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type Claim, ConcurrencyGroups } from "../../../lab/runner/schedule/concurrency.js";
import { octocat, stageWorkflow } from "./fake-host.js";

function claimants() {
  const groups = new ConcurrencyGroups();
  const told: string[] = [];
  const enter = (name: string, claim: Partial<Claim> = {}) => {
    const claimant = { granted: () => void told.push(`${name} runs`), cancelled: () => void told.push(`${name} cancelled`) };
    groups.enter({ group: "deploy", queue: "single", cancelInProgress: false, ...claim }, claimant);
    return { leave: () => groups.leave(claim.group ?? "deploy", claimant) };
  };
  return { told, enter };
}

describe("a concurrency group", () => {
  it("keeps one waiting and cancels the older one", () => {
    const { told, enter } = claimants();
    const first = enter("1");
    enter("2");
    enter("3");
    first.leave();
    expect(told).toEqual(["1 runs", "2 cancelled", "3 runs"]);
  });

  it("serves a queue in order and cancels only beyond a hundred waiting", () => {
    const { told, enter } = claimants();
    const first = enter("0", { queue: "max" });
    for (let n = 1; n <= 101; n += 1) enter(String(n), { queue: "max" });
    expect(told).toEqual(["0 runs", "101 cancelled"]);
    first.leave();
    expect(told.at(-1)).toBe("1 runs");
  });

  it("tells the running one to stop with cancel-in-progress, and waits for it", () => {
    const { told, enter } = claimants();
    const first = enter("1");
    enter("2", { cancelInProgress: true });
    expect(told).toEqual(["1 runs", "1 cancelled"]);
    first.leave();
    expect(told.at(-1)).toBe("2 runs");
  });

  it("compares names without case and leaves other groups alone", () => {
    const { told, enter } = claimants();
    enter("1", { group: "Deploy" });
    enter("2", { group: "deploy" });
    enter("3", { group: "other" });
    expect(told).toEqual(["1 runs", "3 runs"]);
  });
});

const workflow = (concurrency: string): string => `
on: workflow_dispatch
permissions: {}
jobs:
  only:
    runs-on: ubuntu-latest
    concurrency: ${concurrency}
    steps: [{run: sleep 0.3}]
`;

it.each([
  {
    concurrency: "group",
    soon: ["in_progress", "completed", "pending"],
    conclusions: ["success", "cancelled", "success"],
  },
  {
    concurrency: '{group: "g-${{ github.actor }}", queue: max}',
    soon: ["in_progress", "pending", "pending"],
    conclusions: ["success", "success", "success"],
  },
])("three runs in one job group ($concurrency) end as $conclusions", async ({ concurrency, soon, conclusions }) => {
  const { engine, host } = stageWorkflow(workflow(concurrency));
  for (let n = 0; n < 3; n += 1) await engine.dispatch("ci.yml", "main", {}, octocat, false);
  await setImmediate();
  expect(host.runs.map((run) => run.status)).toEqual(soon);
  await engine.idle();
  expect(host.runs.map((run) => run.jobs[0]?.conclusion)).toEqual(conclusions);
  const ran = host.runs.flatMap((run) => run.jobs).filter((job) => job.startedAt !== null);
  expect(Number(ran[1]?.startedAt)).toBeGreaterThanOrEqual(Number(ran[0]?.completedAt));
});

it("interrupts the running job with cancel-in-progress", async () => {
  const { engine, host } = stageWorkflow(workflow("{group: g, cancel-in-progress: true}").replace("0.3", "0.3; echo slept"));
  await engine.dispatch("ci.yml", "main", {}, octocat, false);
  await sleep(100);
  await engine.dispatch("ci.yml", "main", {}, octocat, false);
  await engine.idle();
  expect(host.runs.map((run) => run.conclusion)).toEqual(["cancelled", "success"]);
  expect(host.runs[0]?.jobs[0]?.log).not.toContain("\nslept\n");
  expect(host.runs[0]?.jobs[0]?.log).toContain("higher priority waiting request for 'g' exists");
});

it("holds a whole run back while another has the workflow's group", async () => {
  const text = workflow("jobs-${{ github.run_id }}").replace("jobs:\n", "concurrency: {group: whole, queue: max}\njobs:\n");
  const { engine, host } = stageWorkflow(text);
  await engine.dispatch("ci.yml", "main", {}, octocat, false);
  await engine.dispatch("ci.yml", "main", {}, octocat, false);
  expect(host.runs.map((run) => [run.status, run.jobs.length])).toEqual([
    ["in_progress", 1],
    ["pending", 0],
  ]);
  await engine.idle();
  expect(host.runs.map((run) => run.conclusion)).toEqual(["success", "success"]);
});

it("cancels a job that asks for the group its own run holds", async () => {
  const { engine, host } = stageWorkflow(workflow("whole").replace("jobs:\n", "concurrency: whole\njobs:\n"));
  await engine.dispatch("ci.yml", "main", {}, octocat, false);
  await engine.idle();
  expect(host.runs[0]).toMatchObject({ conclusion: "cancelled" });
  expect(host.runs[0]?.jobs[0]?.log).toContain("deadlock");
});
