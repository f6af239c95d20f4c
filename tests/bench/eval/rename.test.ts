import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom, createRenamer, createWordRenamer } from "../../../bench/eval/rename.js";

const WORDS = ["cart", "cart-db", "checkout", "node-1", "eu"];
const renamer = createRenamer(WORDS, 7);

describe("a renamer", () => {
  it("gives a name the same replacement everywhere, in each case of letters", () => {
    const name = renamer.text("cart");
    expect(name).not.toBe("cart");
    expect(renamer.text("cart-7d9f cart_errors CART_URL Cart getCart cartUrl")).toBe(
      `${name}-7d9f ${name}_errors ${name.toUpperCase()}_URL ${capitalized(name)} get${capitalized(name)} ${name}Url`,
    );
  });

  it("takes the longer of two names, and no part of another word", () => {
    expect(renamer.text("cart-db")).not.toContain(renamer.text("cart"));
    expect(renamer.text("carton neuron descartes")).toBe("carton neuron descartes");
  });

  it("renames keys and values at any depth, and leaves other values alone", () => {
    const checkout = renamer.text("checkout");
    expect(renamer.json({ checkout: [{ on: "checkout/x", n: 1, ok: true, none: null }] })).toEqual({
      [checkout]: [{ on: `${checkout}/x`, n: 1, ok: true, none: null }],
    });
  });

  it("takes an answer back", () => {
    const answer = "node-1 of Cart-db in EU";
    expect(renamer.restore(renamer.text(answer))).toBe(answer);
  });

  it("is the same for the same seed, another for another, and nothing without one", () => {
    expect(createRenamer(WORDS.toReversed(), 7).text("cart")).toBe(renamer.text("cart"));
    expect(createRenamer(WORDS, 8).text("cart")).not.toBe(renamer.text("cart"));
    expect(createRenamer(WORDS, null).text("cart eu")).toBe("cart eu");
    expect(createRenamer([], 7).text("cart eu")).toBe("cart eu");
  });

  it("never gives two words one name, nor a name that is a word", () => {
    const words = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}(?:-[a-z0-9]{1,4})?$/), { maxLength: 40 });
    fc.assert(
      fc.property(words, fc.nat(), (list, seed) => {
        const some = createRenamer(list, seed);
        const names = list.map((word) => some.text(word));
        expect(new Set([...names, ...list]).size).toBe(2 * list.length);
        expect(names.map((name) => some.restore(name))).toEqual(list);
      }),
    );
  });
});

it("random numbers lie in [0, 1) and repeat with their seed", () => {
  const [one, other] = [createRandom(3), createRandom(3)];
  for (let index = 0; index < 1_000; index += 1) {
    const value = one();
    expect(value).toBe(other());
    expect(value >= 0 && value < 1).toBe(true);
  }
});

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

describe("every word renamed", () => {
  it("keeps lengths, case, equality, units, truth values and what was thrown", () => {
    const rename = createWordRenamer(7);
    const line = rename("Session closed: session took 12 seconds, ok=false, java.io.IOException");
    expect(line).toMatch(/^[A-Z][a-z]{6} [a-z]{6}: [a-z]{7} [a-z]{4} 12 seconds, ok=false, [a-z]{4}\.io\.IOException$/);
    expect(line).not.toMatch(/session|closed|took|java/i);
    const [first = "", , again = ""] = line.split(/[ :]+/);
    expect(again).toBe(first.toLowerCase());
    expect(createWordRenamer(7)("Session closed")).toBe(line.slice(0, 14));
  });
});
