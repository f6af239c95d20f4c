import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import {
  DispatchUncertainError,
  ForbiddenError,
  GitHubDownError,
  InvalidRequestError,
  NotFoundError,
  RateLimitedError,
} from "../../src/github/errors.js";
import { restComment, restIssue } from "./answers.js";
import { startHttpGitHub, TOKEN, type HttpGitHub, type Script } from "./http-github.js";

let github: HttpGitHub | null = null;
afterEach(async () => {
  await github?.close();
  github = null;
});
async function serve(script: Script, options = {}): Promise<HttpGitHub> {
  github = await startHttpGitHub(script, options);
  return github;
}

const change = { title: "t", body: "b", labels: ["incident"] };
const dispatch = { repository: "acme/shop", workflow: "deploy.yml", ref: "main", inputs: { version: "v1" } };

describe("repeating requests", () => {
  it("asks again when a read or an absolute update meets a fault", async () => {
    const { ports, asked } = await serve((_asked, nth) => (nth % 3 === 0 ? { body: restIssue() } : { status: 502, body: {} }));
    await ports.issues.current(3);
    await ports.issues.update(3, { ...change, state: "open" });
    expect(asked.map((request) => request.method)).toEqual(["GET", "GET", "GET", "PATCH", "PATCH", "PATCH"]);
  });

  it("gives up after three repetitions", async () => {
    const { ports, asked } = await serve(() => ({ status: 503, body: { message: "Unavailable" } }));
    await expect(ports.issues.current(3)).rejects.toThrow(GitHubDownError);
    expect(asked).toHaveLength(4);
  });

  it.each<{ name: string; act: (ports: HttpGitHub["ports"]) => Promise<unknown> }>([
    { name: "an issue", act: (ports) => ports.issues.create(change) },
    { name: "a comment", act: (ports) => ports.comments.post(3, "hello") },
    { name: "a dispatch", act: (ports) => ports.dispatcher.dispatch(dispatch) },
  ])("never sends $name twice when the answer is lost", async ({ act }) => {
    const { ports, asked } = await serve(() => ({ hangUp: true }));
    await expect(act(ports)).rejects.toThrow(/./);
    expect(asked).toHaveLength(1);
  });

  it("says of a lost write that it may have happened", async () => {
    const { ports } = await serve(() => ({ status: 500, body: {} }));
    await expect(ports.comments.post(3, "hello")).rejects.toMatchObject({ name: "GitHubDownError", mayHaveHappened: true });
  });

  it("repeats a reaction, which cannot be left twice", async () => {
    const { ports, asked } = await serve((_asked, nth) =>
      nth === 1 ? { status: 502, body: {} } : { status: 200, body: { id: 1, content: "eyes" } },
    );
    await ports.reactor.react(9, "seen");
    expect(asked.map((request) => request.body)).toEqual([{ content: "eyes" }, { content: "eyes" }]);
  });

  it("waits as long as retry-after says, also for a write", async () => {
    const limited = { status: 429, headers: { "retry-after": "1" }, body: { message: "slow down" } };
    const { ports, asked } = await serve((_asked, nth) => (nth === 1 ? limited : { status: 201, body: restComment() }));
    const before = performance.now();
    await ports.comments.post(3, "hello");
    expect(asked).toHaveLength(2);
    expect(performance.now() - before).toBeGreaterThanOrEqual(950);
  });

  it("does not wait for a limit that lasts longer than a minute, and says until when", async () => {
    const headers = { date: "Mon, 02 Mar 2026 03:00:00 GMT", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1772422200" };
    const { ports, asked } = await serve(() => ({ status: 403, headers, body: { message: "API rate limit exceeded" } }));
    const error = await ports.issues.current(3).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RateLimitedError);
    expect((error as RateLimitedError).retryAt.toISOString().slice(0, 16)).toBe("2026-03-02T03:30");
    expect(asked).toHaveLength(1);
  });

  it("cuts off an answer that does not come", async () => {
    const { ports } = await serve(() => ({ hangMs: 2_000, body: restIssue() }), { timeoutMs: 50 });
    await expect(ports.comments.post(3, "hello")).rejects.toMatchObject({ name: "GitHubDownError", mayHaveHappened: true });
  });

  it("treats GraphQL's own faults and limits like any other", async () => {
    const fault = { body: { data: null, errors: [{ message: "Something went wrong while executing your query." }] } };
    const { ports, asked } = await serve(() => fault);
    await expect(ports.desk.look(null)).rejects.toThrow(GitHubDownError);
    expect(asked).toHaveLength(4);
  });
});

