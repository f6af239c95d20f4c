import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, sha256 } from "../../src/plan/canonical.js";

describe("canonicalJson", () => {
  it.each([
    {
      name: "sorts keys by code unit at every depth",
      value: { b: 1, a: { é: 1, Z: 2, z: 3 } },
      text: '{"a":{"Z":2,"z":3,"é":1},"b":1}',
    },
    { name: "keeps the order of lists", value: [3, 1, [2]], text: "[3,1,[2]]" },
    { name: "leaves out members that are undefined", value: { a: undefined, b: null }, text: '{"b":null}' },
    { name: "writes dates as ISO 8601", value: { at: new Date(0) }, text: '{"at":"1970-01-01T00:00:00.000Z"}' },
    { name: "writes numbers as JSON does", value: [1.0, -0, 1e21, 0.1], text: "[1,0,1e+21,0.1]" },
    { name: "escapes what JSON escapes", value: 'a"\n\u2028', text: '"a\\"\\n\u2028"' },
  ])("$name", ({ value, text }) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each([
    { name: "not a number", value: { a: Number.NaN } },
    { name: "infinity", value: [Number.POSITIVE_INFINITY] },
    { name: "a function", value: () => 1 },
    { name: "a big integer", value: 1n },
    { name: "a hole in a list", value: [undefined] },
    { name: "a symbol", value: Symbol("s") },
  ])("refuses $name instead of writing something near it", ({ value }) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  it("is JSON of the same value, whatever the order of its keys", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it("differs where the values differ", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const same = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        expect(canonicalJson(one) === canonicalJson(other)).toBe(same);
      }),
    );
  });
});

it("sha256 is the known digest, of text and of bytes", () => {
  const known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  expect([sha256("abc"), sha256(Buffer.from("abc"))]).toEqual([known, known]);
});

function rebuilt(value: unknown, order: (keys: string[]) => string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => rebuilt(item, order));
  if (typeof value !== "object" || value === null) return value;
  const record = value as Record<string, unknown>;
  const entries = order(Object.keys(record)).map((key) => [key, rebuilt(record[key], order)]);
  return Object.fromEntries(entries);
}
function reversed(value: unknown): unknown {
  return rebuilt(value, (keys) => keys.reverse());
}
function sorted(value: unknown): unknown {
  return rebuilt(value, (keys) => keys.sort());
}
