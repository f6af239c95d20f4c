import { describe, expect, it } from "vitest";
import { catalogue } from "../../src/actions/catalogue.js";
import { diagnoseOnly } from "../../src/mind/diagnose-only.js";
import { mindFacts } from "../incident/support.js";
import * as sample from "../render/sample.js";
import { config, openStage, ours, type Stage } from "./support.js";

const run = (stage: Stage, incident = stage.incident) => diagnoseOnly({ incident, config, catalogue }, stage.ports);

describe("without a signing key", () => {
  it("says once what it found, calls people, and leaves the issue as it is", async () => {
    const stage = openStage(null);
    const before = stage.github.issue();
    expect(await run(stage)).toEqual({ kind: "said", incident: stage.incident });
    expect(await run(stage)).toEqual({ kind: "known", incident: stage.incident });
    expect(stage.github.issue()).toEqual(before);
    expect(ours(stage)).toHaveLength(1);
    expect(ours(stage)[0]).toContain("not signed: no key");
    expect(stage.pager.pages.map(({ reason }) => reason)).toContain("opened");
  });

  it("everything comes to an end though no pager can be reached", async () => {
    const stage = openStage(null);
    stage.pager.failing = ["fake"];
    expect(await run(stage)).toMatchObject({ kind: "said" });
    expect(stage.pager.attempts.filter(({ reason }) => reason === "opened")).toHaveLength(1);
  });

  it.each([
    { name: "a signed incident is only read", stage: () => openStage(mindFacts(sample.waiting())), reason: "no-key" },
    {
      name: "a body that cannot be believed is refused",
      stage: () => {
        const stage = openStage(null);
        stage.github.changeIssue(stage.incident, { body: "Nothing." }, "mallory");
        return stage;
      },
      reason: "journal-broken",
    },
  ])("$name: $reason", async ({ stage: open, reason }) => {
    const stage = open();
    const before = stage.github.issue();
    expect(await run(stage)).toMatchObject({ kind: "refused", reason });
    expect(stage.github.issue()).toEqual(before);
    expect(ours(stage)).toEqual([]);
  });

  it("an issue that does not exist is refused", async () => {
    expect(await run(openStage(null), 99)).toMatchObject({ kind: "refused", why: "There is no issue #99." });
  });
});