describe("a lost dispatch", () => {
  it.each([
    { name: "a 500", scripted: { status: 500, body: {} } },
    { name: "a cut connection", scripted: { hangUp: true } },
  ])("is uncertain after $name", async ({ scripted }) => {
    const { ports } = await serve(() => scripted);
    await expect(ports.dispatcher.dispatch(dispatch)).rejects.toThrow(DispatchUncertainError);
  });

  it.each([
    { name: "refused inputs", status: 422, error: InvalidRequestError },
    { name: "a missing workflow", status: 404, error: NotFoundError },
  ])("is certain after $name", async ({ status, error }) => {
    const { ports } = await serve(() => ({ status, body: { message: "no" } }));
    await expect(ports.dispatcher.dispatch(dispatch)).rejects.toThrow(error);
  });

  it("did not happen when nothing listens", async () => {
    const { ports } = await serve(() => ({ status: 204 }));
    await github?.close();
    github = null;
    await expect(ports.dispatcher.dispatch(dispatch)).rejects.toMatchObject({ name: "GitHubDownError", mayHaveHappened: false });
  });
});

describe("what an error says", () => {
  const denied = { status: 403, body: { message: "Resource not accessible by integration" } };

  it.each<{ permission: string; act: (ports: HttpGitHub["ports"]) => Promise<unknown> }>([
    { permission: "issues: write", act: (ports) => ports.comments.post(3, "x") },
    { permission: "issues: read", act: (ports) => ports.issues.current(3) },
    { permission: "actions: write", act: (ports) => ports.dispatcher.dispatch(dispatch) },
    { permission: "contents: write", act: (ports) => ports.reservations.reserve(3, "d", { k: 1, runId: 5 }, "c") },
    { permission: "actions: read", act: (ports) => ports.environments.environment("production") },
  ])("names the permission to add: $permission", async ({ permission, act }) => {
    const { ports } = await serve(() => denied);
    const error = await act(ports).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ForbiddenError);
    expect((error as ForbiddenError).permission).toBe(permission);
    expect((error as ForbiddenError).message).toContain(`\`${permission}\` in the job's \`permissions:\``);
  });

  it("believes GitHub about the permission when it says which", async () => {
    const { ports } = await serve(() => ({
      ...denied,
      headers: { "x-accepted-github-permissions": "pull_requests=write; contents=write" },
    }));
    await expect(ports.comments.post(3, "x")).rejects.toMatchObject({ permission: "pull-requests: write" });
  });

  it("blames no permission for a locked issue", async () => {
    const { ports } = await serve(() => ({
      status: 403,
      body: { message: "Unable to create comment because issue is locked." },
    }));
    await expect(ports.comments.post(3, "x")).rejects.toMatchObject({
      permission: null,
      message: expect.stringContaining("locked"),
    });
  });

  it.each([403, 404])("tells for another repository what the token cannot see (%i)", async (status) => {
    const { ports } = await serve(() => ({
      status,
      body: { message: status === 403 ? "Resource not accessible by integration" : "Not Found" },
    }));
    await expect(ports.changes.compare("acme/other", "a", "b")).rejects.toThrow(
      /cannot read other private repositories.*acme\/other/,
    );
  });

  it("never holds the token", async () => {
    const { ports, asked } = await serve(() => ({ status: 401, body: { message: "Bad credentials" } }));
    const error = await ports.issues.current(3).catch((thrown: unknown) => thrown);
    expect(asked[0]?.headers.authorization).toContain(TOKEN);
    expect(error).toBeInstanceOf(ForbiddenError);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(TOKEN);
  });

  it("refuses an answer that breaks off", async () => {
    const { ports } = await serve(() => ({ raw: '{"number": 3, "title": "Ch' }));
    await expect(ports.issues.current(3)).rejects.toMatchObject({
      name: "UnexpectedAnswerError",
      message: expect.stringContaining("issue #3"),
    });
  });
});

it("tells the time of GitHub's answers", async () => {
  const { ports } = await serve(() => ({ body: restIssue(), headers: { date: "Sun, 01 Mar 2037 03:00:00 GMT" } }));
  await ports.issues.current(3);
  expect(ports.clock.now().toISOString().slice(0, 16)).toBe("2037-03-01T03:00");
});
