import { describe, expect, it } from "vitest";
import { githubWorkflow } from "../../src/actions/github-workflow/github-workflow.js";
import { LISTED_WITHIN_MS } from "../../src/actions/github-workflow/follow.js";
import { CannotObserveError } from "../../src/actions/action.js";
import { createFakeGitHub, liveVersion, type FakeGitHub } from "../fakes/world.js";
import { applyTo, KEY, placeWith } from "./support.js";

const MINUTE = 60_000;

function openShop(): FakeGitHub {
  const github = createFakeGitHub();
  github.deploy("v141");
  github.advance(MINUTE);
  github.deploy("v142");
  github.advance(MINUTE);
  return github;
}
const dispatches = (github: FakeGitHub): number => github.transcript().filter((call) => call === "dispatcher.dispatch").length;
const titled = `Deploy v141 ${KEY}`;

describe("looking at the target", () => {
  it("tells what is live from the deployments", async () => {
    const { ports } = openShop();
    expect(await githubWorkflow.observe(placeWith(), ports)).toEqual({ live: "v142", previous: "v141", known: ["v142", "v141"] });
  });

  it("says that it cannot where nothing is recorded", async () => {
    await expect(githubWorkflow.observe(placeWith(), createFakeGitHub().ports)).rejects.toThrow(CannotObserveError);
  });
});

describe("a step that was never begun", () => {
  it("starts the workflow once, with the version and our key, and awaits its end", async () => {
    const github = openShop();
    const applied = await applyTo(github);
    const [run] = github.state.runs;
    expect(applied).toEqual({ outcome: "ok", detail: null, url: run?.url });
    expect(run?.inputs).toEqual({ service: "checkout", version: "v141", "gatehouse-key": KEY });
    expect(liveVersion(github)).toBe("v141");
    expect(dispatches(github)).toBe(1);
  });

  it.each([
    { name: "fails", conclusion: "failure" },
    { name: "is cancelled", conclusion: "cancelled" },
    { name: "times out", conclusion: "timed_out" },
    { name: "was skipped", conclusion: "skipped" },
  ])("failed when the run $name", async ({ conclusion }) => {
    const github = openShop();
    github.onDispatch("deploy.yml", () => ({ kind: "run", title: titled, takesMs: 5_000, conclusion }));
    expect(await applyTo(github)).toMatchObject({ outcome: "failed", detail: `The run ended with "${conclusion}".` });
  });

  it("failed when GitHub refuses to start it, and nothing is looked for", async () => {
    const github = openShop();
    github.onDispatch("deploy.yml", () => ({ kind: "refused", error: new Error("Workflow does not have a trigger (422)") }));
    expect(await applyTo(github)).toEqual({
      outcome: "failed",
      detail: "GitHub refused to start deploy.yml: Workflow does not have a trigger (422)",
      url: null,
    });
    expect(github.transcript()).not.toContain("runs.recent");
  });

  it("is followed when the answer to the start was lost but the run is there", async () => {
    const github = openShop();
    github.onDispatch("deploy.yml", () => ({ kind: "run", title: titled, takesMs: 5_000, answerLost: true }));
    expect(await applyTo(github)).toMatchObject({ outcome: "ok" });
    expect(dispatches(github)).toBe(1);
  });

  it.each([
    { name: "the answer was lost and no run shows up", script: () => ({ kind: "lost" as const }) },
    {
      name: "the run is never listed",
      script: () => ({ kind: "run" as const, title: titled, takesMs: 1_000, listed: false }),
    },
    {
      name: "a run is listed that does not carry our key",
      script: () => ({ kind: "run" as const, title: "Deploy v141 gh-0123456789abcdef-2-apply", takesMs: 1_000 }),
    },
  ])("cannot be told, and is not tried again, when $name", async ({ script }) => {
    const github = openShop();
    github.onDispatch("deploy.yml", script);
    const started = github.now().getTime();
    expect(await applyTo(github)).toMatchObject({ outcome: "ambiguous", detail: expect.stringContaining("may or may not") });
    expect(dispatches(github)).toBe(1);
    expect(github.now().getTime() - started).toBeGreaterThanOrEqual(LISTED_WITHIN_MS);
  });

  it("cannot be told when the run does not end within the limit of the step", async () => {
    const github = openShop();
    github.onDispatch("deploy.yml", () => ({ kind: "run", title: titled, takesMs: null }));
    const started = github.now().getTime();
    expect(await applyTo(github, { limitMs: 5 * MINUTE })).toMatchObject({
      outcome: "ambiguous",
      detail: "The run had not ended after 5 minutes.",
    });
    expect(github.now().getTime() - started).toBeLessThan(6 * MINUTE);
  });

  it("cannot be told when the run disappears", async () => {
    const github = openShop();
    github.onDispatch("deploy.yml", () => ({ kind: "run", title: titled, takesMs: null }));
    github.state.clock.at(new Date(github.now().getTime() + 10_000), () => void github.state.runs.splice(0));
    expect(await applyTo(github)).toMatchObject({ outcome: "ambiguous" });
  });
});

describe("a step that this very process did not begin", () => {
  it("is never started again once it was intended: its run is found and awaited", async () => {
    const github = openShop();
    const intendedAt = github.now();
    const run = github.startRun("deploy.yml", titled);
    github.state.clock.at(new Date(intendedAt.getTime() + 20_000), () => github.endRun(run.id));
    expect(await applyTo(github, { earlier: "intended", intendedAt })).toMatchObject({ outcome: "ok", url: run.url });
    expect(dispatches(github)).toBe(0);
  });

  it("is never started again once it was intended: without a run, people decide", async () => {
    const github = openShop();
    const intendedAt = github.now();
    github.advance(5 * MINUTE);
    expect(await applyTo(github, { earlier: "intended", intendedAt })).toMatchObject({ outcome: "ambiguous" });
    expect(dispatches(github)).toBe(0);
  });

  it("is found if it was perhaps begun", async () => {
    const github = openShop();
    const run = github.startRun("deploy.yml", titled);
    github.endRun(run.id, "failure");
    expect(await applyTo(github, { earlier: "perhaps" })).toMatchObject({ outcome: "failed", url: run.url });
    expect(dispatches(github)).toBe(0);
  });

  it("is begun if it was perhaps begun and no run carries its key", async () => {
    const github = openShop();
    github.startRun("deploy.yml", "Deploy v141 by hand");
    expect(await applyTo(github, { earlier: "perhaps" })).toMatchObject({ outcome: "ok" });
    expect(dispatches(github)).toBe(1);
  });

  it("is not mistaken for a run from before the plan", async () => {
    const github = openShop();
    const old = github.startRun("deploy.yml", titled);
    github.endRun(old.id);
    github.advance(10 * MINUTE);
    const applied = await applyTo(github, { earlier: "perhaps", lookSince: new Date(github.now().getTime() - MINUTE) });
    expect(applied).toMatchObject({ outcome: "ok" });
    expect(applied.url).not.toBe(old.url);
  });
});
