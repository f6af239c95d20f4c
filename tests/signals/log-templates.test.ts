import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTemplateMiner, MAX_TEMPLATES, type LogLine } from "../../src/signals/log-templates.js";
import { maskVariables } from "../../src/signals/mask.js";

function mine(texts: readonly string[]): { text: string; count: number }[] {
  const miner = createTemplateMiner();
  texts.forEach((text, index) => miner.add({ at: index, text }));
  return miner.templates().map(({ text, count }) => ({ text, count }));
}

describe("masking", () => {
  it.each([
    ["took 12.5 ms", "took <*> ms"],
    ["user 6f1d2c3b-1111-2222-3333-444455556666 gone", "user <*> gone"],
    ["2026-11-20T04:40:00.189Z start", "<*> start"],
    ["connect 10.0.0.7:5432 failed", "connect <*> failed"],
    ['key "order-1" missing', "key <*> missing"],
    ["commit 1f3a9bc2d4 built", "commit <*> built"],
    ["at 0xDEADbeef", "at <*>"],
    ["decade of facade", "decade of facade"],
    ["pool (size=4, waiting=57)", "pool (size=<*>, waiting=<*>)"],
  ])("%s → %s", (line, masked) => {
    expect(maskVariables(line)).toBe(masked);
  });
});

describe("templates", () => {
  it("are one for lines that differ only in values", () => {
    const lines = [1, 2, 3].map((waiting) => `ERROR timeout: no free connection in pool (size=4, waiting=${waiting})`);
    expect(mine(lines)).toEqual([{ text: "ERROR timeout: no free connection in pool (size=<*>, waiting=<*>)", count: 3 }]);
  });

  it("find words that vary by themselves", () => {
    expect(mine(["order by alice was placed", "order by bob was placed"])).toEqual([
      { text: "order by <*> was placed", count: 2 },
    ]);
  });

  it("stay apart for lines that say different things", () => {
    expect(mine(["ERROR connection refused by peer", "ERROR no free connection left", "INFO order placed"])).toHaveLength(3);
  });

  it("are ordered by count, and know when they were seen", () => {
    const miner = createTemplateMiner();
    const lines: LogLine[] = [
      { at: 30, text: "b happened" },
      { at: 10, text: "a was there first" },
      { at: 20, text: "b happened" },
    ];
    expect(lines.map((line) => miner.add(line))).toEqual([0, 1, 0]);
    expect(miner.templates()).toMatchObject([
      { id: 0, count: 2, firstAt: 20, lastAt: 30 },
      { id: 1, count: 1 },
    ]);
  });

  it("do not grow without bound", () => {
    const miner = createTemplateMiner();
    const letters = "abcdefghijklmnopqrstuvwxyz";
    for (let index = 0; index < MAX_TEMPLATES + 50; index += 1) {
      const word = `${letters[index % 26] ?? ""}${letters[Math.floor(index / 26) % 26] ?? ""}`;
      miner.add({ at: index, text: `${word}-first only ${word}` });
    }
    expect(miner.templates()).toHaveLength(MAX_TEMPLATES);
    expect(miner.uncounted()).toBe(50);
    expect(miner.add({ at: 0, text: "  " })).toBeNull();
  });

  it("count every line that is not empty exactly once, whatever it says", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 60 }), { maxLength: 80 }), (texts) => {
        const miner = createTemplateMiner();
        const counted = texts.filter((text) => miner.add({ at: 0, text }) !== null).length;
        expect(miner.templates().reduce((sum, { count }) => sum + count, 0)).toBe(counted);
        expect(counted + miner.uncounted()).toBe(texts.filter((text) => text.trim() !== "").length);
      }),
    );
  });
});
