import { afterEach, describe, expect, it } from "vitest";
import { blob, graphQlComment, graphQlIssue, trunk } from "./answers.js";
import { startHttpGitHub, type HttpGitHub, type Script } from "./http-github.js";

let github: HttpGitHub | null = null;
afterEach(async () => {
  await github?.close();
  github = null;
});
async function serve(script: Script, options = {}): Promise<HttpGitHub> {
  github = await startHttpGitHub(script, options);
  return github;
}
const answer = (repository: unknown, errors?: unknown) => ({
  body: { data: { repository }, ...(errors === undefined ? {} : { errors }) },
});

describe("one look", () => {
  it("is one request for trunk, issue and comments", async () => {
    const { ports, asked } = await serve(() => answer({ ...trunk(), issue: graphQlIssue([graphQlComment(5)]) }));
    const { issue, comments, trunk: seen } = await ports.desk.look(3);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.body).toMatchObject({
      variables: { owner: "acme", repo: "shop", config: "HEAD:.github/gatehouse.yml", incident: 3, withIssue: true },
    });
    expect(issue).toMatchObject({
      number: 3,
      state: "open",
      labels: ["incident"],
      author: { login: "github-actions[bot]", isBot: true },
      editedAt: null,
    });
    expect(comments).toHaveLength(1);
    expect(seen).toMatchObject({
      repositoryId: 4711,
      visibility: "private",
      head: "a".repeat(40),
      config: { text: "version: 1\n", sha: "b".repeat(40) },
    });
  });

  it("knows the other open incidents, as far as a bot opened them", async () => {
    const open = (number: number, kind: string): unknown => ({
      number,
      title: "P1 checkout: it fails since 03:00 UTC",
      createdAt: "2026-03-02T03:00:00Z",
      url: `https://github.com/acme/shop/issues/${number}`,
      author: { kind, login: "github-actions" },
    });
    const { ports, asked } = await serve(() =>
      answer({ ...trunk(), issue: null, openIncidents: { nodes: [open(9, "Bot"), open(8, "User"), null] } }),
    );
    const { openIncidents } = await ports.desk.look(3);
    expect(openIncidents).toEqual([
      {
        number: 9,
        title: "P1 checkout: it fails since 03:00 UTC",
        openedAt: new Date("2026-03-02T03:00:00Z"),
        url: "https://github.com/acme/shop/issues/9",
      },
    ]);
    expect(asked).toHaveLength(1);
  });

  it("asks for no issue when none is wanted", async () => {
    const { ports, asked } = await serve(() => answer(trunk()));
    expect(await ports.desk.look(null)).toMatchObject({ issue: null, comments: [] });
    expect(asked[0]?.body).toMatchObject({ variables: { withIssue: false } });
  });

  it("has no issue where GitHub knows none, and still the trunk", async () => {
    const missing = [
      { type: "NOT_FOUND", path: ["repository", "issue"], message: "Could not resolve to an Issue with the number of 9." },
    ];
    const { ports } = await serve(() => answer({ ...trunk(), issue: null }, missing));
    expect(await ports.desk.look(9)).toMatchObject({ issue: null, comments: [], trunk: { fullName: "acme/shop" } });
  });

  it.each([
    { type: "NOT_FOUND", path: ["repository"], name: "NotFoundError" },
    { type: "FORBIDDEN", path: ["repository", "rulesets"], name: "ForbiddenError" },
    { type: "INTERNAL", path: ["repository", "issue"], name: "InvalidRequestError" },
  ])("takes a half answer with a $type error for no answer", async ({ type, path, name }) => {
    const { ports } = await serve(() => answer({ ...trunk(), issue: null }, [{ type, path, message: "No." }]));
    await expect(ports.desk.look(3)).rejects.toMatchObject({ name });
  });

  it("names the permissions that a refused look needs", async () => {
    const errors = [{ type: "FORBIDDEN", path: ["repository", "issue"], message: "Resource not accessible by integration" }];
    const { ports } = await serve(() => answer({ ...trunk(), issue: null }, errors));
    await expect(ports.desk.look(3)).rejects.toMatchObject({ permission: "contents: read and issues: read" });
  });

  it("asks for further comments only beyond the first page, and keeps their order", async () => {
    const pages = [
      answer({ ...trunk(), issue: graphQlIssue([graphQlComment(5)], "cursor-1") }),
      answer({ issue: { comments: graphQlIssue([graphQlComment(7)], "cursor-2").comments } }),
      answer({ issue: { comments: graphQlIssue([graphQlComment(9)]).comments } }),
    ];
    const { ports, asked } = await serve((_asked, nth) => pages[nth - 1] ?? { status: 500 });
    expect((await ports.desk.look(3)).comments.map((comment) => comment.id)).toEqual([5, 7, 9]);
    expect(asked.slice(1).map((request) => (request.body as { variables: unknown }).variables)).toMatchObject([
      { after: "cursor-1" },
      { after: "cursor-2" },
    ]);
  });
});

