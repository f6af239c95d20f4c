import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseRunbook } from "../../src/diagnosis/runbook/parse.js";
import { RunbookFile } from "../../src/diagnosis/runbook/schema.js";

const text = readFileSync(new URL("../../docs/runbooks.md", import.meta.url), "utf8");
const samples = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, sample = ""]) => ({
  id: /^id: (.+)$/m.exec(sample)?.[1] ?? "?",
  sample,
}));

describe("docs/runbooks.md", () => {
  it.each(samples)("its sample $id is a valid runbook", ({ id, sample }) => {
    expect(parseRunbook({ path: `runbooks/${id}.md`, text: sample, sha: "f".repeat(40) })).toMatchObject({ ok: true });
  });

  it("has samples, and describes every key", () => {
    expect(samples.length).toBeGreaterThanOrEqual(3);
    const described = [...text.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, key]) => key);
    expect(described).toEqual(expect.arrayContaining(Object.keys(RunbookFile.shape)));
  });
});
