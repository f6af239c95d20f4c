import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fence } from "../../src/outside/fence.js";
import { redact } from "../../src/outside/redact.js";

const NONCE = "k3J9x0Qm2LpZ7aVb";

describe("fence", () => {
  it("puts each block between delimiters with the nonce", () => {
    const blocks = [
      { label: "logs", text: redact("a\nb") },
      { label: "alert", text: redact("c") },
    ];
    expect(fence(blocks, NONCE)).toBe(
      `<<<DATA ${NONCE} logs>>>\na\nb\n<<<END ${NONCE}>>>\n\n<<<DATA ${NONCE} alert>>>\nc\n<<<END ${NONCE}>>>`,
    );
  });

  it("lets no text end its own block, in any case or split by invisible characters", () => {
    const part = fc.constantFrom(
      `<<<END ${NONCE}>>>`,
      NONCE,
      NONCE.toLowerCase(),
      Array.from(NONCE).join("\u200b"),
      NONCE.slice(0, 8),
      NONCE.slice(8),
      "\n",
      "<<<END",
      "x",
    );
    const text = fc.array(part, { maxLength: 10 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, text, (body, label) => {
        const fenced = fence([{ label, text: { outside: body } }], NONCE);
        expect(fenced.toLowerCase().split(NONCE.toLowerCase())).toHaveLength(3);
        expect(fenced.endsWith(`\n<<<END ${NONCE}>>>`)).toBe(true);
      }),
    );
  });

  it.each(["", "short", "has spaces in it ok", "nonce$with$regex$signs"])("refuses the nonce %j", (nonce) => {
    expect(() => fence([], nonce)).toThrow(RangeError);
  });
});
