import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quotePromql, writeMatchers } from "../../../src/evidence/packs/matchers.js";
import { hasPromtool, NEEDS_PROMETHEUS, promtool } from "./binaries.js";

describe("label matchers", () => {
  it.each([
    { labels: { job: "checkout" }, written: 'job="checkout"' },
    { labels: { namespace: "shop", pod: "~checkout-.*" }, written: 'namespace="shop",pod=~"checkout-.*"' },
    { labels: { pod: "~\\d+" }, written: 'pod=~"\\\\d+"' },
    { labels: { job: 'a"} or up{job="b' }, written: 'job="a\\"} or up{job=\\"b"' },
    { labels: { job: "a\nb\\" }, written: 'job="a\\u000ab\\\\"' },
    { labels: { job: "" }, written: 'job=""' },
  ])("$written", ({ labels, written }) => expect(writeMatchers(labels)).toBe(written));

  it("mean the very value that was given, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        expect(readString(quotePromql(value))).toEqual({ value, rest: "" });
      }),
      { numRuns: 2_000 },
    );
  });

  it("take half of a character for what cannot be read", () => {
    expect(readString(quotePromql("a\ud800b"))).toEqual({ value: "a\ufffdb", rest: "" });
  });

  it.skipIf(!hasPromtool)(`are one matcher each to Prometheus' own parser (${NEEDS_PROMETHEUS})`, async () => {
    const nasty = [
      '"',
      "\\",
      '\\"',
      "\n",
      "\r",
      "\t",
      "\0",
      "\u007f",
      "\u0085",
      "\ufffd",
      "\ud800",
      "é",
      "日本",
      "😀",
      "'",
      "`",
      "{}",
      "#",
      '"}',
    ];
    const values = [...nasty, ...fc.sample(fc.string({ unit: "binary" }), 300), ...fc.sample(fc.string(), 100)];
    const rules = values.map((value, index) => ({ record: `a${index}`, expr: `up{${writeMatchers({ job: `x${value}` })}}` }));
    const folder = mkdtempSync(join(tmpdir(), "gatehouse-rules-"));
    try {
      const file = join(folder, "rules.json"); // JSON is YAML too
      writeFileSync(file, JSON.stringify({ groups: [{ name: "values", rules }] }));
      expect(await promtool("check", "rules", file)).toMatchObject({
        ok: true,
        output: expect.stringContaining(`${rules.length} rules found`),
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

const ESCAPES: Readonly<Record<string, string>> = { '"': '"', "\\": "\\" };

/** As Go reads a string in double quotes, as far as we write one: the value, and what comes after the closing quote. */
function readString(text: string): { readonly value: string; readonly rest: string } {
  let value = "";
  for (let at = 1; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (character === '"') return { value, rest: text.slice(at + 1) };
    if (/[\p{Cc}\ufffd]/u.test(character)) throw new Error(`A raw control at ${at}.`);
    if (character !== "\\") {
      value += character;
      continue;
    }
    at += 1;
    if (text[at] === "u") {
      value += String.fromCharCode(Number.parseInt(text.slice(at + 1, at + 5), 16));
      at += 4;
    } else {
      const escaped = ESCAPES[text[at] ?? ""];
      if (escaped === undefined) throw new Error(`An unknown escape at ${at}.`);
      value += escaped;
    }
  }
  throw new Error("The string does not end.");
}
