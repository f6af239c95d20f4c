import { expect, it } from "vitest";
import type { LabEnvironment } from "../../../lab/model.js";
import { conclusions, hubot, jobOf, octocat, type Stage, stageWorkflow } from "./fake-host.js";

const workflow = `
on: workflow_dispatch
permissions: {}
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: {name: "\${{ github.actor }}-production", deployment: false}
    concurrency: deploy
    steps: [{run: "echo to \${{ vars.PLACE }} with \${{ secrets.KEY != '' }}"}]
  after:
    needs: deploy
    if: always()
    runs-on: ubuntu-latest
    environment: unprotected
    steps: [{run: "echo \${{ needs.deploy.result }} \${{ secrets.KEY == '' }}"}]
`;

function gated(settings: Partial<LabEnvironment>): Stage {
  const stage = stageWorkflow(workflow);
  stage.host.environmentNamed("octocat-production", {
    reviewers: [octocat, hubot],
    secrets: { KEY: "k3y" },
    variables: { PLACE: "prod" },
    ...settings,
  });
  return stage;
}

async function waitAtGate({ engine }: Stage) {
  const run = await engine.dispatch("ci.yml", "main", {}, octocat, false);
  await engine.idle();
  return run;
}

it("waits for a reviewer without a machine, then runs with the environment's secrets and variables", async () => {
  const stage = gated({});
  const run = await waitAtGate(stage);
  expect(run.status).toBe("waiting");
  expect(run.jobs.map((job) => [job.status, job.environment])).toEqual([["waiting", "octocat-production"]]);
  expect(stage.host.tokens).toHaveLength(0);
  const [gate] = stage.engine.pending(run.id);
  expect(gate?.environment.name).toBe("octocat-production");

  expect(stage.engine.review(run.id, [gate?.environment.id ?? 0], "approved", "go", hubot)).toBe(true);
  await stage.engine.idle();
  expect(conclusions(run)).toEqual({ deploy: "success", after: "success" });
  expect(jobOf(run, "deploy").log).toContain("to prod with true");
  expect(jobOf(run, "after").log).toContain("success true");
  expect(run.reviews).toMatchObject([
    { state: "approved", comment: "go", user: { login: "hubot" }, environments: [{ name: "octocat-production" }] },
  ]);
  expect(stage.engine.pending(run.id)).toEqual([]);
});

it("records a deployment only without `deployment: false`", async () => {
  const stage = gated({ reviewers: [] });
  await waitAtGate(stage);
  expect(stage.host.deployments).toEqual(["unprotected"]);
});

it("fails the job when a reviewer rejects it", async () => {
  const stage = gated({});
  const run = await waitAtGate(stage);
  stage.engine.review(run.id, [stage.engine.pending(run.id)[0]?.environment.id ?? 0], "rejected", "no", octocat);
  await stage.engine.idle();
  expect(conclusions(run)).toEqual({ deploy: "failure", after: "success" });
  expect(jobOf(run, "after").log).toContain("failure true");
});

it("takes the concurrency group before the approval, so that only one run waits at the gate", async () => {
  const stage = gated({});
  const first = await waitAtGate(stage);
  const second = await waitAtGate(stage);
  expect([first.status, second.status]).toEqual(["waiting", "pending"]);
  stage.engine.review(first.id, [stage.engine.pending(first.id)[0]?.environment.id ?? 0], "rejected", "", octocat);
  await stage.engine.idle();
  expect(second.status).toBe("waiting");
});

it.each([
  { name: "someone who is no reviewer", settings: { reviewers: [octocat] }, user: hubot, environment: null },
  {
    name: "the initiator, where self-review is prevented",
    settings: { preventSelfReview: true },
    user: octocat,
    environment: null,
  },
  { name: "a reviewer of another environment", settings: {}, user: hubot, environment: 99 },
])("refuses the review of $name", async ({ settings, user, environment }) => {
  const stage = gated(settings);
  const run = await waitAtGate(stage);
  const [gate] = stage.engine.pending(run.id);
  expect(stage.engine.review(run.id, [environment ?? gate?.environment.id ?? 0], "approved", "", user)).toBe(false);
  expect(run).toMatchObject({ status: "waiting", reviews: [] });
  expect(gate?.currentUserCanApprove(hubot)).toBe(user !== hubot || environment !== null);
});

it("fails a job that nobody reviewed for thirty days", async () => {
  const stage = gated({});
  const run = await waitAtGate(stage);
  stage.host.clock.advance(31 * 24 * 3600);
  await stage.engine.tick();
  await stage.engine.idle();
  expect(jobOf(run, "deploy").conclusion).toBe("failure");
});

it.each([
  { name: "its pattern", policy: { patterns: ["main"] }, branch: "main", conclusion: "success" },
  { name: "another branch than its pattern", policy: { patterns: ["main"] }, branch: "topic", conclusion: "failure" },
  { name: "an unprotected branch", policy: "protected" as const, branch: "topic", conclusion: "failure" },
  { name: "the protected branch", policy: "protected" as const, branch: "main", conclusion: "success" },
])("a job from $name ends with $conclusion", async ({ policy, branch, conclusion }) => {
  const stage = gated({ reviewers: [], branchPolicy: policy });
  stage.host.commit({ "README.md": "x" }, branch);
  const run = await stage.engine.dispatch("ci.yml", branch, {}, octocat, false);
  await stage.engine.idle();
  const deploy = jobOf(run, "deploy");
  expect(deploy.conclusion).toBe(conclusion);
  const refusal = `Branch "${branch}" is not allowed to deploy to octocat-production due to environment protection rules.`;
  expect(deploy.log.includes(refusal)).toBe(conclusion === "failure");
});
