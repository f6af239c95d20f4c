import { describe, expect, it } from "vitest";
import { DispatchRefused, type LabEvent } from "../../../lab/model.js";
import { bot, octocat, stage, stageWorkflow } from "./fake-host.js";

const jobs = "jobs: {a: {runs-on: x, steps: [{run: 'true'}]}}\n";

describe("token recursion", () => {
  const listens = `on: {issues: {}, issue_comment: {}, push: {}, repository_dispatch: {}, workflow_dispatch: {}}\n${jobs}`;

  it.each<{ name: LabEvent["name"]; runs: number }>([
    { name: "issues", runs: 0 },
    { name: "issue_comment", runs: 0 },
    { name: "repository_dispatch", runs: 1 },
  ])("what a job token did starts $runs runs on $name", async ({ name, runs }) => {
    const { host, engine } = stageWorkflow(listens);
    host.raise({ name, actor: bot, byJobToken: true });
    expect(host.runs).toHaveLength(runs);
    host.raise({ name, actor: octocat, byJobToken: false });
    expect(host.runs).toHaveLength(runs + 1);
    await engine.idle();
  });

  it("a job token may dispatch workflows", async () => {
    const { host, engine } = stageWorkflow(listens);
    const run = await engine.dispatch("ci.yml", "main", {}, bot, true);
    expect(run).toMatchObject({ event: "workflow_dispatch", actor: bot });
    host.raise({ name: "workflow_dispatch" }); // the stand-in's echo of the same dispatch
    expect(host.runs).toHaveLength(1);
    await engine.idle();
  });
});

it.each<{ on: string; event: Partial<LabEvent> & Pick<LabEvent, "name">; runs: number }>([
  { on: "{repository_dispatch: {types: [alert]}}", event: { name: "repository_dispatch", action: "alert" }, runs: 1 },
  { on: "{repository_dispatch: {types: [alert]}}", event: { name: "repository_dispatch", action: "other" }, runs: 0 },
  { on: "repository_dispatch", event: { name: "repository_dispatch", action: "any" }, runs: 1 },
  { on: "{issues: {types: [opened, labeled]}}", event: { name: "issues", action: "labeled" }, runs: 1 },
  { on: "{issues: {types: [opened, labeled]}}", event: { name: "issues", action: "closed" }, runs: 0 },
  { on: "[issues, issue_comment]", event: { name: "issue_comment", action: "created" }, runs: 1 },
  { on: "deployment", event: { name: "deployment", action: "created" }, runs: 1 },
  { on: "workflow_dispatch", event: { name: "issues", action: "opened" }, runs: 0 },
])("`on: $on` starts $runs runs for $event.name $event.action", async ({ on, event, runs }) => {
  const { host, engine } = stageWorkflow(`on: ${on}\n${jobs}`);
  host.raise(event);
  expect(host.runs).toHaveLength(runs);
  await engine.idle();
});

it("starts every workflow that listens, each with its own run number", async () => {
  const { host, engine } = stage({
    ".github/workflows/a.yml": `name: A\non: issues\n${jobs}`,
    ".github/workflows/b.yaml": `name: B\non: issues\n${jobs}`,
    ".github/workflows/README.md": "no workflow",
  });
  host.raise({ name: "issues", action: "opened" });
  host.raise({ name: "issues", action: "closed" });
  expect(host.runs.map((run) => [run.workflowName, run.number])).toEqual([
    ["A", 1],
    ["B", 1],
    ["A", 2],
    ["B", 2],
  ]);
  expect((await engine.workflows()).map(({ name, path }) => [name, path])).toEqual([
    ["A", ".github/workflows/a.yml"],
    ["B", ".github/workflows/b.yaml"],
  ]);
  await engine.idle();
});

