import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseRunbook } from "../../src/diagnosis/runbook/parse.js";
import { RunbookFile } from "../../src/diagnosis/runbook/schema.js";
import { shippedRunbooks } from "./support/shipped.js";

const text = readFileSync(new URL("../../docs/runbooks.md", import.meta.url), "utf8");
const samples = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, sample = ""]) => ({
  id: /^id: (.+)$/m.exec(sample)?.[1] ?? "?",
  sample,
}));

function wordsIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([\w-]+)`/g)].map(([, word = ""]) => word);
}

describe("docs/runbooks.md", () => {
  it.each(samples)("its sample $id is a valid runbook", ({ id, sample }) => {
    expect(parseRunbook({ path: `runbooks/${id}.md`, text: sample, sha: "f".repeat(40) })).toMatchObject({ ok: true });
  });

  it("lists every state that a shipped runbook asks for", () => {
    const rows = [...text.matchAll(/^\| ((?:`[a-z-]+`(?:, )?)+) \| ((?:`\w+` ?)+) \|/gm)];
    const listed = new Set(
      rows.flatMap(([, of = "", reasons = ""]) =>
        wordsIn(of).flatMap((each) => wordsIn(reasons).map((reason) => `${each}:${reason}`)),
      ),
    );
    const asked = shippedRunbooks().flatMap(({ signals, excludes }) =>
      [...signals, ...excludes].flatMap((each) =>
        each.kind === "state" ? each.reasons.map((reason) => `${each.of}:${reason}`) : [],
      ),
    );
    expect(asked.length).toBeGreaterThan(50);
    expect(asked.filter((each) => !listed.has(each))).toEqual([]);
  });

  it("has samples, and describes every key", () => {
    expect(samples.length).toBeGreaterThanOrEqual(3);
    const described = [...text.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, key]) => key);
    expect(described).toEqual(expect.arrayContaining(Object.keys(RunbookFile.shape)));
  });
});
