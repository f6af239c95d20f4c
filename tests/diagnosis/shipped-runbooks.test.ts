import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../src/actions/catalogue.js";
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

  it("tell look-alikes apart in both directions, and name only those that exist", () => {
    const byId = new Map(shippedRunbooks().map((runbook) => [runbook.id, runbook]));
    for (const { id, lookAlikes } of byId.values()) {
      const back = [...lookAlikes.keys()].map((other) => byId.get(other)?.lookAlikes.has(id) ?? `${other} does not exist`);
      expect({ id, back }).toEqual({ id, back: back.map(() => true) });
    }
  });

  it("name actions that there are", () => {
    const named = shippedRunbooks().flatMap(({ actions }) => actions.map(({ action }) => action));
    expect([...new Set(named)].filter((action) => !catalogue.has(action))).toEqual([]);
  });

  it("go by one name each, whatever it is called by", () => {
    const names = shippedRunbooks().flatMap(({ id, alsoKnownAs }) => [id.replaceAll("-", "_"), ...alsoKnownAs]);
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
  });

  it("ask only for states that are documented", () => {
    const said = documentedStates();
    const asked = shippedRunbooks().flatMap(({ signals, excludes }) =>
      [...signals, ...excludes].flatMap((condition) =>
        condition.kind === "state" ? condition.reasons.map((reason) => `${condition.of}:${reason}`) : [],
      ),
    );
    expect(asked.length).toBeGreaterThan(50);
    expect(asked.filter((each) => !said.has(each))).toEqual([]);
  });
});

/** The table of `docs/runbooks.md`. */
function documentedStates(): ReadonlySet<string> {
  const text = readFileSync(new URL("../../docs/runbooks.md", import.meta.url), "utf8");
  const rows = [...text.matchAll(/^\| (`[a-z`, -]+`) \| (`[A-Za-z` ]+`) \| /gm)];
  const words = (cell = ""): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word);
  return new Set(
    rows.flatMap(([, of, reasons]) => words(of).flatMap((one) => words(reasons).map((reason) => `${one}:${reason}`))),
  );
}
