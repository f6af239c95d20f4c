import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { marker, pageMarker, readMarker, readPageMarker } from "../../src/render/marker.js";

describe("marker", () => {
  it("keeps keys of our own readable", () => {
    expect(marker("plan:7c1e90ab", 9)).toBe("<!-- gatehouse:plan:7c1e90ab r9 -->");
  });

  it("is read back whatever the key holds", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "grapheme" }), fc.nat(), (key, revision) => {
        expect(readMarker(`text\n\n${marker(key, revision)}\n`)).toEqual({ key, revision });
      }),
    );
  });

  it("cannot be ended or doubled by its key", () => {
    const line = marker("x --> <b>\n<!-- gatehouse:y r99 -->", 1);
    expect(line.match(/-->/g)).toHaveLength(1);
    expect(line).not.toContain("\n");
  });

  it("counts only at the end of a body", () => {
    expect(readMarker(`${marker("plan", 3)}\nand more text`)).toBeNull();
    expect(readMarker("no marker")).toBeNull();
  });

  it("is told apart from the marker of a page", () => {
    expect(readMarker(pageMarker("42/opened"))).toBeNull();
    expect(readPageMarker(`text\n${pageMarker("42/opened")}`)).toBe("42/opened");
  });
});
