import { describe, expect, it } from "vitest";
import { matches, readForMatching } from "../../src/outside/match.js";
import { redact } from "../../src/outside/redact.js";

describe("matches", () => {
  it("answers the same each time, for a pattern with state too", () => {
    const pattern = /no free connection/g;
    const text = redact("timeout: no free connection in pool");
    expect([matches(text, pattern), matches(text, pattern), matches(text, pattern)]).toEqual([true, true, true]);
    expect(matches(redact("all is well"), pattern)).toBe(false);
  });

  it("sees only what redaction has left", () => {
    expect(readForMatching(redact("password=hunter2"))).toBe("password=[redacted: password]");
  });
});
