import { expect, it } from "vitest";
import { jobOf, runDispatched, stageWorkflow } from "./fake-host.js";

const workflow = `
on: workflow_dispatch
permissions: {issues: write}
jobs:
  a:
    runs-on: ubuntu-latest
    outputs:
      word: \${{ steps.make.outputs.word }}
      leak: \${{ steps.make.outputs.leak }}
      late: \${{ steps.make.outputs.late }}
    steps:
      - id: make
        env: {TOKEN: "\${{ secrets.API_TOKEN }}", PEM: "\${{ secrets.PEM }}"}
        run: |
          echo "token is $TOKEN, as base64 $(printf %s "$TOKEN" | base64)"
          echo "$PEM" | tail -1
          echo "::add-mask::made-here"
          echo "now made-here is hidden"
          echo "word=closed" >> "$GITHUB_OUTPUT"
          echo "leak=x-$TOKEN-y" >> "$GITHUB_OUTPUT"
          echo "late=made-here" >> "$GITHUB_OUTPUT"
      - run: echo "names=$(env | cut -d= -f1 | sort | tr '\\n' ' ')"
  b:
    needs: a
    runs-on: ubuntu-latest
    permissions: {contents: read}
    steps:
      - run: echo "[\${{ needs.a.outputs.word }}] [\${{ needs.a.outputs.leak }}] [\${{ needs.a.outputs.late }}]"
`;

function stage() {
  const made = stageWorkflow(workflow);
  Object.assign(made.host.repository.secrets, { API_TOKEN: "s3cr3t-value", PEM: "line one\nline two of it" });
  return made;
}

it("hides secrets and added masks in the log, also encoded and line by line", async () => {
  const run = await runDispatched(stage());
  const { log } = jobOf(run, "a");
  expect(log).toContain("token is ***, as base64 ***");
  expect(log).toContain("now *** is hidden");
  for (const secret of ["s3cr3t-value", "line two of it", Buffer.from("s3cr3t-value").toString("base64")])
    expect(log).not.toContain(secret);
});

it("drops job outputs that hold a secret", async () => {
  const run = await runDispatched(stage());
  expect(jobOf(run, "b").log).toContain("[closed] [] []");
  expect(jobOf(run, "a").log).toContain("Skip output 'leak' since it may contain secret.");
});

it("gives each job a token with exactly the declared permissions and takes it back", async () => {
  const { host, engine } = stage();
  await runDispatched({ host, engine });
  expect(host.tokens.map(({ job, permissions, revoked }) => [job.key, permissions, revoked])).toEqual([
    ["a", { issues: "write" }, true],
    ["b", { contents: "read" }, true],
  ]);
});

it.each([
  { declared: "", granted: { contents: "read" } },
  { declared: "permissions: {}", granted: {} },
  { declared: "permissions: {issues: write, contents: none}", granted: { issues: "write" } },
])("reads the workflow's `$declared` as $granted", async ({ declared, granted }) => {
  const made = stageWorkflow(`on: workflow_dispatch\n${declared}\njobs: {a: {runs-on: x, steps: [{run: "true"}]}}\n`);
  await runDispatched(made);
  expect(made.host.tokens[0]?.permissions).toEqual(granted);
});

it("lets nothing of the lab's own environment into a job but PATH", async () => {
  process.env["LAB_LEAK"] = "1";
  const run = await runDispatched(stage());
  delete process.env["LAB_LEAK"];
  const names = /^names=(.*)$/m.exec(jobOf(run, "a").log)?.[1]?.trim().split(" ") ?? [];
  const shell = ["PWD", "SHLVL", "_"];
  const own = names.filter((name) => !name.startsWith("GITHUB_") && !name.startsWith("RUNNER_") && !shell.includes(name));
  expect(own).toEqual(["CI", "HOME", "LANG", "PATH"]);
});
