import { describe, expect, it } from "vitest";
import { suggest } from "../../src/config/suggest.js";

describe("suggest", () => {
  it.each([
    ["mdoe", "mode"],
    ["promtheus", "prometheus"],
    ["MODE", "mode"],
    ["owner", "owners"],
    ["colour", null],
    ["", null],
  ])("for %j it is %j", (word, expected) => {
    expect(suggest(word, ["mode", "prometheus", "owners", "environment"])).toBe(expected);
  });

  it("takes the nearest of several", () => {
    expect(suggest("token", ["url", "token-env", "timeout"])).toBe("token-env");
    expect(suggest("hand-overs", ["hands", "hand-over"])).toBe("hand-over");
  });
});
