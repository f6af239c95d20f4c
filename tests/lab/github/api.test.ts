import { afterAll, beforeAll, expect, test } from "vitest";
import { createClock } from "../../../lab/clock.js";
import type { GitHub } from "../../../lab/github/github.js";
import { as, connect, type FakeEngine, makeEngine, makeJob, repo, startGitHub, statusOf } from "./support.js";

let github: GitHub;
beforeAll(async () => {
  github = await startGitHub();
});
afterAll(() => github.close());

function ask(path: string, init: RequestInit & { login?: string } = {}): Promise<Response> {
  const headers = {
    authorization: `Bearer ${github.tokens[init.login ?? "write"] ?? ""}`,
    ...(init.headers as Record<string, string>),
  };
  return fetch(`${github.urls.api}${path}`, { ...init, headers });
}

test("a list is paged with Link headers until its end", async () => {
  const octokit = as(github, "write");
  for (let number = 1; number <= 5; number += 1)
    await octokit.issues.create({ ...repo, title: `Issue ${number}`, labels: number % 2 ? ["odd"] : [] });
  const titles = await octokit.paginate(
    octokit.issues.listForRepo,
    { ...repo, per_page: 2, sort: "created", direction: "asc" },
    ({ data }) => data.map(({ title }) => title),
  );
  expect(titles).toEqual(["Issue 1", "Issue 2", "Issue 3", "Issue 4", "Issue 5"]);
  const first = await octokit.issues.listForRepo({ ...repo, per_page: 2 });
  expect(first.headers.link).toMatch(/page=2>; rel="next".*page=3>; rel="last"/);
  const { data: odd } = await octokit.issues.listForRepo({ ...repo, labels: "odd", state: "all", creator: "write" });
  expect(odd.map(({ title }) => title)).toEqual(["Issue 5", "Issue 3", "Issue 1"]);
});

test("an unchanged answer is 304 and costs nothing", async () => {
  const first = await ask("/repos/acme/shop");
  const used = (response: Response) => Number(response.headers.get("x-ratelimit-used"));
  const again = await ask("/repos/acme/shop", { headers: { "if-none-match": first.headers.get("etag") ?? "" } });
  expect([first.status, again.status]).toEqual([200, 304]);
  expect(used(again)).toBe(used(first));
  const other = await ask("/repos/acme/shop", { headers: { "if-none-match": 'W/"stale"' } });
  expect(other.status).toBe(200);
});

test("time is the lab's: Date header, timestamps, and forward only", async () => {
  const clock = createClock();
  const later = await startGitHub({ clock });
  clock.advance(86_400);
  const answer = await as(later, "write").issues.create({ ...repo, title: "Tomorrow" });
  const created = Date.parse(answer.data.created_at);
  expect(created).toBeGreaterThan(Date.now() + 86_000_000);
  expect(Math.abs(Date.parse(answer.headers.date ?? "") - created)).toBeLessThan(5000);
  expect(() => clock.advance(-1)).toThrow(/only moves forward/);
  await later.close();
});

test("all of this fits GitHub's description", () => {
  expect(github.validation).toMatchObject({ violations: 0, problems: [] });
});

test("an unknown route is an error that names it, never a guess", async () => {
  const response = await ask("/repos/acme/shop/stargazers");
  expect(response.status).toBe(501);
  expect(((await response.json()) as { message: string }).message).toMatch(/GET \/repos\/acme\/shop\/stargazers/);
  expect(github.requests.at(-1)).toMatchObject({ operation: "unknown", status: 501, valid: false });
  expect(github.validation.by_operation["unknown"]).toEqual({ checked: 1, violations: 1, without_schema: 1 });
});

test.each([
  {
    name: "an unknown body key",
    path: "/repos/acme/shop/issues",
    body: { title: "x", colour: "red" },
    message: /"colour" is not a permitted key/,
  },
  {
    name: "an unknown nested key",
    path: "/repos/acme/shop/git/tags",
    body: { tag: "t", message: "m", object: "1".repeat(40), type: "commit", tagger: { name: "n", email: "e", when: "now" } },
    message: /"when" is not a permitted key/,
  },
  { name: "a missing key", path: "/repos/acme/shop/issues", body: { body: "x" }, message: /"title" wasn't supplied/ },
  {
    name: "a wrong type",
    path: "/repos/acme/shop/dispatches",
    body: { event_type: "alert", client_payload: "text" },
    message: /must be object/,
  },
  {
    name: "an event type beyond 100 characters",
    path: "/repos/acme/shop/dispatches",
    body: { event_type: "x".repeat(101) },
    message: /100 characters/,
  },
  {
    name: "more than ten payload keys",
    path: "/repos/acme/shop/dispatches",
    body: { event_type: "alert", client_payload: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`k${n}`, n])) },
    message: /10/,
  },
])("$name is refused with 422 and logged", async ({ path, body, message }) => {
  const response = await ask(path, { method: "POST", body: JSON.stringify(body) });
  expect(response.status).toBe(422);
  expect(((await response.json()) as { message: string }).message).toMatch(message);
  expect(github.requests.at(-1)).toMatchObject({ status: 422, valid: false });
});

test("malformed JSON is 400, an unknown query key is overlooked but logged", async () => {
  expect((await ask("/repos/acme/shop/issues", { method: "POST", body: "{" })).status).toBe(400);
  expect((await ask("/repos/acme/shop/issues?colour=red")).status).toBe(200);
  expect(github.requests.at(-1)).toMatchObject({ valid: false, problems: [expect.stringMatching(/colour/)] });
  expect((await ask("/repos/acme/shop/issues?state=broken")).status).toBe(422);
});

