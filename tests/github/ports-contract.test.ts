import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ForbiddenError, NotFoundError } from "../../src/github/errors.js";
import { openFakeStage, openLabStage, type Stage } from "./stages.js";

const DIGEST = "d".repeat(64);
const INCIDENT = { title: "Checkout fails", body: "born like this", labels: ["incident", "severity:P1"] };

describe.each([
  { name: "the adapter on the lab's stand-in", open: openLabStage },
  { name: "the in-memory fake", open: openFakeStage },
])("$name", ({ open }) => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await open();
  });
  afterEach(async () => {
    await stage.close();
  });
  const openIncident = async () => (await stage.ports.issues.create(INCIDENT)).number;

  it("shows what the default branch says", async () => {
    const { trunk, issue, comments } = await stage.ports.desk.look(null);
    expect(trunk).toMatchObject({
      fullName: "acme/shop",
      visibility: "private",
      defaultBranch: "main",
      head: expect.stringMatching(/^[0-9a-f]{40}$/),
      config: { path: ".github/gatehouse.yml", text: "version: 1\n", sha: expect.stringMatching(/^[0-9a-f]{40}$/) },
      postmortemIndex: { path: "postmortems/README.md", text: "# Index\n" },
      tagRulesets: [
        { name: "gatehouse", active: true, include: ["refs/tags/gatehouse/**/*"], exclude: [], rules: ["update", "deletion"] },
      ],
    });
    expect(trunk.runbooks.map((file) => file.path)).toEqual(["runbooks/bad-deploy.md"]);
    expect({ issue, comments }).toEqual({ issue: null, comments: [] });
  });

  it("shows no issue where there is none", async () => {
    expect((await stage.ports.desk.look(999)).issue).toBeNull();
  });

  it("shows a new incident unedited, by our bot", async () => {
    const number = await openIncident();
    expect((await stage.ports.desk.look(number)).issue).toMatchObject({
      ...INCIDENT,
      number,
      state: "open",
      locked: false,
      editedAt: null,
      author: { login: "github-actions[bot]", isBot: true },
    });
  });

  it("answers an update with what it stored, and marks a changed text as edited", async () => {
    const number = await openIncident();
    await stage.tick();
    const change = { title: "Checkout works", body: "changed", labels: ["incident", "phase:closed"], state: "closed" } as const;
    expect(await stage.ports.issues.update(number, change)).toMatchObject(change);
    expect(await stage.ports.issues.current(number)).toMatchObject(change);
    const { issue } = await stage.ports.desk.look(number);
    expect(issue).toMatchObject(change);
    expect(issue?.editedAt).toBeInstanceOf(Date);
  });

  it("does not call an issue edited when only its labels changed", async () => {
    const number = await openIncident();
    await stage.tick();
    await stage.ports.issues.update(number, { ...INCIDENT, labels: ["incident"], state: "open" });
    expect((await stage.ports.desk.look(number)).issue).toMatchObject({ labels: ["incident"], editedAt: null });
  });

  it("lists incidents newest first, by state and by change", async () => {
    const first = await openIncident();
    await stage.tick();
    const second = await openIncident();
    await stage.tick();
    await stage.tick();
    const { at } = await stage.ports.desk.look(null);
    await stage.ports.issues.update(first, { ...INCIDENT, state: "closed" });
    const numbers = async (filter: Parameters<typeof stage.ports.incidents.list>[0]) =>
      (await stage.ports.incidents.list(filter)).map((issue) => issue.number);
    expect(await numbers({ state: "all", changedSince: null })).toEqual([second, first]);
    expect(await numbers({ state: "open", changedSince: null })).toEqual([second]);
    expect(await numbers({ state: "all", changedSince: new Date(at.getTime() - 1_000) })).toEqual([first]);
  });

  it("keeps comments in order, with who wrote and edited them", async () => {
    const number = await openIncident();
    const ours = await stage.ports.comments.post(number, "the plan");
    const theirs = await stage.say(number, "/approve");
    await stage.tick();
    await stage.edit(ours.id, "another plan");
    const { comments } = await stage.ports.desk.look(number);
    expect(comments).toMatchObject([
      { id: ours.id, body: "another plan", author: { login: "github-actions[bot]", isBot: true }, editedAt: expect.any(Date) },
      { id: theirs, body: "/approve", author: { login: "write", isBot: false }, editedAt: null },
    ]);
    expect(theirs).toBeGreaterThan(ours.id);
  });

  it("edits its own comment", async () => {
    const { id } = await stage.ports.comments.post(await openIncident(), "before");
    expect(await stage.ports.comments.edit(id, "after")).toMatchObject({ id, body: "after" });
  });

  it("shows our reactions, each once", async () => {
    const number = await openIncident();
    const comment = await stage.say(number, "/hold");
    for (const reaction of ["seen", "done", "seen"] as const) await stage.ports.reactor.react(comment, reaction);
    const shown = (await stage.ports.desk.look(number)).comments[0]?.ourReactions ?? [];
    expect(new Set(shown)).toEqual(new Set(["seen", "done"]));
    expect(shown).toHaveLength(2);
  });

  it("cannot comment on a locked issue", async () => {
    const number = await openIncident();
    await stage.lock(number);
    await expect(stage.ports.comments.post(number, "hello?")).rejects.toThrow(ForbiddenError);
    expect((await stage.ports.desk.look(number)).issue?.locked).toBe(true);
  });

  it.each([
    { name: "an issue", act: (ports: Stage["ports"]) => ports.issues.current(999) },
    { name: "a comment", act: (ports: Stage["ports"]) => ports.comments.edit(999, "x") },
    {
      name: "a workflow",
      act: (ports: Stage["ports"]) =>
        ports.dispatcher.dispatch({ repository: "acme/shop", workflow: "none.yml", ref: "main", inputs: {} }),
    },
  ])("misses $name that is not there", async ({ act }) => {
    await expect(act(stage.ports)).rejects.toThrow(NotFoundError);
  });

  it.each(["admin", "maintain", "write", "triage", "read"])("knows the role %s", async (role) => {
    expect(await stage.ports.people.roleOf(role)).toBe(role);
  });

  it("knows strangers as nobody", async () => {
    expect(await stage.ports.people.roleOf("stranger")).toBe("none");
  });

  it("knows environments, their branches, and that one is missing", async () => {
    const facts = await Promise.all(
      ["production-gate", "open", "nowhere"].map((name) => stage.ports.environments.environment(name)),
    );
    expect(facts).toEqual([
      { name: "production-gate", exists: true, branches: ["main"], requiredReviewers: 0 },
      { name: "open", exists: true, branches: null, requiredReviewers: 0 },
      { name: "nowhere", exists: false, branches: null, requiredReviewers: 0 },
    ]);
  });

  it("reserves a plan once for each k, and tells for which run", async () => {
    const { head } = (await stage.ports.desk.look(null)).trunk;
    const reserve = (k: number, runId: number) => stage.ports.reservations.reserve(3, DIGEST, { k, runId }, head);
    expect(await stage.ports.reservations.of(3, DIGEST)).toEqual([]);
    expect(await reserve(1, 100)).toBe("reserved");
    expect(await reserve(1, 200)).toBe("taken");
    expect(await reserve(2, 200)).toBe("reserved");
    expect(await stage.ports.reservations.of(3, DIGEST)).toEqual([
      { k: 1, runId: 100 },
      { k: 2, runId: 200 },
    ]);
    expect(await stage.ports.reservations.of(3, "e".repeat(64))).toEqual([]);
  });

  it("gives the tag to one of two that reserve at once", async () => {
    const { head } = (await stage.ports.desk.look(null)).trunk;
    const both = await Promise.all([100, 200].map((runId) => stage.ports.reservations.reserve(3, DIGEST, { k: 1, runId }, head)));
    expect(both.sort()).toEqual(["reserved", "taken"]);
  });

  it("starts a run, and lists it by its title", async () => {
    const { ports } = stage;
    const before = (await ports.desk.look(null)).at;
    await ports.dispatcher.dispatch({ repository: "acme/shop", workflow: "deploy.yml", ref: "main", inputs: { version: "v1" } });
    const [run, ...others] = await ports.runs.recent("acme/shop", "deploy.yml", before);
    expect(run).toMatchObject({ title: "Deploy v1", status: "running", conclusion: null });
    expect(others).toEqual([]);
    expect(await ports.runs.run("acme/shop", run?.id ?? 0)).toMatchObject({ id: run?.id, title: "Deploy v1" });
    expect(await ports.runs.run("acme/shop", 999_999)).toBeNull();
  });

  it("tells live from was-live from failed deployments, newest first", async () => {
    await stage.deployThree();
    const records = await stage.ports.deployments.recent("acme/shop");
    expect(records.map(({ ref, environment, state }) => ({ ref, environment, state }))).toEqual([
      { ref: "v3", environment: "production", state: "failed" },
      { ref: "v2", environment: "production", state: "live" },
      { ref: "v1", environment: "production", state: "was-live" },
    ]);
  });

  it("tells the history of a repository: the same deployments, and no release or failed check where there is none", async () => {
    await stage.deployThree();
    const question = { since: new Date(0), releases: true, checks: true };
    const { deployments, ...rest } = await stage.ports.history.since("acme/shop", question);
    const plain = await stage.ports.deployments.recent("acme/shop");
    expect(deployments).toEqual(plain.map((each) => ({ ...each, failedChecks: [] })));
    expect(rest).toEqual({ releases: [], isCut: false, withheld: [] });
  });

  it("reads several files at once, and leaves out what is not there", async () => {
    const paths = ["postmortems/README.md", "postmortems/2026/1-x.md", "runbooks/bad-deploy.md"];
    const files = await stage.ports.postmortems.read(paths);
    expect(files.map(({ path, text }) => `${path} ${text}`)).toEqual([
      "postmortems/README.md # Index\n",
      "runbooks/bad-deploy.md # Bad deploy\n",
    ]);
  });

  it("compares two versions, and misses one that does not exist", async () => {
    await stage.deployThree();
    const compare = (base: string, head: string) => stage.ports.changes.compare("acme/shop", base, head);
    expect(await compare("v1", "v2")).toEqual({
      commits: [],
      files: [],
      url: expect.stringContaining("/compare/"),
      isCut: false,
    });
    await expect(compare("v1", "v9")).rejects.toThrow(NotFoundError);
  });

  it("commits files on the expected head only", async () => {
    const { ports } = stage;
    const { head } = (await ports.desk.look(null)).trunk;
    const request = {
      files: [{ path: "postmortems/2026/3.md", text: "# Größe\n" }],
      headline: "Post-mortem of #3",
      expectedHead: head,
    };
    const outcome = await ports.archive.commit(request);
    expect(outcome).toEqual({ kind: "committed", sha: (await ports.desk.look(null)).trunk.head });
    expect(await ports.archive.commit(request)).toEqual({ kind: "stale" });
    expect(await ports.archive.file("postmortems/2026/3.md")).toMatchObject({ text: "# Größe\n" });
    expect(await ports.archive.file("postmortems/2026/4.md")).toBeNull();
  });

  it("opens one pull request for a branch, however often it is asked to", async () => {
    const { ports } = stage;
    const { head } = (await ports.desk.look(null)).trunk;
    const request = {
      files: [{ path: "postmortems/2026/3.md", text: "x" }],
      headline: "Post-mortem of #3",
      expectedHead: head,
      branch: "gatehouse/postmortem-3",
      body: "why",
    };
    expect(await ports.archive.pullRequest(request.branch)).toBeNull();
    const pull = await ports.archive.openPullRequest(request);
    expect(await ports.archive.openPullRequest(request)).toEqual(pull);
    expect(await ports.archive.pullRequest(request.branch)).toEqual(pull);
    expect(await ports.archive.file("postmortems/2026/3.md")).toBeNull();
  });
});
