import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { jobOf, runDispatched, stage, temporaryFolder } from "./fake-host.js";

const sha = "3d3c42e5aac5ba805825da76410c181273ba90b1";

const printer = `
const fs = require("fs");
for (const [name, value] of Object.entries(process.env)) if (name.startsWith("INPUT_")) console.log(name + "=" + value);
console.log("event", JSON.parse(fs.readFileSync(process.env.GITHUB_EVENT_PATH, "utf8")).inputs.who);
fs.appendFileSync(process.env.GITHUB_OUTPUT, "said<<X\\na\\nb\\nX\\n");
fs.appendFileSync(process.env.GITHUB_ENV, "CARRIED=yes\\n");
fs.appendFileSync(process.env.GITHUB_PATH, process.env.GITHUB_ACTION_PATH + "/bin\\n");
fs.appendFileSync(process.env.GITHUB_STEP_SUMMARY, "# All done\\n");
fs.appendFileSync(process.env.GITHUB_STATE, "note=kept\\n");
`;

/** An action folder as a checkout of the product has it. */
function actionFolder(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "dist"));
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "dist", "index.js"), printer);
  writeFileSync(join(folder, "dist", "post.js"), `console.log("post with", process.env.STATE_note, process.env.INPUT_COMMAND);`);
  writeFileSync(join(folder, "bin", "tool"), "#!/bin/sh\necho tool found\n", { mode: 0o755 });
  writeFileSync(
    join(folder, "action.yml"),
    `
name: Example
description: For tests
inputs:
  command: {description: c, required: true}
  plan-digest: {description: d, default: none}
  "two words": {description: w, default: "\${{ github.event_name }}"}
  github-token: {description: t, default: "\${{ github.token }}"}
runs: {using: node24, main: dist/index.js, post: dist/post.js}
`,
  );
  return folder;
}

const workflow = (steps: string): string => `
on:
  workflow_dispatch:
    inputs: {who: {type: string, default: octocat}}
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
${steps}
`;

it("runs the product's action with inputs, defaults, files and a post step as GitHub does", async () => {
  const made = stage(
    {
      ".github/workflows/ci.yml": workflow(`
      - id: act
        uses: gatehouse/gatehouse@${sha}
        with: {command: open, extra: "1"}
      - run: echo "$CARRIED [\${{ steps.act.outputs.said }}] \${{ env.CARRIED }}" && tool`),
    },
    { actionPath: actionFolder() },
  );
  const { log, conclusion } = jobOf(await runDispatched(made), "a");
  expect(conclusion).toBe("success");
  for (const line of [
    "INPUT_COMMAND=open",
    "INPUT_PLAN-DIGEST=none",
    "INPUT_TWO_WORDS=workflow_dispatch",
    "INPUT_GITHUB-TOKEN=***",
  ]) {
    expect(log.split("\n")).toContain(line);
  }
  expect(log).toContain("event octocat");
  expect(log).toContain("yes [a\nb] yes");
  expect(log).toContain("tool found");
  expect(log).toContain("##[group]Job summary\n# All done\n");
  expect(log).toContain("post with kept open");
  expect(log).toContain("Unexpected input(s) 'extra', valid inputs are ['command', 'plan-digest', 'two words', 'github-token']");
});

it("runs local composite actions from the checked-out workspace", async () => {
  const made = stage({
    ".github/workflows/ci.yml": workflow(`
      - uses: actions/checkout@v5
      - id: login
        uses: ./.github/actions/login
        with: {to: prod}
        env: {OUTER: outer}
      - run: echo "logged in as \${{ steps.login.outputs.user }}"`),
    ".github/actions/login/action.yml": `
name: Login
description: d
inputs: {to: {description: t, required: true}, mode: {description: m, default: quick}}
outputs: {user: {description: u, value: "\${{ steps.who.outputs.user }}"}}
runs:
  using: composite
  steps:
    - id: who
      shell: bash
      run: echo "user=\${{ inputs.to }}-\${{ inputs.mode }}-$OUTER-$(cat $GITHUB_ACTION_PATH/name)" >> "$GITHUB_OUTPUT"
    - if: inputs.mode == 'slow'
      shell: bash
      run: exit 1
`,
    ".github/actions/login/name": "bot",
  });
  const job = jobOf(await runDispatched(made), "a");
  expect(job.conclusion).toBe("success");
  expect(job.log).toContain("logged in as prod-quick-outer-bot");
  expect(job.steps).toHaveLength(5);
});

