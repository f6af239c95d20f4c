import { beforeEach, describe, expect, it } from "vitest";
import { createClock } from "../../lab/clock.js";
import { type Controls, createControlServer } from "../../lab/control.js";
import type { Fault, LabJob, LabRun } from "../../lab/model.js";

const job: LabJob = {
  id: 11,
  runId: 7,
  key: "remediate",
  name: "Plan abc on production/eu",
  status: "completed",
  conclusion: "success",
  startedAt: null,
  completedAt: null,
  environment: null,
  steps: [],
  log: "all of it\n",
};
const run: LabRun = {
  id: 7,
  number: 1,
  attempt: 1,
  workflowPath: ".github/workflows/remediate.yml",
  workflowId: 1,
  workflowName: "remediate",
  name: "Remediate #3",
  event: "workflow_dispatch",
  actor: { id: 1, login: "octocat", type: "User" },
  headBranch: "main",
  headSha: "0".repeat(40),
  createdAt: new Date(0),
  updatedAt: new Date(0),
  status: "completed",
  conclusion: "success",
  jobs: [job],
  reviews: [],
};

let faults: Fault[];
let deployed: string[];
let app: ReturnType<typeof createControlServer>;
beforeEach(() => {
  faults = [];
  deployed = [];
  const controls: Controls = {
    clock: createClock(),
    runs: [run],
    requests: [],
    faults: { set: (fault) => void faults.push(fault), clear: () => void faults.splice(0) },
    world: () => ({ release: "v1.4.2", version: "good", error_rate: null, effects: [] }),
    tick: async () => [9],
    deploy: async (version) => deployed.push(version),
    jobMs: () => 1234,
  };
  app = createControlServer(controls);
});

const send = (method: string, path: string, body?: unknown) =>
  app.request(path, { method, ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }) });

describe("bad input is refused with the field's name and changes nothing", () => {
  it.each([
    { path: "/clock", body: { advance_seconds: -1 }, names: "advance_seconds" },
    { path: "/clock", body: { advance_seconds: "60" }, names: "advance_seconds" },
    { path: "/clock", body: {}, names: "advance_seconds" },
    { path: "/clock", body: { advance_seconds: 1, seconds: 2 }, names: "seconds" },
    { path: "/clock", body: "{", names: "body" },
    { path: "/world/deploy", body: { version: "v1.5.0" }, names: "version" },
    { path: "/faults", body: { match: {}, times: 0, do: { status: 500 } }, names: "times" },
    { path: "/faults", body: { match: { nth: 0 }, times: 1, do: { status: 500 } }, names: "match.nth" },
    { path: "/faults", body: { match: {}, times: 1, do: {} }, names: "do" },
    { path: "/faults", body: { match: {}, times: 1, do: { kill: "now" } }, names: "do.kill" },
    { path: "/faults", body: { match: { operations: "x" }, times: 1, do: { status: 500 } }, names: "operations" },
  ])("$path $body", async ({ path, body, names }) => {
    const response = await send("POST", path, body);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(names);
    expect([faults, deployed]).toEqual([[], []]);
  });
});

it("passes faults on as they are and clears them", async () => {
  const fault = {
    match: { operation: "issues/update", job: "respond", nth: 2 },
    times: 1,
    do: { status: 502, body: null, hang_ms: 5, kill: "after" },
  };
  expect((await send("POST", "/faults", fault)).status).toBe(204);
  expect(faults).toEqual([fault]);
  expect((await send("DELETE", "/faults")).status).toBe(204);
  expect(faults).toEqual([]);
});

it("moves the clock and tells which runs started", async () => {
  const answer = (await (await send("POST", "/clock", { advance_seconds: 86_400 })).json()) as { now: string; started: number[] };
  expect(answer.started).toEqual([9]);
  expect(Date.parse(answer.now) - Date.now()).toBeGreaterThan(86_000_000);
});

it("shows runs with the real duration of their jobs", async () => {
  const jobs = [{ name: job.name, status: "completed", conclusion: "success", ms: 1234 }];
  const shown = {
    id: 7,
    workflow: "remediate",
    name: "Remediate #3",
    event: "workflow_dispatch",
    status: "completed",
    conclusion: "success",
    jobs,
  };
  expect(await (await send("GET", "/runs")).json()).toEqual({ runs: [shown] });
});

it.each([
  { path: `/runs/7/jobs/${encodeURIComponent(job.name)}/log`, status: 200, text: "all of it\n" },
  { path: "/runs/7/jobs/remediate/log", status: 200, text: "all of it\n" },
  { path: "/runs/7/jobs/check/log", status: 404, text: 'no job \\"check\\"' },
  { path: "/runs/8/jobs/remediate/log", status: 404, text: "no run 8" },
  { path: "/nowhere", status: 404, text: "GET /nowhere is not part of the lab's controls" },
])("GET $path answers $status", async ({ path, status, text }) => {
  const response = await send("GET", path);
  expect(response.status).toBe(status);
  expect(await response.text()).toContain(text);
});
