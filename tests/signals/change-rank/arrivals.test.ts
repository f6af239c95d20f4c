import { describe, expect, it } from "vitest";
import type { Change, Shift, Symptoms } from "../../../src/signals/change-rank/model.js";
import { rankChanges } from "../../../src/signals/change-rank/rank-changes.js";

const NOTICED = 1_700_000_000_000;
const MINUTE = 60_000;
const minutesBefore = (minutes: number): number => NOTICED - minutes * MINUTE;

/** Code that no mechanism is known for, in the words of the trouble. */
const STRANGE = "-  return shelve(seats, plan);\n-  log(plan);\n+  return weave(threads, loom);";

function change(id: string, minutes: number, service: string, overrides: Partial<Change> = {}): Change {
  const at = minutesBefore(minutes);
  const base = { id, of: "commit", at, message: "weave seats by loom", files: [`${service}/a.ts`], diff: STRANGE } as const;
  return { ...base, rollouts: [{ service, at }], ...overrides };
}
function shift(service: string, minutes: number, name = "seats_lost"): Shift {
  return { service, name, at: minutesBefore(minutes), direction: "rose" };
}
function named(changes: readonly Change[], overrides: Partial<Symptoms>): string {
  const { verdict } = rankChanges(changes, {
    noticedAt: NOTICED,
    onset: minutesBefore(9),
    services: ["hall", "door"],
    known: ["hall", "door", "bill"],
    entries: [],
    signs: [
      { text: "seats lost in hall", service: "hall", weight: 3, source: "alert" },
      { text: "loom has no threads left", service: "hall", weight: 2, source: "log" },
    ],
    shifts: [shift("hall", 9)],
    ...overrides,
  });
  return verdict.kind === "change" ? verdict.id : verdict.kind;
}

describe("a change of which nothing tells how it did it", () => {
  it("is named when the trouble began where and when it came, and it alone alters what runs", () => {
    expect(named([change("a", 10, "hall"), change("docs", 10, "hall", { files: ["docs/a.md"] })], {})).toBe("a");
  });

  it.each([
    { name: "another came at the same time", changes: [change("a", 10, "hall"), change("b", 11, "hall")], seen: {} },
    {
      name: "the trouble was there before",
      changes: [change("a", 10, "hall")],
      seen: { shifts: [shift("hall", 40), shift("hall", 9)] },
    },
    { name: "all went well for long", changes: [change("a", 120, "hall")], seen: {} },
    {
      name: "it only wraps what was there",
      changes: [change("a", 10, "hall", { diff: "-  return seats;\n+  return seats.loom();" })],
      seen: {},
    },
    { name: "something else moved first", changes: [change("a", 10, "door")], seen: {} },
  ])("is not when $name", ({ changes, seen }) => {
    expect(named(changes, seen)).toBe("none");
  });

  it("is named when trouble followed each of its steps", () => {
    const steps = [60, 30, 10].map((minutes) => ({ service: "bill", at: minutesBefore(minutes) }));
    const canary = change("canary", 60, "bill", { rollouts: steps });
    const late = change("late", 18, "door", { message: "doors", diff: '-  mode: "a",\n+  mode: "b",' });
    const seen = {
      onset: minutesBefore(59),
      services: ["bill", "hall"],
      shifts: [shift("bill", 59), shift("hall", 29), shift("door", 9)],
    };
    expect(named([late, canary], seen)).toBe("canary");
  });
});

describe("trouble that shows elsewhere", () => {
  const rename = '-  @JsonProperty("seatId") String id;\n+  @JsonProperty("seat_id") String id;';
  const seen: Partial<Symptoms> = {
    services: ["bill"],
    signs: [
      { text: "messages dead lettered", service: "bill", weight: 3, source: "alert" },
      { text: 'ERROR Unrecognized field "seat_id", not marked as ignorable', service: "bill", weight: 2, source: "log" },
    ],
    shifts: [shift("bill", 9, "dead_letters")],
  };

  it("is the change whose names the errors are about, not the one that came where it shows", () => {
    const producer = change("producer", 10, "hall", { diff: rename });
    const decoy = change("decoy", 9.5, "bill", { message: "refactor: tidy dead letters of bill" });
    expect(named([decoy, producer], seen)).toBe("producer");
  });

  it("may come from what nothing is measured of", () => {
    const policy = change("policy", 10, "terraform", {
      message: "scope the role",
      files: ["terraform/role.tf"],
      diff: '-  actions = ["seats:Read", "seats:Write"]\n+  actions = ["seats:Read"]',
    });
    const signs = [
      { text: "bill errors", service: "bill", weight: 3, source: "alert" as const },
      { text: "ERROR AccessDenied when calling seats:Write", service: "bill", weight: 2, source: "log" as const },
    ];
    expect(named([policy], { ...seen, signs, watched: ["bill"] })).toBe("policy");
  });
});
