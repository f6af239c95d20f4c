import { describe, expect, it } from "vitest";
import { readDiff, realChange } from "../../../src/signals/change-rank/diff.js";
import { findFirstDeparture } from "../../../src/signals/change-rank/first-departure.js";
import { rolloutsOf, touches } from "../../../src/signals/change-rank/rollouts.js";
import { isSchedule, runsPerDay } from "../../../src/signals/change-rank/schedules.js";
import { changedSettings, changedTexts } from "../../../src/signals/change-rank/settings.js";
import { namesOf, wordsOf } from "../../../src/signals/change-rank/words.js";

const file = (diff: string) => ({ path: "", removed: [], added: [], now: [], was: [], ...readDiff(diff, ["a.go"])[0] });

describe("reading a diff", () => {
  it("tells files apart in both forms", () => {
    const git = "--- a/x.go\n+++ b/x.go\n@@ -1 +1 @@ func pool()\n-a\n+b\n--- a/y.go\n+++ b/y.go\n@@ -1 +1 @@\n-c\n+d";
    expect(readDiff(git, []).map(({ path, removed }) => [path, removed])).toEqual([
      ["x.go", ["a"]],
      ["y.go", ["c"]],
    ]);
    const hunks = "@@ x.go @@\n-a\n+b\n@@ y.go: func f() @@\n-c\n+d";
    expect(readDiff(hunks, ["x.go", "y.go"]).map(({ path, added }) => [path, added])).toEqual([
      ["x.go", ["b"]],
      ["y.go", ["d"]],
    ]);
  });

  it("leaves out comments, layout and what only moved", () => {
    const real = realChange(file("-// before\n-a := 1\n-b := 2\n+// after\n+  b := 2\n+c := 3"));
    expect(real).toEqual({ removed: ["a := 1"], added: ["c := 3"] });
  });
});

describe("settings that got another value", () => {
  it.each([
    { diff: "-ttl: 15m\n+ttl: 15s", expected: { name: "ttl", from: 900, to: 15, unit: "time" } },
    { diff: "-	Timeout: 5 * time.Second,\n+	Timeout: 300 * time.Millisecond,", expected: { from: 5, to: 0.3, unit: "time" } },
    { diff: "-const maxConns = 1_000\n+const maxConns = 10", expected: { name: "maxConns", from: 1000, to: 10, unit: "plain" } },
    { diff: "-memory: 1Gi\n+memory: 512Mi", expected: { from: 1_073_741_824, to: 536_870_912, unit: "size" } },
    { diff: "-f(ctx, 5*time.Second)\n+f(ctx, 1*time.Second)", expected: { name: "f", from: 5, to: 1 } },
    { diff: '-  "retries": 3,\n+  "retries": 30,', expected: { name: "retries", from: 3, to: 30 } },
  ])("$diff", ({ diff, expected }) => {
    expect(changedSettings(file(diff))).toEqual([expect.objectContaining(expected)]);
  });

  it("takes one value in other units as the same", () => {
    expect(changedSettings(file("-ttl: 60s\n+ttl: 1m"))).toEqual([]);
  });

  it("reads switches and quoted values", () => {
    expect(changedTexts(file('-host: "a.internal"\n-strict = true\n+host: "b.internal"\n+strict = false'))).toEqual([
      { name: "host", from: "a.internal", to: "b.internal" },
      { name: "strict", from: "true", to: "false" },
    ]);
  });
});

describe("settings without quotes and schedules", () => {
  const inFile = (path: string, diff: string) =>
    changedTexts({ path, removed: [], added: [], now: [], was: [], ...readDiff(diff, [path])[0] });

  it("reads bare values only where they need no quotes", () => {
    const diff = "-  LOG_LEVEL: info\n+  LOG_LEVEL: trace";
    expect(inFile("deploy/values.yaml", diff)).toEqual([{ name: "LOG_LEVEL", from: "info", to: "trace" }]);
    expect(inFile("a.go", diff)).toEqual([]);
  });

  it.each([
    { text: "0 3 * * *", runs: 1 },
    { text: "*/15 * * * *", runs: 96 },
    { text: "0 9-17 * * 1-5", runs: 9 },
    { text: "0,30 * * * *", runs: 48 },
    { text: "* 6 * * *", runs: 60 },
  ])("$text runs $runs times on a day", ({ text, runs }) => {
    expect(isSchedule(text)).toBe(true);
    expect(runsPerDay(text)).toBe(runs);
  });

  it("takes words for no schedule", () => {
    expect(isSchedule("one of the 5 big")).toBe(false);
  });
});

