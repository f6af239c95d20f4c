import { describe, expect, it } from "vitest";
import { catalogue } from "../../src/actions/catalogue.js";
import { manual } from "../../src/actions/manual.js";
import { createFakeGitHub } from "../fakes/world.js";
import { KEY, placeWith } from "./support.js";

describe("manual", () => {
  const place = placeWith();

  it("hands its task to people and moves nothing", () => {
    expect(manual.byPeople).toBe(true);
    expect(manual.aim({ task: "raise the pool" }, null, place)).toEqual({
      before: null,
      after: "raise the pool",
      resolved: {},
      risk: "low",
      undo: "none",
      says: "raise the pool",
      undoSays: null,
    });
  });

  it.each([
    { name: "no task", params: {} },
    { name: "a task too short to be one", params: { task: "go" } },
    { name: "a novel", params: { task: "x".repeat(301) } },
    { name: "a task that is no text", params: { task: 5 } },
    { name: "more than a task", params: { task: "raise the pool", to: "v1" } },
  ])("refuses $name", ({ params }) => {
    expect(manual.aim(params, null, place)).toEqual({ refused: "it needs task=<3 to 300 characters>" });
  });

  it("is never carried out by the hands, whoever asks", async () => {
    const github = createFakeGitHub();
    const now = github.now();
    const applied = await manual.apply(
      { place, state: "x", key: KEY, intendedAt: now, limitMs: 1, lookSince: now, earlier: "no" },
      github.ports,
      github.ports.clock,
    );
    expect(applied).toMatchObject({ outcome: "failed", detail: expect.stringContaining("by people, never by the hands") });
    expect(github.calls).toEqual([]);
  });

  it("takes no settings in the config", () => {
    expect(manual.parseTarget({})).toEqual({ ok: true, address: {} });
    expect(manual.parseTarget({ command: "rm" })).toMatchObject({ ok: false });
  });
});

describe("the catalogue", () => {
  it("lists every action under its own name", () => {
    expect([...catalogue].map(([name, action]) => [name, action.name])).toEqual([
      ["github.workflow", "github.workflow"],
      ["manual", "manual"],
    ]);
  });
});