describe("what a comment tells", () => {
  it.each([
    {
      name: "our reactions only",
      change: {
        reactionGroups: [
          { content: "EYES", viewerHasReacted: true },
          { content: "ROCKET", viewerHasReacted: false },
          { content: "HEART", viewerHasReacted: true },
        ],
      },
      expected: { ourReactions: ["seen"] },
    },
    {
      name: "when it was edited",
      change: { lastEditedAt: "2026-03-02T03:02:00Z" },
      expected: { editedAt: new Date("2026-03-02T03:02:00Z") },
    },
    {
      name: "that a bot wrote it, by its REST name",
      change: { author: { kind: "Bot", login: "renovate" } },
      expected: { author: { login: "renovate[bot]", isBot: true } },
    },
    { name: "that its author is gone", change: { author: null }, expected: { author: { login: "ghost", isBot: false } } },
    { name: "an id beyond 32 bits", change: { fullDatabaseId: "3000000001" }, expected: { id: 3_000_000_001 } },
  ])("$name", async ({ change, expected }) => {
    const { ports } = await serve(() => answer({ ...trunk(), issue: graphQlIssue([graphQlComment(5, change)]) }));
    expect((await ports.desk.look(3)).comments[0]).toMatchObject(expected);
  });
});

describe("what the trunk tells", () => {
  it("holds the markdown files of the runbooks folder, not its other entries", async () => {
    const entries = [
      { name: "bad-deploy.md", type: "blob", object: blob("# Bad deploy") },
      { name: "scripts", type: "tree", object: {} },
      { name: "notes.txt", type: "blob", object: blob("no") },
    ];
    const { ports } = await serve(() => answer(trunk({ runbooks: { entries } })));
    expect((await ports.desk.look(null)).trunk.runbooks).toEqual([
      { path: "runbooks/bad-deploy.md", text: "# Bad deploy", sha: "b".repeat(40) },
    ]);
  });

  it.each([
    { name: "without a runbooks folder", runbooks: null },
    { name: "with a file of that name", runbooks: {} },
  ])("holds no runbooks $name", async ({ runbooks }) => {
    const { ports } = await serve(() => answer(trunk({ runbooks })));
    expect((await ports.desk.look(null)).trunk.runbooks).toEqual([]);
  });

  it.each([
    { name: "cut short", change: { isTruncated: true }, message: /gatehouse\.yml is too large/ },
    { name: "binary", change: { text: null, isBinary: true }, message: /gatehouse\.yml is not text/ },
  ])("refuses a config that is $name", async ({ change, message }) => {
    const { ports } = await serve(() => answer(trunk({ config: blob("version: 1", change) })));
    await expect(ports.desk.look(null)).rejects.toThrow(message);
  });

  it("holds tag rulesets with their rules in lower case", async () => {
    const ruleset = {
      name: "gatehouse",
      enforcement: "ACTIVE",
      conditions: { refName: { include: ["refs/tags/gatehouse/**/*"], exclude: [] } },
      rules: { nodes: [{ type: "UPDATE" }, { type: "DELETION" }] },
    };
    const { ports } = await serve(() =>
      answer(trunk({ rulesets: { nodes: [ruleset, { ...ruleset, enforcement: "EVALUATE" }] } })),
    );
    expect((await ports.desk.look(null)).trunk.tagRulesets).toMatchObject([
      { active: true, include: ["refs/tags/gatehouse/**/*"], rules: ["update", "deletion"] },
      { active: false },
    ]);
  });

  it("says so when the repository is empty", async () => {
    const { ports } = await serve(() => answer(trunk({ defaultBranchRef: null })));
    await expect(ports.desk.look(null)).rejects.toThrow(/no commit on its default branch/);
  });
});
