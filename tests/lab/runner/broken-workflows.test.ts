import { expect, it } from "vitest";
import { octocat, stageWorkflow } from "./fake-host.js";

const steps = "steps: [{run: 'true'}]";

it.each([
  { name: "an unknown key of a job", text: `on: issues\njobs: {a: {runs-on: x, retries: 3, ${steps}}}`, log: "retries" },
  { name: "an unknown key of the file", text: `on: issues\nonce: true\njobs: {a: {runs-on: x, ${steps}}}`, log: "once" },
  { name: "broken YAML", text: `on: issues\njobs: {a: [`, log: "ci.yml" },
  {
    name: "a need that does not exist",
    text: `on: issues\njobs: {a: {runs-on: x, ${steps}}, b: {runs-on: x, needs: z, ${steps}}}`,
    log: "unknown job 'z'",
  },
  {
    name: "an expression with an unknown context",
    text: `on: issues\njobs: {a: {runs-on: x, if: "nothing.here", ${steps}}}`,
    log: "nothing",
  },
  {
    name: "secrets in a job's condition",
    text: `on: issues\njobs: {a: {runs-on: x, if: "secrets.A == ''", ${steps}}}`,
    log: "secrets",
  },
  {
    name: "a container, which the runner does not know",
    text: `on: issues\njobs: {a: {runs-on: x, container: alpine, ${steps}}}`,
    log: '"container"',
  },
  { name: "a reusable workflow", text: "on: issues\njobs: {a: {uses: acme/shop/.github/workflows/b.yml@main}}", log: '"uses"' },
  {
    name: "an unknown permission",
    text: `on: issues\npermissions: {kitchen: write}\njobs: {a: {runs-on: x, ${steps}}}`,
    log: "kitchen",
  },
])("lists $name as a startup failure that says why", async ({ text, log }) => {
  const { host, engine } = stageWorkflow(text);
  host.raise({ name: "issues", action: "opened" });
  expect(host.runs).toHaveLength(1);
  expect(host.runs[0]).toMatchObject({ status: "completed", conclusion: "startup_failure" });
  expect(host.runs[0]?.jobs[0]?.log).toContain(log);
  await expect(engine.dispatch("ci.yml", "main", {}, octocat, false)).rejects.toThrow("Failed to parse workflow");
  host.raise({ name: "push", payload: {} });
  expect(host.runs).toHaveLength(1);
});

it("is a startup failure when the run's name cannot be evaluated", async () => {
  const { host } = stageWorkflow(
    `run-name: "\${{ fromJSON(github.event.text) }}"\non: issues\njobs: {a: {runs-on: x, ${steps}}}`,
  );
  host.raise({ name: "issues", payload: { text: "{" } });
  expect(host.runs[0]?.conclusion).toBe("startup_failure");
  expect(host.runs[0]?.jobs[0]?.log).toContain("fromJSON(github.event.text)");
});
