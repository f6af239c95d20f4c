import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { explainReason, isReasonCode, REASON_CODES, renderReasonCodes } from "../../src/render/reasons.js";

describe("reason codes", () => {
  it.each(Object.entries(REASON_CODES))(
    "%s is kebab-case, says what it means and what comes next",
    (code, { kinds, means, next }) => {
      expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(kinds.length).toBeGreaterThan(0);
      expect(means).toMatch(/^[A-Z].*\.$/);
      expect(next.length).toBeGreaterThan(10);
    },
  );

  it("says that a word of another version is not known", () => {
    expect(isReasonCode("from-the-future")).toBe(false);
    expect(isReasonCode("toString")).toBe(false);
    expect(explainReason("from-the-future").means).toContain("does not know");
  });

  it("are documented word for word", () => {
    const page = readFileSync(new URL("../../docs/reason-codes.md", import.meta.url), "utf8");
    expect(page, "docs/reason-codes.md must be the text of renderReasonCodes()").toBe(renderReasonCodes());
  });
});