it("fails a composite action's step when one of its steps fails", async () => {
  const made = stage({
    ".github/workflows/ci.yml": workflow(`
      - uses: actions/checkout@v5
      - {uses: ./broken}
      - run: echo never`),
    "broken/action.yml":
      "name: b\ndescription: d\nruns:\n  using: composite\n  steps:\n    - {shell: bash, run: exit 7}\n    - {if: failure(), shell: bash, run: echo noticed}\n",
  });
  const job = jobOf(await runDispatched(made), "a");
  expect(job.conclusion).toBe("failure");
  expect(job.log).toContain("exit code 7");
  expect(job.log).toContain("\nnoticed\n");
  expect(job.steps.map((step) => step.conclusion)).toEqual(["success", "success", "failure", "skipped", "success"]);
});

it.each([
  { uses: "actions/setup-node@v4", message: '"actions/setup-node@v4": the lab\'s runner has no such action' },
  { uses: "gatehouse/gatehouse@v1", message: '"gatehouse/gatehouse@v1": the lab\'s runner has no such action' },
  { uses: "./missing", message: "Did you forget to run actions/checkout first?" },
  { uses: "./../outside", message: "leaves the workspace" },
])("refuses `uses: $uses` by name", async ({ uses, message }) => {
  const made = stage({ ".github/workflows/ci.yml": workflow(`      - {uses: "${uses}"}`) });
  const job = jobOf(await runDispatched(made), "a");
  expect(job.conclusion).toBe("failure");
  expect(job.log).toContain(message);
});

it.each([
  { with: "{ref: v1}", printed: "one HEAD" },
  { with: "{ref: topic}", printed: "two topic" },
  { with: "{ref: refs/heads/topic, path: sub, fetch-depth: 0}", printed: "two topic" },
])("checks out $with", async ({ with: inputs, printed }) => {
  const folder = inputs.includes("sub") ? "sub" : ".";
  const made = stage({
    ".github/workflows/ci.yml": workflow(`
      - {uses: actions/checkout@v5, with: ${inputs}}
      - {run: 'echo "$(cat file) $(git rev-parse --abbrev-ref HEAD)"', working-directory: ${folder}}`),
    file: "one",
  });
  made.host.tag("v1");
  made.host.commit({ file: "two" }, "topic");
  const job = jobOf(await runDispatched(made), "a");
  expect(job.log).toContain(printed);
});

it("says which branch or tag a checkout did not find", async () => {
  const made = stage({ ".github/workflows/ci.yml": workflow("      - {uses: actions/checkout@v5, with: {ref: v9}}") });
  expect(jobOf(await runDispatched(made), "a").log).toContain("a branch or tag with the name 'v9' could not be found");
});

it("applies defaults, shells, working directories and hashFiles", async () => {
  const made = stage({
    ".github/workflows/ci.yml": `
on: workflow_dispatch
defaults: {run: {shell: bash, working-directory: a}}
jobs:
  a:
    runs-on: ubuntu-latest
    defaults: {run: {working-directory: a/b}}
    steps:
      - {uses: actions/checkout@v5}
      - {run: 'echo "in $(basename $PWD)"'}
      - {run: 'echo "in $(basename $PWD)"; false | true', shell: sh, working-directory: .}
      - {run: 'print("py", 1 + 1)', shell: python}
      - {run: 'echo "[\${{ hashFiles(''**/*.txt'') == hashFiles(''a/b/c.txt'') }}] [\${{ hashFiles(''*.none'') }}]"'}
      - {run: 'false | true; echo never', shell: bash}
`,
    "a/b/c.txt": "x",
  });
  const { log, steps } = jobOf(await runDispatched(made), "a");
  for (const line of ["in b", "in shop", "py 2", "[true] []"]) expect(log.split("\n")).toContain(line);
  expect(steps.at(-2)?.conclusion).toBe("failure");
});
