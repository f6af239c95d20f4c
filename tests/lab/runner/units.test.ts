import { array, assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCommand } from "../../../lab/runner/job/commands.js";
import { parsePairs } from "../../../lab/runner/job/file-commands.js";
import { Mask } from "../../../lab/runner/job/mask.js";
import { expandMatrix } from "../../../lab/runner/lifecycle/matrix.js";
import { BadCron, latestDue } from "../../../lab/runner/schedule/cron.js";
import { matchesGlob } from "../../../lab/runner/schedule/glob.js";

describe("cron", () => {
  it.each([
    { cron: "17 * * * *", after: "2026-03-01T10:00", until: "2026-03-01T10:17", due: "2026-03-01T10:17" },
    { cron: "17 * * * *", after: "2026-03-01T10:17", until: "2026-03-01T11:16", due: null },
    { cron: "*/15 9-17 * * 1-5", after: "2026-02-27T17:50", until: "2026-03-02T09:20", due: "2026-03-02T09:15" },
    { cron: "0 0 1 jan *", after: "2025-12-30T00:00", until: "2026-01-02T00:00", due: "2026-01-01T00:00" },
    { cron: "0 12 13 * fri", after: "2026-03-06T13:00", until: "2026-03-13T13:00", due: "2026-03-13T12:00" },
    { cron: "0 12 1 * mon", after: "2026-03-01T13:00", until: "2026-03-02T13:00", due: "2026-03-02T12:00" },
    { cron: "5,35 3/6 * * *", after: "2026-03-01T04:00", until: "2026-03-01T09:30", due: "2026-03-01T09:05" },
  ])("$cron between $after and $until falls due at $due", ({ cron, after, until, due }) => {
    expect(
      latestDue(cron, new Date(`${after}Z`), new Date(`${until}Z`))
        ?.toISOString()
        .slice(0, 16) ?? null,
    ).toBe(due);
  });

  it.each(["* * * *", "60 * * * *", "* * * * * *", "a * * * *", "5-1 * * * *", "*/0 * * * *"])("refuses %s", (cron) => {
    expect(() => latestDue(cron, new Date(0), new Date(60_000))).toThrow(BadCron);
  });
});

describe("filter patterns", () => {
  it.each([
    { text: "main", patterns: ["main"], matches: true },
    { text: "feature/a", patterns: ["feature/*"], matches: true },
    { text: "feature/a/b", patterns: ["feature/*"], matches: false },
    { text: "feature/a/b", patterns: ["feature/**"], matches: true },
    { text: "v1.2", patterns: ["v[12].[0-9]+"], matches: true },
    { text: "a.js", patterns: ["**.js", "!a.js"], matches: false },
    { text: "src/deep/a.js", patterns: ["src/**/*.js"], matches: true },
    { text: "src/a.js", patterns: ["src/**/*.js"], matches: true },
    { text: "axjs", patterns: ["a.js"], matches: false },
  ])("$patterns on $text: $matches", ({ text, patterns, matches }) => {
    expect(matchesGlob(text, patterns)).toBe(matches);
  });
});

describe("a matrix", () => {
  it("is the product of its lists without what is excluded", () => {
    expect(expandMatrix({ os: ["a", "b"], node: [1, 2], exclude: [{ os: "b", node: 1 }] })).toEqual([
      { os: "a", node: 1 },
      { os: "a", node: 2 },
      { os: "b", node: 2 },
    ]);
  });

  // The example of GitHub's documentation.
  it("joins includes where they overwrite nothing, and adds the others", () => {
    const include = [
      { color: "green" },
      { color: "pink", animal: "cat" },
      { fruit: "apple", shape: "circle" },
      { fruit: "banana" },
      { fruit: "banana", animal: "cat" },
    ];
    expect(expandMatrix({ fruit: ["apple", "pear"], animal: ["cat", "dog"], include })).toEqual([
      { fruit: "apple", animal: "cat", color: "pink", shape: "circle" },
      { fruit: "apple", animal: "dog", color: "green", shape: "circle" },
      { fruit: "pear", animal: "cat", color: "pink" },
      { fruit: "pear", animal: "dog", color: "green" },
      { fruit: "banana" },
      { fruit: "banana", animal: "cat" },
    ]);
  });
});

describe("files that hand values back", () => {
  it.each([
    { text: "a=1\nb=x=y\n", pairs: { a: "1", b: "x=y" } },
    { text: "a<<END\none\n\ntwo=2\nEND\nb=3", pairs: { a: "one\n\ntwo=2", b: "3" } },
    { text: "a<<E=F\nE\nE=F\n", pairs: { a: "E" } },
    { text: "", pairs: {} },
  ])("reads $text", ({ text, pairs }) => {
    expect(Object.fromEntries(parsePairs(text))).toEqual(pairs);
  });

  it.each(["just words", "=1", "a<<END\nnever closed", "<<E\nx\nE"])("refuses %j", (text) => {
    expect(() => parsePairs(text)).toThrow(/Invalid/);
  });
});

describe("workflow commands", () => {
  it.each([
    {
      line: "::error file=a.js,line=3::oh%0Ano",
      command: { name: "error", properties: { file: "a.js", line: "3" }, text: "oh\nno" },
    },
    { line: "::add-mask::100%25", command: { name: "add-mask", properties: {}, text: "100%" } },
    { line: "plain ::error::text", command: null },
    { line: "::not a command", command: null },
  ])("reads $line", ({ line, command }) => {
    expect(parseCommand(line)).toEqual(command);
  });
});

describe("a mask", () => {
  it("hides every secret wherever it stands", () => {
    const secretText = string({ minLength: 4 }).filter((text) => text.trim().length > 3 && !text.includes("*"));
    assert(
      property(array(secretText, { minLength: 1, maxLength: 5 }), string(), string(), (secrets, before, after) => {
        const mask = new Mask();
        for (const each of secrets) mask.add(each);
        for (const each of secrets) {
          const text = `${before}${each}${after}`;
          expect(mask.hides(text)).toBe(true);
          expect(mask.apply(text)).not.toContain(each);
        }
      }),
    );
  });

  it("leaves text alone when only blank secrets were added", () => {
    const mask = new Mask();
    mask.add("");
    mask.add("\n \n");
    expect(mask.apply("a b\nc")).toBe("a b\nc");
  });
});
