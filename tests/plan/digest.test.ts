import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestOf } from "../../src/plan/digest.js";
import { Plan } from "../../src/plan/plan.js";
import * as sample from "../render/sample.js";

type Path = readonly (string | number)[];

/** Every place in the plan that holds a value. */
function leavesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null || value instanceof Date) return [path];
  const inner = Array.isArray(value)
    ? value.flatMap((item, index) => leavesOf(item, [...path, index]))
    : Object.entries(value).flatMap(([key, item]) => leavesOf(item, [...path, key]));
  return inner.length > 0 ? inner : [path];
}

function changed(value: unknown, [key, ...rest]: Path, put: unknown): unknown {
  if (key === undefined) return put;
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? changed(item, rest, put) : item));
  return { ...(value as object), [key]: changed((value as Record<string, unknown>)[key], rest, put) };
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value);
}

const plan = sample.plan();
const leaves = leavesOf(plan);

describe("the digest of a plan", () => {
  it.each(leaves.map((path) => ({ path })))("covers $path", ({ path }) => {
    const value = at(plan, path);
    const put =
      value instanceof Date ? new Date(value.getTime() + 1) : typeof value === "number" ? value + 1 : `${String(value)}.`;
    expect(digestOf(changed(plan, path, put) as typeof plan)).not.toBe(digestOf(plan));
  });

  it("covers every field of the schema", () => {
    const covered = new Set(leaves.map(([first]) => first));
    expect(covered).toEqual(new Set(Object.keys(Plan.shape)));
  });

  it("changes with any other value in any place", () => {
    fc.assert(
      fc.property(fc.constantFrom(...leaves), fc.jsonValue(), (path, put) => {
        const isSame = JSON.stringify(put) === JSON.stringify(at(plan, path));
        expect(digestOf(changed(plan, path, put) as typeof plan) === digestOf(plan)).toBe(isSame);
      }),
    );
  });

  it("changes when a step is added, taken away or moved", () => {
    const second = { ...sample.rollback, number: 2 };
    const digests = [[sample.rollback], [sample.rollback, second], [second, sample.rollback]].map((steps) =>
      digestOf(sample.plan({ steps })),
    );
    expect(new Set(digests).size).toBe(3);
  });

  it("is the same for the same plan, through the journal and whatever the order of its keys", () => {
    const shuffled = Object.fromEntries(Object.entries(plan).reverse()) as typeof plan;
    expect(digestOf(shuffled)).toBe(digestOf(plan));
    expect(digestOf(Plan.parse(JSON.parse(JSON.stringify(plan))))).toBe(digestOf(plan));
  });
});
