import { afterAll, beforeAll, expect, test } from "vitest";
import { sanitize } from "../../../lab/github/server/markdown.js";
import type { GitHub } from "../../../lab/github/github.js";
import { as, repo, startGitHub } from "./support.js";

let github: GitHub;
beforeAll(async () => {
  github = await startGitHub();
});
afterAll(() => github.close());

const page = async (path: string) => {
  const response = await fetch(`${github.urls.server}${path}`);
  return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
};

test("an issue reads as a page, with comments and without its scripts", async () => {
  const octokit = as(github, "write");
  const body =
    "**down** <script>alert(1)</script>\n\n<details><summary>More</summary>\n\n| a |\n|---|\n| b |\n\n</details>\n<!-- hidden -->";
  const { data: issue } = await octokit.issues.create({ ...repo, title: "Shop <b>", body, labels: ["incident"] });
  const { data: comment } = await octokit.issues.createComment({ ...repo, issue_number: issue.number, body: "/approve 1234" });
  const { status, type, text } = await page(`/acme/shop/issues/${issue.number}`);
  expect([status, type]).toEqual([200, "text/html; charset=utf-8"]);
  expect(text).toContain("<strong>down</strong>");
  expect(text).toContain("<summary>More</summary>");
  expect(text).toContain("/approve 1234");
  expect(text).toContain(`id="issuecomment-${comment.id}"`);
  expect(text).toContain("Shop &lt;b&gt;");
  expect(text).not.toContain("<script");
  expect(text).not.toContain("hidden");
  expect((await page("/acme/shop/issues")).text).toContain(`/acme/shop/issues/${issue.number}`);
});

test("a file reads as text, what does not exist is 404", async () => {
  expect(await page("/acme/shop/blob/main/src/pool.txt")).toEqual({
    status: 200,
    type: "text/plain; charset=utf-8",
    text: "size=50\n",
  });
  expect((await page("/acme/shop/blob/main/none.txt")).status).toBe(404);
  expect((await page("/acme/shop/issues/999")).status).toBe(404);
  expect((await page("/elsewhere")).status).toBe(404);
});

test.each([
  ['<a href="javascript:alert(1)">x</a>', "<a>x</a>"],
  ['<a href="https://example.com/?a=1">x</a>', '<a href="https://example.com/?a=1" rel="nofollow noopener">x</a>'],
  ['<p onclick="x()">y</p>', "<p>y</p>"],
  ["<img src=x onerror=y>", "&lt;img src=x onerror=y&gt;"],
  ["<script <p>", "&lt;script <p>"],
  ["<!-- open", ""],
])("%s becomes %s", (html, expected) => {
  expect(sanitize(html)).toBe(expected);
});
