import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { GitHub } from "../../../lab/github/github.js";
import { startGitHub } from "./support.js";

const run = promisify(execFile);
let github: GitHub;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lab-gh-test-"));
  github = await startGitHub({ socketPath: join(folder, "api.sock") });
  await gh("config", "set", "http_unix_socket", join(folder, "api.sock"));
});
afterAll(async () => {
  await github.close();
  await rm(folder, { recursive: true });
});

async function gh(...args: string[]): Promise<string> {
  const env = {
    PATH: process.env["PATH"],
    HOME: folder,
    GH_CONFIG_DIR: folder,
    GH_TOKEN: github.tokens["write"],
    NO_COLOR: "1",
    GH_NO_UPDATE_NOTIFIER: "1",
  };
  try {
    return (await run("gh", args, { env, cwd: folder })).stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new Error("this test needs GitHub's command line: apt-get install gh", { cause: error });
    throw error;
  }
}

test("gh api reads, creates and pages", async () => {
  expect(JSON.parse(await gh("api", "/user"))).toMatchObject({ login: "write" });
  for (const title of ["one", "two", "three"]) await gh("api", "repos/acme/shop/issues", "-f", `title=${title}`);
  const titles = await gh("api", "--paginate", "repos/acme/shop/issues?per_page=2", "--jq", ".[].title");
  expect(titles.trim().split("\n")).toEqual(["three", "two", "one"]);
});

test("gh api graphql answers with the repository", async () => {
  const answer = await gh(
    "api",
    "graphql",
    "-f",
    'query={ repository(owner: "acme", name: "shop") { nameWithOwner isPrivate } }',
    "--jq",
    ".data.repository.nameWithOwner",
  );
  expect(answer.trim()).toBe("acme/shop");
});

test("gh says what GitHub said when it refuses", async () => {
  await expect(gh("api", "repos/acme/shop/issues/999")).rejects.toMatchObject({
    stderr: expect.stringMatching(/Not Found \(HTTP 404\)/) as string,
  });
});

test("nothing above was at odds with GitHub's own description", () => {
  expect(github.validation).toMatchObject({ violations: 0, problems: [] });
});
