import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { updateIndex, type IndexEntry } from "../../src/postmortem/index.js";
import { summarize } from "../../src/postmortem/summarize.js";
import * as sample from "../render/sample.js";

const values = summarize(sample.incident(sample.recovered()));

function entry(incident: number, changes: Partial<IndexEntry["values"]> = {}): IndexEntry {
  return {
    path: `postmortems/2026/${incident}-checkout-x.md`,
    directory: "postmortems",
    values: { ...values, incident, ...changes },
  };
}
const rowsOf = (text: string): string[] => text.split("\n").filter((line) => /^\| \d{4}/.test(line));

describe("the index of post-mortems", () => {
  it("begins with a heading, figures and one row", async () => {
    await expect(updateIndex(null, entry(42))).toMatchFileSnapshot("snapshots/index.md");
  });

  it("lists the newest first", () => {
    const text = [
      entry(2, { opened: "2026-02-01T00:00:00.000Z" }),
      entry(3, { opened: "2026-03-01T00:00:00.000Z" }),
      entry(1, { opened: "2026-01-01T00:00:00.000Z" }),
    ].reduce<string | null>(updateIndex, null);
    expect(rowsOf(text ?? "").map((row) => /\[(\d+)\]/.exec(row)?.[1])).toEqual(["3", "2", "1"]);
  });

  it.each([
    { minutes: [10], median: "10 min" },
    { minutes: [10, 30], median: "20 min" },
    { minutes: [5, 90, 10], median: "10 min" },
  ])("shows the median time to recover of $minutes", ({ minutes, median }) => {
    const text = minutes
      .map((value, index) => entry(index + 1, { "minutes-to-recover": value }))
      .reduce<string | null>(updateIndex, null);
    expect(text).toContain(`median time to recover ${median}.`);
  });

  it("leaves out of the median what never had to recover", () => {
    const real = updateIndex(null, entry(1, { "minutes-to-recover": 30 }));
    const text = updateIndex(real, entry(2, { "minutes-to-recover": 1, how: "no-incident" }));
    expect(text).toContain("2 incidents, median time to recover 30 min.");
  });

  it("holds an incident once, however often it is added", () => {
    const once = updateIndex(null, entry(42));
    expect(updateIndex(once, entry(42))).toBe(once);
  });

  it("is the same in whatever order incidents are filed", () => {
    const entries = [1, 2, 3, 4].map((number) => entry(number));
    const expected = entries.reduce<string | null>(updateIndex, null);
    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: 4 }), (shuffled) => {
        expect(shuffled.reduce<string | null>(updateIndex, null)).toBe(expected);
      }),
    );
  });

  it("keeps what people wrote around its block", () => {
    const first = updateIndex("# Ours\n\nHello $& $1.", entry(1));
    const edited = `${first.replace("# Ours", "# Ours, edited")}\nBelow.\n`;
    const second = updateIndex(edited, entry(2));
    expect(second).toMatch(/^# Ours, edited\n\nHello \$& \$1\./);
    expect(second).toMatch(/index end -->\n\nBelow\.\n$/);
    expect(rowsOf(second)).toHaveLength(2);
  });

  it("keeps rows that people changed beyond its own form", () => {
    const text = updateIndex(null, entry(1)).replace("| [1]", "| see [1]");
    const after = updateIndex(text, entry(2));
    expect(after).toContain("| see [1]");
    expect(after).toContain("2 incidents");
  });

  it("keeps its table whole whatever a cause says", () => {
    const text = updateIndex(null, entry(1, { cause: "a | b\n| c <!-- gatehouse:index end -->" }));
    expect(rowsOf(updateIndex(text, entry(2)))).toHaveLength(2);
    expect(text.match(/index end -->/g)).toHaveLength(1);
  });
});
