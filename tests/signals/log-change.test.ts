import { describe, expect, it } from "vitest";
import { compareLogs } from "../../src/signals/log-change.js";
import type { LogLine } from "../../src/signals/log-templates.js";

const WINDOWS = { beforeMs: 25 * 60_000, sinceMs: 5 * 60_000 };

function lines(count: number, text: string): LogLine[] {
  return Array.from({ length: count }, (_, index) => ({ at: index, text: `${text} ${index}` }));
}

describe("log lines before and since the onset", () => {
  it.each([
    { name: "never seen before", before: [], since: lines(40, "pool empty"), isNew: true, hasGrown: false },
    {
      name: "as frequent as ever",
      before: lines(50, "slow query"),
      since: lines(10, "slow query"),
      isNew: false,
      hasGrown: false,
    },
    { name: "more frequent than before", before: lines(10, "retry"), since: lines(90, "retry"), isNew: false, hasGrown: true },
    { name: "more frequent, but only a few", before: lines(1, "retry"), since: lines(5, "retry"), isNew: false, hasGrown: false },
  ])("$name", ({ before, since, isNew, hasGrown }) => {
    expect(compareLogs(before, since, WINDOWS)).toMatchObject([{ isNew, hasGrown, template: { count: since.length } }]);
  });

  it("are not called new where nothing was asked about before", () => {
    expect(compareLogs([], lines(40, "pool empty"), { ...WINDOWS, beforeMs: 0 })).toMatchObject([{ isNew: false }]);
  });

  it("put what is new and frequent first, and leave out what stopped", () => {
    const changes = compareLogs(
      [...lines(300, "old noise"), ...lines(5, "gone since")],
      [...lines(60, "old noise"), ...lines(2, "new, rare thing"), ...lines(30, "new and often")],
      WINDOWS,
    );
    expect(changes.map(({ template }) => template.text)).toEqual(["new and often <*>", "new, rare thing <*>", "old noise <*>"]);
  });
});
