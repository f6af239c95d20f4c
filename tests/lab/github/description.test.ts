import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { allHandlers } from "../../../lab/github/handlers/all.js";
import { loadDescription } from "../../../lab/github/schema/description.js";
import { createRouter } from "../../../lab/github/schema/routes.js";
import { createValidator } from "../../../lab/github/schema/validator.js";

const description = loadDescription();
const validator = createValidator(description);
const operation = (id: string) => {
  const found = description.operations.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no ${id}`);
  return found;
};

test("handlers, GitHub's description and the list it is pruned by name the same operations", () => {
  const described = description.operations.map(({ id }) => id).sort();
  const listed = readFileSync("lab/github/schema/operations.txt", "utf8").trim().split("\n");
  expect(Object.keys(allHandlers).sort()).toEqual(described);
  expect(listed.toSorted()).toEqual(described);
});

test("every operation has an answer described for success", () => {
  const without = description.operations.filter(({ answers }) => !Object.keys(answers).some((status) => /^[23]/.test(status)));
  expect(without).toEqual([]);
});

test.each([
  ["GET", "/repos/acme/shop/contents/", "repos/get-content", { path: "" }],
  ["GET", "/repos/acme/shop/contents", "repos/get-content", { path: "" }],
  ["GET", "/repos/acme/shop/contents/docs/a.md", "repos/get-content", { path: "docs/a.md" }],
  ["GET", "/repos/acme/shop/contents/docs%2Fa.md", "repos/get-content", { path: "docs/a.md" }],
  ["GET", "/repos/acme/shop/git/ref/tags/plan/1/x", "git/get-ref", { ref: "tags/plan/1/x" }],
  ["GET", "/repos/acme/shop/commits/feature/x/status", "repos/get-combined-status-for-ref", { ref: "feature/x" }],
  ["GET", "/repos/acme/shop/compare/v1.0...feature/x", "repos/compare-commits", { base: "v1.0", head: "feature/x" }],
  ["GET", "/repos/acme/shop/environments/a%2Fb", "repos/get-environment", { environment_name: "a/b" }],
  ["GET", "/repos/acme/shop/issues/comments", "issues/list-comments-for-repo", {}],
  ["PATCH", "/repos/acme/shop/issues/7", "issues/update", { issue_number: "7" }],
])("%s %s is %s", (method, path, id, params) => {
  const route = createRouter(description.operations)(method, path);
  expect(route?.operation.id).toBe(id);
  expect(route?.params).toMatchObject(params);
});

test("an answer that lacks a field or has a wrong one is a problem", () => {
  expect(validator.answer(operation("issues/get"), 200, { number: 1 })).toContainEqual(
    expect.objectContaining({ keyword: "required" }),
  );
  expect(validator.answer(operation("issues/lock"), 204, undefined)).toEqual([]);
  expect(validator.answer(operation("issues/lock"), 204, { left: "over" })).not.toEqual([]);
  expect(validator.answer(operation("issues/get"), 418, {})).toBeNull();
  expect(validator.answer(operation("issues/get"), 403, { message: "no" })).toEqual([]);
});

test("a nullable choice may be null and nothing else", () => {
  const problems = (conclusion: unknown) =>
    validator
      .answer(operation("actions/get-job-for-workflow-run"), 200, { conclusion })
      ?.filter(({ where }) => where === "/conclusion");
  expect(problems(null)).toEqual([]);
  expect(problems("excellent")).not.toEqual([]);
});
