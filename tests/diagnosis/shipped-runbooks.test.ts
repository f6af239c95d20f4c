import { describe, expect, it } from "vitest";
import { parseRunbook } from "../../src/diagnosis/runbook/parse.js";
import { shippedFiles, shippedRunbooks } from "./support/shipped.js";

describe("the runbooks in this repository", () => {
  it("are at least the three that every service needs", () => {
    const paths = shippedFiles().map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(["runbooks/bad-deploy.md", "runbooks/connection-pool-exhausted.md", "runbooks/dependency-down.md"]),
    );
  });

  it.each(shippedFiles())("$path parses and has prose", (file) => {
    const parsed = parseRunbook(file);
    expect(parsed).toMatchObject({ ok: true });
    expect(parsed.ok && parsed.runbook.body.length).toBeGreaterThan(400);
  });

  it.each(shippedRunbooks())("$id says what to do, how to verify it and what to follow up", ({ actions, verify, followUps }) => {
    expect(actions.at(-1)?.action).toBe("manual");
    expect(verify).toContainEqual({ signal: "error-ratio", below: 0.05 });
    expect(followUps.length).toBeGreaterThan(0);
  });

  it("tell each other apart in both directions", () => {
    const runbooks = shippedRunbooks();
    const ids = runbooks.map(({ id }) => id);
    for (const { id, lookAlikes } of runbooks) {
      expect([...lookAlikes.keys()]).toEqual(expect.arrayContaining(ids.filter((other) => other !== id)));
    }
  });
});
