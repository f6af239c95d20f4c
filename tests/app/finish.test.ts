import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outcome, type Outcome } from "../../src/app/app.js";
import { finish } from "../../src/app/finish.js";
import { OUTPUTS } from "../../src/config/inputs.js";
import { REASON_CODES } from "../../src/render/reasons.js";
import { PHASES } from "../../src/words.js";
import { createReport } from "./support.js";

async function end(changes: Partial<Outcome>, dryRun = false) {
  const report = createReport();
  const ended = outcome({ happened: ["Looked."], comesNext: "Nothing.", ...changes });
  await finish({ command: "respond", dryRun, serverUrl: "https://github.com", repository: "acme/shop", outcome: ended }, report);
  return report;
}

describe("the outputs of a job", () => {
  it("are exactly those of action.yml", async () => {
    expect(Object.keys((await end({})).outputs)).toEqual([...OUTPUTS]);
  });

  it.each<{ changes: Partial<Outcome>; outputs: Readonly<Record<string, string>> }>([
    {
      changes: { incident: 42, phase: "approved", next: "gate", reason: null },
      outputs: { incident: "42", phase: "approved", next: "gate", go: "", "reason-code": "" },
    },
    { changes: { go: false, reason: "expired" }, outputs: { incident: "", go: "false", "reason-code": "expired" } },
    { changes: { go: true }, outputs: { go: "true" } },
  ])("say $outputs", async ({ changes, outputs }) => {
    expect((await end(changes)).outputs).toMatchObject(outputs);
  });

  it("hold closed words and numbers only, whatever a journal or a defect puts there", async () => {
    const words = fc.oneof(fc.string(), fc.constantFrom("approved", "expired", `ghp_${"a".repeat(36)}`, "x\ny=z"));
    await fc.assert(
      fc.asyncProperty(fc.nat(), words, words, async (incident, phase, reason) => {
        const { outputs } = await end({ incident, phase, reason });
        expect(outputs["incident"]).toMatch(/^\d+$/);
        expect(["", ...PHASES]).toContain(outputs["phase"]);
        expect(["", ...Object.keys(REASON_CODES)]).toContain(outputs["reason-code"]);
      }),
      { numRuns: 60 },
    );
  });

  it("come once more as versioned JSON, with what happened", async () => {
    const { outputs } = await end({ incident: 42, next: "wait", happened: ["Looked.", "Waited."] });
    expect(JSON.parse(outputs["result"] ?? "")).toEqual({
      schema_version: 1,
      command: "respond",
      incident: "42",
      next: "wait",
      go: "",
      phase: "",
      "reason-code": "",
      happened: ["Looked.", "Waited."],
    });
  });
});

describe("the reader of the run", () => {
  it("sees what happened, what comes next, and where", async () => {
    const { markdown, lines } = await end({ incident: 42, happened: ["Posted a plan."], comesNext: "An approver answers." });
    expect(markdown).toContain("https://github.com/acme/shop/issues/42");
    expect(markdown).toContain("Posted a plan.");
    expect(markdown).toContain("**Next:** An approver answers.");
    expect(lines).toEqual(["Posted a plan.", "An approver answers."]);
  });

  it("sees why a job failed, and the job fails", async () => {
    const { failures } = await end({ failed: true, reason: "journal-broken", happened: ["The journal is not valid."] });
    expect(failures).toEqual(["journal-broken: The journal is not valid."]);
    expect((await end({ reason: "expired" })).failures).toEqual([]);
  });

  it("is not told a workflow command by text from outside", async () => {
    const { lines, failures } = await end({ failed: true, happened: ["::set-output name=go::true", "fine\n::add-mask::x"] });
    for (const line of [...lines, ...failures]) expect(line).not.toMatch(/^::|\n/);
  });

  it("sees that it was a dry run", async () => {
    expect((await end({}, true)).markdown).toContain("Dry run");
    expect((await end({})).markdown).not.toContain("Dry run");
  });
});
