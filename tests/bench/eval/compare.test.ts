import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatComparison } from "../../../bench/eval/compare/differences.js";
import { evaluateAt, type Evaluated } from "../../../bench/eval/compare/evaluate-at.js";
import { UsageError } from "../../../bench/eval/options.js";

function evaluated(figures: Readonly<Record<string, unknown>>, cases = "", commit = "1111111aaaa"): Evaluated {
  return {
    result: { schema_version: 1, commit, results: { fruit: figures }, skipped: [], failed: [] },
    cases,
  };
}

describe("formatComparison", () => {
  it("puts the figures that differ side by side, deep ones too, and leaves out speed", () => {
    const before = evaluated({
      top1: 0.75,
      same: 1,
      by: { kind: 0.5 },
      rows_per_s: 10,
      ms_per_case: 4,
      gone: 3,
      renamed: { ms_per_case: 1 },
    });
    const now = evaluated({
      top1: 0.7,
      same: 1,
      by: { kind: null },
      rows_per_s: 99,
      ms_per_case: 5,
      fresh: 2,
      renamed: { ms_per_case: 9 },
    });
    expect(formatComparison({ ref: "main", before, now }).split("\n")).toEqual([
      "4 of 5 figures differ between main (1111111) and now (1111111).",
      "  figure         was   now  ±",
      "  fruit top1     0.75  0.7  −0.05",
      "  fruit by.kind  0.5   –",
      "  fruit gone     3     –",
      "  fruit fresh    –     2",
      "0 cases are answered differently.",
    ]);
  });

  it("shows each case that is answered differently, as it was and as it is", () => {
    const before = evaluated({}, "fruit: 0.1 s\nfruit\n  ✓ a: apple\n  ✗ b: pear (expected plum)\nfruit, renamed\n  ✓ a: apple");
    const now = evaluated({}, "fruit\n  ✓ a: apple\n  ✓ b: plum\nfruit, renamed\n  ✓ a: apple");
    const text = formatComparison({ ref: "v1", before, now });
    expect(text).toContain("1 cases are answered differently.\n  fruit b\n    was ✗ b: pear (expected plum)\n    now ✓ b: plum");
    expect(text).not.toContain("apple");
  });

  it("says which scorer broke, and on which side", () => {
    const broken = { ...evaluated({}), result: { ...evaluated({}).result, failed: ["stones"] } };
    expect(formatComparison({ ref: "v1", before: broken, now: evaluated({}) })).toContain("stones broke at v1.");
    expect(formatComparison({ ref: "v1", before: evaluated({}), now: broken })).toContain("stones broke now.");
  });
});

/** A repository whose compiler copies, and whose evaluation prints what it was asked. */
async function aRepository(main: string): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), "compare-"));
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], { cwd: root });
  const packages = await mkdtemp(join(tmpdir(), "packages-"));
  await mkdir(join(packages, "typescript/bin"), { recursive: true });
  await writeFile(
    join(packages, "typescript/bin/tsc"),
    'const fs = require("fs"); fs.mkdirSync("lib/bench/eval", {recursive: true}); fs.copyFileSync("main.js", "lib/bench/eval/main.js");',
  );
  git("init", "--quiet", "--initial-branch=main");
  writeFileSync(join(root, "main.js"), main);
  await mkdir(join(root, "bench/eval/scorers"), { recursive: true });
  for (const scorer of ["fruit", "stones"]) writeFileSync(join(root, `bench/eval/scorers/${scorer}.ts`), "");
  writeFileSync(join(root, ".gitignore"), "node_modules\nlib\n");
  git("add", "-A");
  git("commit", "--quiet", "-m", "first");
  git("tag", "old");
  writeFileSync(join(root, "main.js"), "throw new Error('not this one');");
  git("commit", "--quiet", "-am", "second");
  await symlink(packages, join(root, "node_modules"));
  return root;
}

const PRINTS = `console.error("fruit\\n  ✓ a: " + process.argv.slice(2).join(" "));
console.log(JSON.stringify({schema_version: 1, commit: "c", results: {fruit: {top1: 1}}, skipped: [], failed: []}));`;
const request = { data: "/data", only: ["fruit", "stones"], renamed: true };

describe("evaluateAt", () => {
  it("runs the evaluation of that commit with the same options, and takes its worktree away", async () => {
    const root = await aRepository(PRINTS);
    const { result, cases } = await evaluateAt("old", request, root);
    expect(result.results).toEqual({ fruit: { top1: 1 } });
    expect(cases).toContain("--data /data --only fruit,stones --json --cases --renamed");
    expect(execFileSync("git", ["worktree", "list"], { cwd: root, encoding: "utf8" }).trim().split("\n")).toHaveLength(1);
    expect(existsSync(join(root, "lib"))).toBe(false);
    expect(readdirSync(join(root, "node_modules"))).toEqual(["typescript"]);
  });

  it("takes the figures of the rest when a scorer broke there", async () => {
    const root = await aRepository(`${PRINTS}\nprocess.exitCode = 1;`);
    expect((await evaluateAt("old", request, root)).result.results).toEqual({ fruit: { top1: 1 } });
  });

  it("asks that commit for the scorers that it has", async () => {
    const root = await aRepository(PRINTS);
    expect((await evaluateAt("old", { ...request, only: ["younger", "fruit"] }, root)).cases).toContain("--only fruit --json");
    await expect(evaluateAt("old", { ...request, only: ["younger"] }, root)).rejects.toThrow("old has no scorer younger");
  });

  it.each([
    { name: "a commit that is not there", ref: "nowhere", says: /^There is no commit nowhere here/ },
    { name: "an option posing as a commit", ref: "--all", says: /^There is no commit --all here/ },
    { name: "an evaluation that breaks", ref: "main", says: /^main cannot be evaluated .*:\n[\s\S]*not this one/ },
  ])("refuses $name", async ({ ref, says }) => {
    const failed = evaluateAt(ref, request, await aRepository(PRINTS));
    await expect(failed).rejects.toThrow(says);
    await expect(failed).rejects.toBeInstanceOf(UsageError);
  });
});
