import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logLine } from "../../src/outside/log-line.js";
import { HOSTILE } from "./github.js";

/** As the runner tells a command: at the start of a line, or anywhere in its older form. */
function isWorkflowCommand(line: string): boolean {
  return line.trimStart().startsWith("::") || line.includes("##[");
}

describe("logLine", () => {
  it("is one line that starts no workflow command, whatever it holds", () => {
    const part = fc.oneof(
      fc.constantFrom("::", ":", "##[", "#", "[", "set-output name=x::y", "\u200b", "\n", " ", "\t", "\u00a0", "%0A", ...HOSTILE),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const line = logLine(parts.join(""));
        expect(line).not.toMatch(/[\r\n]|\p{Cc}/u);
        expect(isWorkflowCommand(line)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(["fe80::1 refused", "checkout: 37 % of requests fail", "std::string", "# of pods [4]"])(
    "leaves %s as it is",
    (text) => {
      expect(logLine(text)).toBe(text);
    },
  );

  it("is at most 4,000 characters", () => {
    expect(logLine("x".repeat(9_000))).toHaveLength(4_000);
  });
});
