import { describe, expect, it } from "vitest";
import { levelOf, tallyLogs } from "../../../src/signals/cause-rank/tally-logs.js";

const line = (service: string, text: string) => ({ at: 0, service, text });

describe("what services say before and since", () => {
  it("counts kinds of lines by service, and keeps one as it was written", () => {
    const before = [line("cart", "INFO stored item 1"), line("cart", "INFO stored item 2")];
    const since = [line("cart", "INFO stored item 3"), line("shop", "ERROR cart took 900 ms")];
    const tallies = tallyLogs(before, since, ["cart", "shop"]);
    expect(tallies).toHaveLength(2);
    expect(tallies[0]).toMatchObject({ service: "cart", level: "other", before: 2, since: 1, example: "INFO stored item 3" });
    expect(tallies[1]).toMatchObject({ service: "shop", level: "error", before: 0, since: 1, names: ["cart"] });
  });

  it("takes a name only as a whole, and never its own", () => {
    const since = [line("cart", "ERROR cart failed in cart-cleaner"), line("cart", "ERROR no instances for store-db")];
    expect(tallyLogs([], since, ["cart", "store"]).flatMap(({ names }) => names)).toEqual([]);
  });

  it.each([
    { text: "2024-05-01 12:00:00 ERROR c.s.Cart no", level: "error" },
    { text: "panic: runtime error", level: "error" },
    { text: "Traceback (most recent call last):", level: "error" },
    { text: "[WARN] slow", level: "warning" },
    { text: "INFO no errors today", level: "other" },
  ])("takes $text as $level", ({ text, level }) => {
    expect(levelOf(text)).toBe(level);
  });
});