it("reads workflows of the deployed ref for a deployment", async () => {
  const { host, engine } = stageWorkflow(`name: old\non: deployment\n${jobs}`);
  host.tag("v1");
  host.commit({ ".github/workflows/ci.yml": `name: new\non: deployment\n${jobs}` });
  host.raise({ name: "deployment", payload: { deployment: { ref: "v1" } } });
  host.raise({ name: "deployment", payload: { deployment: { ref: "main" } } });
  expect(host.runs.map((run) => [run.workflowName, run.headBranch])).toEqual([
    ["old", "v1"],
    ["new", "main"],
  ]);
  await engine.idle();
});

describe("a schedule", () => {
  const scheduled = `on: {schedule: [{cron: "17 * * * *"}, {cron: "0 3 * * *"}]}\n${jobs}`;

  it("starts one run by an administrator once its time has passed, however often it passed", async () => {
    const { host, engine } = stageWorkflow(scheduled);
    expect(await engine.tick()).toEqual([]);
    host.clock.advance(3 * 3600);
    const started = await engine.tick();
    expect(started.length).toBeGreaterThanOrEqual(1);
    expect(host.runs.map((run) => run.id)).toEqual(started);
    expect(host.runs[0]).toMatchObject({ event: "schedule", actor: { login: "octocat" } });
    expect(await engine.tick()).toEqual([]);
    host.clock.advance(24 * 3600);
    expect(await engine.tick()).toHaveLength(2);
    await engine.idle();
  });
});

describe("workflow_dispatch", () => {
  const withInputs = `
on:
  workflow_dispatch:
    inputs:
      who: {type: string, required: true}
      loud: {type: boolean}
      level: {type: choice, options: [low, high], default: low}
      count: {type: number, default: 2}
jobs:
  a:
    runs-on: x
    steps:
      - run: echo "\${{ inputs.who }} \${{ inputs.loud && 'loud' || 'quiet' }} \${{ inputs.level }} \${{ inputs.count + 0 == 2 }}\${{ toJSON(github.event.inputs.loud) }}"
`.replace("inputs.count + 0", "inputs.count");

  it("fills in defaults and keeps types apart from the event's text", async () => {
    const { engine } = stageWorkflow(withInputs);
    const run = await engine.dispatch("ci.yml", "refs/heads/main", { who: "you", loud: "true" }, octocat, false);
    await engine.idle();
    expect(run.jobs[0]?.log).toContain('you loud low true"true"');
  });

  it.each([
    { inputs: {}, status: 422, message: "Required input 'who' not provided" },
    { inputs: { who: "x", what: "y" }, status: 422, message: 'Unexpected inputs provided: ["what"]' },
    {
      inputs: { who: "x", level: "max" },
      status: 422,
      message: "Provided value 'max' for input 'level' not in the list of allowed values",
    },
    { inputs: { who: "x", loud: "yes" }, status: 422, message: "'loud' is not a boolean" },
    { inputs: { who: "x", count: "many" }, status: 422, message: "'count' is not a number" },
    { workflow: "other.yml", inputs: {}, status: 404, message: "Not Found" },
    { ref: "nowhere", inputs: {}, status: 422, message: "No ref found for: nowhere" },
  ])("refuses $workflow $ref $inputs with $status", async ({ workflow = "ci.yml", ref = "main", inputs, status, message }) => {
    const { engine, host } = stageWorkflow(withInputs);
    const refusal = await engine.dispatch(workflow, ref, inputs, octocat, false).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DispatchRefused);
    expect(refusal).toMatchObject({ status });
    expect(String(refusal)).toContain(message);
    expect(host.runs).toEqual([]);
  });

  it("reads the workflow at the ref and wants the trigger there", async () => {
    const { engine, host } = stageWorkflow(withInputs);
    host.commit({ ".github/workflows/ci.yml": `name: topic\non: push\n${jobs}` }, "topic");
    await expect(engine.dispatch("ci.yml", "topic", {}, octocat, false)).rejects.toThrow(
      "does not have 'workflow_dispatch' trigger",
    );
  });
});
