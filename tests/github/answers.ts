/** Answers in the shape GitHub gives them, cut to the fields that matter. */

export const BOT = { login: "github-actions[bot]", id: 41898282, type: "Bot" };
export const ALICE = { login: "alice", id: 7, type: "User" };

export function restIssue(change: Readonly<Record<string, unknown>> = {}) {
  return {
    id: 91,
    number: 3,
    title: "Checkout fails",
    body: "the body",
    user: BOT,
    created_at: "2026-03-02T03:00:00Z",
    updated_at: "2026-03-02T03:00:00Z",
    state: "open",
    locked: false,
    labels: [
      { id: 1, name: "incident" },
      { id: 2, name: "severity:P1" },
    ],
    html_url: "https://github.com/acme/shop/issues/3",
    ...change,
  };
}

export function restComment(change: Readonly<Record<string, unknown>> = {}) {
  return {
    id: 3_000_000_001,
    body: "hello",
    user: BOT,
    created_at: "2026-03-02T03:00:00Z",
    updated_at: "2026-03-02T03:00:00Z",
    html_url: "https://github.com/acme/shop/issues/3#issuecomment-3000000001",
    ...change,
  };
}

export function restRun(change: Readonly<Record<string, unknown>> = {}) {
  return {
    id: 12,
    name: "deploy",
    display_title: "Deploy v1.4.1",
    status: "completed",
    conclusion: "success",
    created_at: "2026-03-02T03:00:00Z",
    html_url: "https://github.com/acme/shop/actions/runs/12",
    ...change,
  };
}

export function blob(text: string, change: Readonly<Record<string, unknown>> = {}) {
  return { oid: "b".repeat(40), text, isTruncated: false, isBinary: false, ...change };
}

export function trunk(change: Readonly<Record<string, unknown>> = {}) {
  return {
    databaseId: 4711,
    nameWithOwner: "acme/shop",
    visibility: "PRIVATE",
    defaultBranchRef: { name: "main", target: { oid: "a".repeat(40) } },
    config: blob("version: 1\n"),
    index: null,
    runbooks: { entries: [] },
    rulesets: { nodes: [] },
    ...change,
  };
}

export function graphQlIssue(comments: readonly unknown[], next: string | null = null) {
  return {
    number: 3,
    title: "Checkout fails",
    body: "the body",
    url: "https://github.com/acme/shop/issues/3",
    state: "OPEN",
    locked: false,
    createdAt: "2026-03-02T03:00:00Z",
    lastEditedAt: null,
    author: { kind: "Bot", login: "github-actions" },
    labels: { nodes: [{ name: "incident" }] },
    comments: { pageInfo: { hasNextPage: next !== null, endCursor: next }, nodes: comments },
  };
}

export function graphQlComment(id: number, change: Readonly<Record<string, unknown>> = {}) {
  return {
    fullDatabaseId: String(id),
    body: `comment ${id}`,
    url: `https://github.com/acme/shop/issues/3#issuecomment-${id}`,
    createdAt: "2026-03-02T03:01:00Z",
    lastEditedAt: null,
    author: { kind: "User", login: "alice" },
    reactionGroups: [{ content: "EYES", viewerHasReacted: false }],
    ...change,
  };
}
