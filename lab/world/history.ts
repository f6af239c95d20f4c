import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { worldFolder } from "./files.js";

/** Path in the repository → content. */
export type Files = Readonly<Record<string, string>>;

interface Edit {
  readonly path: string;
  readonly replace: string;
  readonly by: string;
}

interface Change {
  readonly message: string;
  readonly hoursAgo: number;
  readonly author: string;
  readonly tag?: string;
  readonly edits: readonly Edit[];
}

/** One commit of the shop's history, with the whole tree after it. */
export interface Commit {
  readonly message: string;
  readonly hoursAgo: number; // before the lab's now
  readonly author: string;
  readonly tag: string | null;
  readonly files: Files;
}

/** The releases that the lab's control words stand for. Nothing but the lab's control server knows these words. */
export const releases = { good: "v1.4.2", bad: "v1.5.0" } as const;

/** When each release went into production, oldest first; v1.5.0 is tagged and waits to be deployed. */
export const deployments = [
  { version: "v1.4.1", hoursAgo: 166 },
  { version: "v1.4.2", hoursAgo: 47 },
] as const;

const poolConfig = "config/pool.json";
const readme = "README.md";
const bump = (from: string, to: string): Edit => ({
  path: "package.json",
  replace: `"version": "${from}"`,
  by: `"version": "${to}"`,
});

const firstCommit = { message: "Checkout with its deploy workflow", hoursAgo: 500, author: "Mina Okafor" };
const setupCommit = { message: "Set up Gatehouse", hoursAgo: 336, author: "Mina Okafor" };
const changes: readonly Change[] = [
  {
    message: "Tell clients when to come back after a 503",
    hoursAgo: 168,
    author: "Jonas Weber",
    tag: "v1.4.1",
    edits: [
      bump("1.4.0", "1.4.1"),
      {
        path: "service/server.mjs",
        replace: `response.writeHead(code, { "content-type": "application/json" })`,
        by: `response.writeHead(code, { "content-type": "application/json", ...(code === 503 && { "retry-after": "1" }) })`,
      },
    ],
  },
  {
    message: "Say how many orders were placed when shutting down",
    hoursAgo: 48,
    author: "Mina Okafor",
    tag: "v1.4.2",
    edits: [
      bump("1.4.1", "1.4.2"),
      {
        path: "service/server.mjs",
        replace: `log("INFO", "shutting down")`,
        by: 'log("INFO", `shutting down after ${orders} orders`)',
      },
    ],
  },
  {
    message: "README: name the owners",
    hoursAgo: 5,
    author: "Jonas Weber",
    edits: [{ path: readme, replace: "Releases are tags.", by: "Owned by @acme/payments. Releases are tags." }],
  },
  {
    message: [
      "Order numbers in the answer as text; trim idle database connections",
      "",
      "Clients that cannot hold large numbers asked for text. payments-db",
      "reports 46 of our 50 connections idle at night: give them back.",
    ].join("\n"),
    hoursAgo: 1,
    author: "Jonas Weber",
    tag: "v1.5.0",
    edits: [
      bump("1.4.2", "1.5.0"),
      { path: poolConfig, replace: `"size": 50`, by: `"size": 4` },
      { path: "service/server.mjs", replace: "body: { order: orders }", by: "body: { order: String(orders) }" },
      {
        path: readme,
        replace: "`POST /checkout` places an order,",
        by: "`POST /checkout` places an order and answers its number as text,",
      },
    ],
  },
];

/**
 * The shop's commits, oldest first; the last one is the head of `main`.
 * @param setup - files that the second commit adds: Gatehouse's workflows, config and runbooks
 */
export function shopHistory(setup: Files = {}): readonly Commit[] {
  const commits: Commit[] = [{ ...firstCommit, tag: null, files: readContent() }];
  if (Object.keys(setup).length > 0) commits.push({ ...setupCommit, tag: null, files: { ...latest(commits), ...setup } });
  for (const { edits, tag, ...change } of changes) {
    commits.push({ ...change, tag: tag ?? null, files: edits.reduce(applyEdit, latest(commits)) });
  }
  return commits;
}

/** Everything a release contains. `poolSize` makes a variant of it, for measuring. */
export function releaseFiles(tag: string, poolSize?: number): Files {
  const commit = shopHistory().find((each) => each.tag === tag);
  if (!commit) throw new Error(`The shop has no release ${tag}.`);
  if (poolSize === undefined) return commit.files;
  const config: unknown = JSON.parse(commit.files[poolConfig] ?? "{}");
  return { ...commit.files, [poolConfig]: JSON.stringify({ ...(config as object), size: poolSize }) };
}

function latest(commits: readonly Commit[]): Files {
  return commits.at(-1)?.files ?? {};
}

function applyEdit(files: Files, { path, replace, by }: Edit): Files {
  const content = files[path];
  if (!content?.includes(replace)) throw new Error(`The shop's history does not fit its content: ${path} lacks ${replace}`);
  return { ...files, [path]: content.replace(replace, by) };
}

function readContent(): Files {
  const root = join(worldFolder(), "repository");
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((path) => statSync(join(root, path)).isFile());
  return Object.fromEntries(paths.sort().map((path) => [path.replaceAll("\\", "/"), readFileSync(join(root, path), "utf8")]));
}