describe("when a series first left what it was", () => {
  const minutes = (values: readonly number[]) => values.map((value, index) => ({ at: index, value }));
  const flat = Array.from({ length: 30 }, (_, index) => 100 + (index % 3));

  it.each([
    { name: "a leap", values: [...flat, 300, 310, 305, 300], expected: { at: 30, direction: "rose" } },
    {
      name: "a slow decline",
      values: [...flat, ...Array.from({ length: 60 }, (_, index) => 100 - index)],
      expected: { at: 35, direction: "fell" },
    },
    {
      name: "a leak, from where it began and not from where it was beyond doubt",
      values: [...flat, ...Array.from({ length: 200 }, (_, index) => 100 + 50 * (index + 1))],
      expected: { at: 30, direction: "rose" },
    },
    { name: "a single spike", values: [...flat, 900, 100, 101, 102, 100], expected: null },
    { name: "a countdown that goes on", values: Array.from({ length: 60 }, (_, index) => 6000 - 60 * index), expected: null },
    {
      name: "an uptime that begins anew",
      values: [...Array.from({ length: 40 }, (_, index) => 60 * index), 0, 0, 0, 0],
      expected: { at: 40, direction: "fell" },
    },
    { name: "too few points", values: [1, 9, 9], expected: null },
  ])("$name", ({ values, expected }) => {
    expect(findFirstDeparture(minutes(values), Number.POSITIVE_INFINITY)).toEqual(expected);
  });

  it("looks at nothing after people were told", () => {
    expect(findFirstDeparture(minutes([...flat, 300, 310, 305, 300]), 29)).toBeNull();
  });
});

describe("when a commit reached production", () => {
  const deployed = [
    { service: "cart", at: 10, commit: "a" },
    { service: "shop", at: 20, commit: "b" },
    { service: "cart", at: 30, commit: "c" },
  ];

  it.each([
    {
      name: "with the deployment made of it",
      commit: { id: "a", at: 5, files: ["cart/x.go"] },
      expected: [{ service: "cart", at: 10 }],
    },
    {
      name: "with the next of its service",
      commit: { id: "z", at: 15, files: ["services/cart/x.go"] },
      expected: [{ service: "cart", at: 30 }],
    },
    {
      name: "with the next of each, for shared code",
      commit: { id: "z", at: 15, files: ["pkg/x.go"] },
      expected: [
        { service: "shop", at: 20 },
        { service: "cart", at: 30 },
      ],
    },
    { name: "not at all", commit: { id: "z", at: 35, files: ["cart/x.go"] }, expected: [] },
  ])("$name", ({ commit, expected }) => {
    expect(rolloutsOf(commit, deployed, ["cart", "shop"])).toEqual(expected);
  });

  it("is not known without any deployment", () => {
    expect(rolloutsOf({ id: "a", at: 5, files: [] }, [], ["cart"])).toBeNull();
  });

  it.each([
    { path: "services/checkout/a.go", service: "checkoutservice", expected: true },
    { path: "checkout-svc/a.go", service: "checkout", expected: true },
    { path: "pkg/checkoutflow/a.go", service: "checkout", expected: false },
    { path: "checkout.go", service: "checkout", expected: false },
  ])("$path belongs to $service: $expected", ({ path, service, expected }) => {
    expect(touches([path], service)).toBe(expected);
  });
});

describe("words", () => {
  it.each(["maxConnIdle", "max_conn_idle", "MAX CONN IDLE", "max-conn-idles"])("%s says the same as the others", (text) => {
    expect(wordsOf(text)).toEqual(["conn", "idle"]);
  });

  it("knows a made-up name from words", () => {
    expect(namesOf("SELECT id FROM cart_orders WHERE ListProducts fails")).toEqual(["cart_orders", "listproducts"]);
  });
});
