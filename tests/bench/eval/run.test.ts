import { mkdtemp, mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatCases, formatTable, toJson } from "../../../bench/eval/report.js";
import { isFolder, runScorers } from "../../../bench/eval/run.js";
import type { Scorer, ScoreRequest } from "../../../bench/eval/scorer.js";

let data = "";
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "gatehouse-eval-"));
  await Promise.all(["fruit", "broken", "stones"].map((name) => mkdir(join(data, name))));
});
afterAll(() => rm(data, { recursive: true, force: true }));

function scorerOf(name: string, renames: boolean, asked: ScoreRequest[] = []): Scorer {
  return {
    name,
    renames,
    goals: [
      { figure: "top1", atLeast: 0.6, published: "others 0.5" },
      { figure: "wrong", atMost: 0.1 },
    ],
    score: (request) => {
      asked.push(request);
      if (name === "broken") return Promise.reject(new Error("no truth.json"));
      const top1 = request.renameSeed === null ? 0.75 : 0.7;
      return Promise.resolve({
        figures: { top1, wrong: 0.25, nothing: null, by: { kind: 0.5 } },
        cases: [
          { id: "a", right: true, answer: "apple", expected: "apple" },
          { id: "b", right: false, answer: "pear", expected: "plum" },
        ],
        notes: ["pears are hard"],
      });
    },
  };
}
const SCORERS = [scorerOf("fruit", true), scorerOf("broken", false), scorerOf("stones", false), scorerOf("absent", true)];

describe("running scorers", () => {
  it("reports one that throws and one whose folder is missing, and runs the rest", async () => {
    const { runs, failed, skipped } = await runScorers(SCORERS, { data, renameSeed: null });
    expect(runs.map(({ scorer }) => scorer.name)).toEqual(["fruit", "stones"]);
    expect(failed).toMatchObject([{ name: "broken", why: expect.stringContaining("no truth.json") }]);
    expect(skipped).toMatchObject([{ name: "absent", why: `no folder ${join(data, "absent")}` }]);
  });

  it("reads another scorer's folder where one says so", async () => {
    const asked: ScoreRequest[] = [];
    const { skipped } = await runScorers([{ ...scorerOf("seeds", false, asked), reads: "fruit" }], { data, renameSeed: null });
    expect(asked.map(({ folder }) => folder)).toEqual([join(data, "fruit")]);
    expect(skipped).toEqual([]);
  });

  it("renames only where that makes sense, and only when asked", async () => {
    const asked: ScoreRequest[] = [];
    const scorers = [scorerOf("fruit", true, asked), scorerOf("stones", false, asked)];
    await runScorers(scorers, { data, renameSeed: 5 });
    const folder = (name: string): string => join(data, name);
    expect(asked).toEqual([
      { folder: folder("fruit"), data, renameSeed: null },
      { folder: folder("fruit"), data, renameSeed: 5 },
      { folder: folder("stones"), data, renameSeed: null },
    ]);
  });

  it("knows a folder from a file and from nothing", async () => {
    expect([await isFolder(data), await isFolder(join(data, "x")), await isFolder(import.meta.filename)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe("the report", () => {
  it("as JSON: figures by scorer, renamed ones beside them, what was skipped and what failed", async () => {
    const outcome = await runScorers(SCORERS, { data, renameSeed: 5 });
    const figures = { top1: 0.75, wrong: 0.25, nothing: null, by: { kind: 0.5 } };
    expect(toJson(outcome, "abc")).toEqual({
      schema_version: 1,
      commit: "abc",
      results: { fruit: { ...figures, renamed: { ...figures, top1: 0.7 } }, stones: figures },
      skipped: ["absent"],
      failed: ["broken"],
    });
  });

  it("as a table: ours, renamed with the difference, goal, mark, published", async () => {
    const lines = formatTable(await runScorers(SCORERS, { data, renameSeed: 5 })).split("\n");
    expect(lines[1]).toMatch(/^fruit\s+top1\s+0\.75\s+0\.7\s+−0\.050\s+≥ 0\.6\s+✓\s+\d+\.\d\s+others 0\.5/);
    expect(lines[2]).toMatch(/^\s+wrong\s+0\.25\s+0\.25\s+\+0\.000\s+≤ 0\.1\s+✗$/);
    expect(lines[3]).toMatch(/^\s+nothing\s+–\s+–$/);
    expect(lines[4]).toMatch(/by\.kind\s+0\.5/);
    expect(lines.join("\n")).toMatch(/fruit: pears are hard[\s\S]*absent: skipped[\s\S]*broken: FAILED: Error: no truth\.json/);
  });

  it("case by case: what was expected stands beside a wrong answer only", async () => {
    const { runs } = await runScorers([scorerOf("stones", false)], { data, renameSeed: null });
    expect(runs.map(formatCases)).toEqual(["stones\n  ✓ a: apple\n  ✗ b: pear (expected plum)"]);
  });
});
