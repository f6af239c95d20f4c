import { describe, expect, it } from "vitest";
import { readEnvironment, readInputs, readSecret } from "../../src/config/environment.js";

const runner = {
  GITHUB_REPOSITORY: "acme/shop",
  GITHUB_RUN_ID: "4711",
  GITHUB_RUN_ATTEMPT: "1",
  GITHUB_EVENT_NAME: "workflow_dispatch",
  GITHUB_EVENT_PATH: "/tmp/event.json",
  GITHUB_API_URL: "https://api.github.com",
  GITHUB_GRAPHQL_URL: "https://api.github.com/graphql",
  GITHUB_SERVER_URL: "https://github.com/",
  GITHUB_REF: "refs/heads/main",
  GITHUB_SHA: "0123456789abcdef0123456789abcdef01234567",
  GITHUB_WORKSPACE: "/tmp/work",
  GITHUB_ACTOR: "octocat",
  GITHUB_WORKFLOW: "incident",
  GITHUB_JOB: "respond",
  GITHUB_OUTPUT: "/tmp/output",
  PATH: "/usr/bin",
};

describe("readEnvironment", () => {
  it("reads what the runner gives", () => {
    expect(readEnvironment(runner)).toEqual({
      ok: true,
      environment: {
        repository: { owner: "acme", name: "shop", fullName: "acme/shop" },
        runId: 4711,
        runAttempt: 1,
        eventName: "workflow_dispatch",
        eventPath: "/tmp/event.json",
        apiUrl: "https://api.github.com",
        graphqlUrl: "https://api.github.com/graphql",
        serverUrl: "https://github.com",
        ref: "refs/heads/main",
        sha: "0123456789abcdef0123456789abcdef01234567",
        workspace: "/tmp/work",
        actor: "octocat",
        workflow: "incident",
        job: "respond",
        outputPath: "/tmp/output",
        summaryPath: null,
      },
    });
  });

  it("accepts a server on this machine", () => {
    expect(readEnvironment({ ...runner, GITHUB_API_URL: "http://127.0.0.1:4000/api" })).toMatchObject({
      ok: true,
      environment: { apiUrl: "http://127.0.0.1:4000/api" },
    });
  });

  it("says everything that is missing or wrong in one message", () => {
    const read = readEnvironment({ ...runner, GITHUB_REPOSITORY: "shop", GITHUB_RUN_ID: undefined, GITHUB_SHA: "" });
    expect(read).toEqual({
      ok: false,
      message: [
        'Environment variable GITHUB_REPOSITORY is "shop". Write a repository as owner/name.',
        "Environment variable GITHUB_RUN_ID is missing. Write the id of the run.",
        "Environment variable GITHUB_SHA is missing. Write a commit id of 40 hex characters.",
        "These are set by the GitHub Actions runner: run this as a step of a workflow.",
      ].join("\n"),
    });
  });
});

describe("readInputs", () => {
  it("finds inputs under the runner's names for them", () => {
    expect(readInputs({ INPUT_COMMAND: "check", "INPUT_PLAN-DIGEST": "abc", OTHER: "x" })).toEqual({
      command: "check",
      incident: "",
      "plan-digest": "abc",
      "github-token": "",
      config: "",
      "anthropic-api-key": "",
      "signing-key": "",
      "dry-run": "",
    });
  });
});

describe("readSecret", () => {
  it.each([
    ["the value", "TOKEN", "s3cret"],
    ["nothing where no name is given", null, null],
    ["nothing where the variable is empty", "EMPTY", null],
    ["nothing where the variable is not set", "ABSENT", null],
  ])("gives %s", (_, name, expected) => {
    expect(readSecret({ TOKEN: " s3cret\n", EMPTY: " " }, name)).toBe(expected);
  });
});
