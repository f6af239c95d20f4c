import { expect, it } from "vitest";
import { conclusions, runDispatched, stageWorkflow } from "./fake-host.js";

const job = (key: string, exit: number, more = ""): string => `
  ${key}:
    runs-on: ubuntu-latest
    ${more}
    steps: [{run: exit ${exit}}]`;
const workflow = (...jobs: string[]): string => `on: workflow_dispatch\npermissions: {}\njobs:${jobs.join("")}\n`;

it.each([
  {
    name: "a failed need skips what needs it",
    jobs: [job("a", 1), job("b", 0, "needs: a")],
    expected: { a: "failure", b: "skipped" },
    run: "failure",
  },
  {
    name: "a failure reaches through a job that ran with always()",
    jobs: [job("a", 1), job("b", 0, "needs: a\n    if: always()"), job("c", 0, "needs: b")],
    expected: { a: "failure", b: "success", c: "skipped" },
    run: "failure",
  },
  {
    name: "a skipped need skips what needs it, unless a status function is asked",
    jobs: [job("a", 0, "if: false"), job("b", 0, "needs: a"), job("c", 0, "needs: a\n    if: ${{ !cancelled() }}")],
    expected: { a: "skipped", b: "skipped", c: "success" },
    run: "success",
  },
  {
    name: "failure() sees any ancestor",
    jobs: [job("a", 1), job("b", 0, "needs: a"), job("c", 0, "needs: b\n    if: failure()")],
    expected: { a: "failure", b: "skipped", c: "success" },
    run: "failure",
  },
  {
    name: "an explicit condition still wants success",
    jobs: [job("a", 1), job("b", 0, "needs: a\n    if: needs.a.result == 'failure'")],
    expected: { a: "failure", b: "skipped" },
    run: "failure",
  },
  {
    name: "continue-on-error keeps the run green and counts as success for others",
    jobs: [job("a", 1, "continue-on-error: true"), job("b", 0, "needs: a")],
    expected: { a: "failure", b: "success" },
    run: "success",
  },
  {
    name: "a run whose jobs were all skipped is skipped",
    jobs: [job("a", 0, "if: github.actor == 'nobody'")],
    expected: { a: "skipped" },
    run: "skipped",
  },
])("$name", async ({ jobs, expected, run: conclusion }) => {
  const run = await runDispatched(stageWorkflow(workflow(...jobs)));
  expect(conclusions(run)).toEqual(expected);
  expect(run).toMatchObject({ status: "completed", conclusion });
});

it("continues after a forgiven step and reports outcome and conclusion apart", async () => {
  const run = await runDispatched(
    stageWorkflow(`
on: workflow_dispatch
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - {id: shaky, run: exit 3, continue-on-error: true}
      - run: echo "\${{ steps.shaky.outcome }} then \${{ steps.shaky.conclusion }}"
      - {run: exit 4}
      - {run: echo never}
      - {if: "!cancelled()", run: "echo status is \${{ job.status }}"}
`),
  );
  const [only] = run.jobs;
  expect(only?.conclusion).toBe("failure");
  expect(only?.log).toContain("failure then success");
  expect(only?.log).toContain("status is failure");
  expect(only?.log).not.toContain("\nnever\n");
  expect(only?.steps.map((step) => step.conclusion)).toEqual([
    "success",
    "success",
    "success",
    "failure",
    "skipped",
    "success",
    "success",
  ]);
});