test("a request is logged with run, job and operation", async () => {
  await connect(github, github.issueJobToken(makeJob({ key: "open", runId: 33 }), { issues: "read" })).issues.listForRepo(repo);
  expect(github.requests.at(-1)).toMatchObject({
    run_id: 33,
    job: "open",
    operation: "issues/list-for-repo",
    method: "GET",
    status: 200,
    valid: true,
  });
  expect(github.requests.map(({ n }) => n)).toEqual(github.requests.map((_, index) => index + 1));
});

test("jobs share one pool an hour, and a full one says when it empties", async () => {
  const clock = createClock();
  const small = await startGitHub({ clock, jobTokenLimit: 2 });
  const [one, two] = ["a", "b"].map((key) => connect(small, small.issueJobToken(makeJob({ key }), { issues: "read" })));
  await one?.issues.listForRepo(repo);
  const { headers } = (await two?.issues.listForRepo(repo)) ?? { headers: {} };
  expect(headers).toMatchObject({ "x-ratelimit-limit": "2", "x-ratelimit-remaining": "0" });
  await expect(one?.issues.listForRepo(repo)).rejects.toMatchObject({
    status: 403,
    message: expect.stringMatching(/rate limit exceeded/) as string,
  });
  expect((await as(small, "read").issues.listForRepo(repo)).status).toBe(200);
  clock.advance(3601);
  expect((await one?.issues.listForRepo(repo))?.status).toBe(200);
  await small.close();
});

test("more than 80 contents a minute are refused with retry-after", async () => {
  const clock = createClock();
  const busy = await startGitHub({ clock });
  const octokit = as(busy, "write");
  for (let number = 0; number < 80; number += 1) await octokit.issues.create({ ...repo, title: `Issue ${number}` });
  const refused = octokit.issues.create({ ...repo, title: "One too many" });
  await expect(refused).rejects.toMatchObject({
    status: 403,
    response: { headers: { "retry-after": expect.stringMatching(/^\d+$/) as string } },
  });
  clock.advance(61);
  expect(await statusOf(octokit.issues.create({ ...repo, title: "After the minute" }))).toBe(0);
  await busy.close();
});

async function withEngine(work: (broken: GitHub, engine: FakeEngine) => Promise<void>): Promise<void> {
  const broken = await startGitHub();
  const engine = makeEngine(broken, "0".repeat(40));
  broken.attach(engine);
  await work(broken, engine);
  await broken.close();
}

test("a fault answers in GitHub's place from the nth matching request on, so many times", () =>
  withEngine(async (broken) => {
    const octokit = as(broken, "write");
    broken.setFaults({
      match: { operation: "issues/create", nth: 2 },
      times: 2,
      do: { status: 502, body: { message: "Bad gateway" }, headers: { "x-injected": "yes" } },
    });
    const statuses: number[] = [];
    for (const title of ["1", "2", "3", "4"]) statuses.push(await statusOf(octokit.issues.create({ ...repo, title })));
    expect(statuses).toEqual([0, 502, 502, 0]);
    expect((await octokit.issues.listForRepo(repo)).data.map(({ title }) => title)).toEqual(["4", "1"]);
    broken.setFaults({ match: { operation: "issues/*" }, times: 9, do: { status: 500 } });
    broken.clearFaults();
    expect(await statusOf(octokit.issues.listForRepo(repo))).toBe(0);
    expect(broken.validation.violations).toBe(0);
  }));

test("a kill before leaves the request undone, a kill after leaves it done", () =>
  withEngine(async (broken, engine) => {
    const octokit = connect(broken, broken.issueJobToken(makeJob({ id: 66, key: "open" }), { issues: "write" }));
    const create = (title: string) => statusOf(octokit.issues.create({ ...repo, title }));
    broken.setFaults({ match: { job: "open", operation: "issues/create" }, times: 1, do: { kill: "before" } });
    expect(await create("never")).not.toBe(0);
    broken.setFaults({ match: { job: "open", operation: "issues/create" }, times: 1, do: { kill: "after" } });
    expect(await create("done")).toBe(0);
    await expect.poll(() => engine.killed).toEqual([66, 66]);
    expect((await as(broken, "read").issues.listForRepo(repo)).data.map(({ title }) => title)).toEqual(["done"]);
  }));

test("a request that hangs is executed late, or not at all when its client gave up", () =>
  withEngine(async (broken) => {
    broken.setFaults({ match: { operation: "issues/create" }, times: 2, do: { hang_ms: 200 } });
    const started = Date.now();
    await as(broken, "write").issues.create({ ...repo, title: "late" });
    expect(Date.now() - started).toBeGreaterThanOrEqual(190);
    const signal = AbortSignal.timeout(50);
    await expect(as(broken, "write").issues.create({ ...repo, title: "given up", request: { signal } })).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect((await as(broken, "read").issues.listForRepo(repo)).data.map(({ title }) => title)).toEqual(["late"]);
  }));

test("without a runner a dispatch says that none is attached", async () => {
  const spare = await startGitHub();
  await expect(as(spare, "write").actions.createWorkflowDispatch({ ...repo, workflow_id: "x.yml", ref: "main" })).rejects.toThrow(
    /attach\(engine\)/,
  );
  await spare.close();
});
