import { describe, expect, it } from "vitest";
import { GitHubDownError } from "../../src/github/errors.js";
import { countAll, createFakeGitHub, createFakePager, createFakeSignals, Died, liveVersion } from "./world.js";

const INCIDENT = { title: "t", body: "b", labels: [] };

describe("death", () => {
  it.each([
    { when: "before", issues: 0 },
    { when: "after", issues: 1 },
  ] as const)("comes $when the effect", async ({ when, issues }) => {
    const github = createFakeGitHub();
    github.dieAt(2, when);
    await github.ports.desk.look(null);
    await expect(github.ports.issues.create(INCIDENT)).rejects.toThrow(Died);
    expect(github.state.issues.size).toBe(issues);
    expect(github.calls.at(-1)).toMatchObject({ n: 2, port: "issues", method: "create", outcome: `died-${when}` });
  });

  it("lasts until revived, without any effect", async () => {
    const github = createFakeGitHub();
    github.dieAt(1, "before");
    await expect(github.ports.desk.look(null)).rejects.toThrow(Died);
    await expect(github.ports.issues.create(INCIDENT)).rejects.toThrow(Died);
    expect({ dead: github.isDead, issues: github.state.issues.size, calls: github.calls.length }).toEqual({
      dead: true,
      issues: 0,
      calls: 1,
    });
    github.revive();
    expect(github.isDead).toBe(false);
    expect((await github.ports.issues.create(INCIDENT)).number).toBe(1);
  });

  it("strikes signals and pager like ports of GitHub", async () => {
    const github = createFakeGitHub();
    const { signals } = countAll(github, { signals: createFakeSignals({ "error-ratio": 0.4 }), pager: createFakePager() });
    github.dieAt(1, "before");
    await expect(signals.isFiring({} as never)).rejects.toThrow(Died);
  });
});

it("loses one answer when told to, after the effect", async () => {
  const github = createFakeGitHub();
  const { number } = await github.ports.issues.create(INCIDENT);
  github.fault({ call: "comments.post", when: "after", error: new GitHubDownError("502", true) });
  await expect(github.ports.comments.post(number, "hello")).rejects.toThrow(GitHubDownError);
  await github.ports.comments.post(number, "again");
  expect(github.comments().map((comment) => comment.body)).toEqual(["hello", "again"]);
});

it("keeps the old text when an update is too long, as GitHub may", async () => {
  const github = createFakeGitHub();
  const { number } = await github.ports.issues.create(INCIDENT);
  const answer = await github.ports.issues.update(number, { ...INCIDENT, body: "x".repeat(70_000), state: "open" });
  expect(answer.body).toBe("b");
});

describe("a dispatched deployment", () => {
  const request = {
    repository: "acme/shop",
    workflow: "deploy.yml",
    ref: "main",
    inputs: { version: "v1", "gatehouse-key": "k-1" },
  };

  it("runs for a while under its key, then goes live", async () => {
    const github = createFakeGitHub();
    await github.ports.dispatcher.dispatch(request);
    const running = await github.ports.runs.recent("acme/shop", "deploy.yml", github.now());
    expect(running).toMatchObject([{ title: "Deploy v1 k-1", status: "running" }]);
    expect(liveVersion(github)).toBeNull();
    await github.ports.clock.sleep(20_000);
    expect(await github.ports.runs.run("acme/shop", running[0]?.id ?? 0)).toMatchObject({
      status: "ended",
      conclusion: "success",
    });
    expect(liveVersion(github)).toBe("v1");
  });

  it("can fail, and then changes nothing", async () => {
    const github = createFakeGitHub();
    const { deployScript } = github;
    github.onDispatch("deploy.yml", (asked, nth) => ({ ...deployScript(asked, nth), conclusion: "failure" }));
    await github.ports.dispatcher.dispatch(request);
    github.advance(60_000);
    expect(github.state.runs.at(-1)?.conclusion).toBe("failure");
    expect(liveVersion(github)).toBeNull();
  });

  it.each([
    { name: "never happen", script: () => ({ kind: "lost" }) as const, runs: 0 },
    { name: "happen", script: () => ({ kind: "run", title: "k-1", takesMs: 1, answerLost: true }) as const, runs: 1 },
  ])("can be uncertain and $name", async ({ script, runs }) => {
    const github = createFakeGitHub();
    github.onDispatch("deploy.yml", script);
    await expect(github.ports.dispatcher.dispatch(request)).rejects.toMatchObject({ name: "DispatchUncertainError" });
    expect(await github.ports.runs.recent("acme/shop", "deploy.yml", github.now())).toHaveLength(runs);
  });

  it("can stay out of the list of runs", async () => {
    const github = createFakeGitHub();
    const { deployScript } = github;
    github.onDispatch("deploy.yml", (asked, nth) => ({ ...deployScript(asked, nth), listed: false }));
    await github.ports.dispatcher.dispatch(request);
    expect(await github.ports.runs.recent("acme/shop", "deploy.yml", github.now())).toEqual([]);
    github.advance(60_000);
    expect(liveVersion(github)).toBe("v1");
  });
});
