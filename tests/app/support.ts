/** A GitHub of one answer and the files a runner leaves, for starting the action without a runner. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "../../src/app/finish.js";
import type { Log } from "../../src/app/app.js";
import type { Runner } from "../../src/app/reach.js";
import type { Variables } from "../../src/config/environment.js";
import { trunk } from "../github/answers.js";

export const silent: Log = { info: () => undefined, warning: () => undefined, mask: () => undefined };

/** What sources are given of a run. */
export function aRunner(variables: Variables = {}, changes: Partial<Runner> = {}): Runner {
  return {
    variables,
    environment: { workspace: "/nowhere" },
    github: { clock: { now: () => new Date("2026-11-20T04:41:00Z") } },
    log: silent,
    ...changes,
  };
}

export interface RecordedReport extends Report {
  readonly outputs: Record<string, string>;
  readonly lines: string[];
  readonly failures: string[];
  markdown: string;
}
export function createReport(): RecordedReport {
  const report: RecordedReport = {
    outputs: {},
    lines: [],
    failures: [],
    markdown: "",
    output: (name, value) => void (report.outputs[name] = value),
    summary: (markdown) => {
      report.markdown = markdown;
      return Promise.resolve();
    },
    info: (line) => void report.lines.push(line),
    fail: (line) => void report.failures.push(line),
  };
  return report;
}

const folder = mkdtempSync(join(tmpdir(), "gatehouse-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
let events = 0;

/** What the runner sets, with an event of this payload. */
export function runnerVariables(changes: Variables = {}, payload: unknown = {}): Variables {
  const event = join(folder, `event-${(events += 1)}.json`);
  writeFileSync(event, typeof payload === "string" ? payload : JSON.stringify(payload));
  return {
    GITHUB_REPOSITORY: "acme/shop",
    GITHUB_RUN_ID: "77",
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_EVENT_NAME: "workflow_dispatch",
    GITHUB_EVENT_PATH: event,
    GITHUB_API_URL: "https://api.github.com",
    GITHUB_GRAPHQL_URL: "https://api.github.com/graphql",
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_REF: "refs/heads/main",
    GITHUB_SHA: "a".repeat(40),
    GITHUB_WORKSPACE: folder,
    GITHUB_ACTOR: "octocat",
    GITHUB_WORKFLOW: "incident",
    GITHUB_JOB: "sweep",
    INPUT_COMMAND: "sweep",
    "INPUT_GITHUB-TOKEN": "ghs_not_a_real_token",
    ...changes,
  };
}

/** Answers every question about the repository with this trunk. */
export async function serveTrunk(
  changes: Readonly<Record<string, unknown>>,
): Promise<{ url: string; asked: () => number; close(): Promise<void> }> {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
    response.end(JSON.stringify({ data: { repository: { ...trunk(changes), issue: null } } }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
