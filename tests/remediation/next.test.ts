import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { effectKey } from "../../src/incident/effect-key.js";
import type { ExecutionOutcome, FactOf, HandsFact } from "../../src/incident/facts.js";
import { foldExecution } from "../../src/incident/fold-execution.js";
import type { Execution } from "../../src/incident/incident.js";
import { digestOf } from "../../src/plan/digest.js";
import type { Plan, PlanStep } from "../../src/plan/plan.js";
import { nextRemedy, type Remedy } from "../../src/remediation/next.js";
import { refuse } from "../../src/remediation/refusal.js";
import type { Verdict } from "../../src/words.js";
import * as sample from "../render/sample.js";

type Outcome = FactOf<"done">["outcome"];
const at = sample.at("03:20:00");

function planWith(...steps: readonly Partial<PlanStep>[]): Plan {
  return sample.plan({
    steps: steps.map((changes, index) => ({ ...sample.rollback, number: index + 1, ...changes })),
  });
}
function started(plan: Plan): HandsFact {
  return {
    fact: "execution-started",
    at,
    warrant: sample.warrantFor(digestOf(plan)),
    reservation: 1,
    run: 901,
    readings: [],
  };
}
const keyOf = (plan: Plan, step: number, direction: "apply" | "undo") => effectKey(digestOf(plan), step, direction);

/** "apply 1 ok" · "undo 2" (intended only) · "verified 1 worse" */
function execution(plan: Plan, ...events: readonly string[]): Execution | null {
  const facts = events.flatMap((event): HandsFact[] => {
    const [word = "", number = "", result] = event.split(" ");
    const step = Number(number);
    if (word === "verified") return [{ fact: "verified", at, verdict: result as Verdict, readings: [], afterStep: step }];
    const key = keyOf(plan, step, word as "apply" | "undo");
    const intent: HandsFact = { fact: "intent", at, key, step, direction: word as "apply" | "undo" };
    if (result === undefined) return [intent];
    return [intent, { fact: "done", at, key, outcome: result as Outcome, detail: sample.outside(`why ${result}`), url: null }];
  });
  return [started(plan), ...facts].reduce<Execution | null>(foldExecution, null);
}
function inWords(remedy: Remedy): string {
  switch (remedy.do) {
    case "intend":
      return `intend ${remedy.direction} ${remedy.step.number}`;
    case "act":
      return `act ${remedy.direction} ${remedy.step.number}`;
    case "verify":
      return `verify ${remedy.afterStep}`;
    case "end":
      return `end ${remedy.outcome}`;
  }
}

const one = planWith({});
const two = planWith({}, {});
const withFallback = planWith({}, { when: "if-not-recovered" });
const putBack = planWith({ onUnchanged: "undo" }, { onUnchanged: "keep" });
const noWayBack = planWith({ undo: "none" });
const half = planWith({}, { undo: "none" });

describe("nextRemedy", () => {
  it.each<{ plan: Plan; events: readonly string[]; next: string }>([
    { plan: one, events: [], next: "intend apply 1" },
    { plan: one, events: ["apply 1"], next: "act apply 1" },
    { plan: one, events: ["apply 1 ok"], next: "verify 1" },
    { plan: one, events: ["apply 1 ok", "verified 1 recovered"], next: "end recovered" },
    { plan: one, events: ["apply 1 ok", "verified 1 unknown"], next: "end unknown" },
    { plan: one, events: ["apply 1 ok", "verified 1 unchanged"], next: "end unchanged" },
    { plan: one, events: ["apply 1 ok", "verified 1 worse"], next: "intend undo 1" },
    { plan: one, events: ["apply 1 ok", "verified 1 worse", "undo 1"], next: "act undo 1" },
    { plan: one, events: ["apply 1 ok", "verified 1 worse", "undo 1 ok"], next: "end worse-undone" },
    { plan: one, events: ["apply 1 ok", "verified 1 worse", "undo 1 failed"], next: "end undo-failed" },
    { plan: one, events: ["apply 1 ok", "verified 1 worse", "undo 1 ambiguous"], next: "end ambiguous" },
    { plan: one, events: ["apply 1 drifted"], next: "end drifted" },
    { plan: one, events: ["apply 1 ambiguous"], next: "end ambiguous" },
    { plan: one, events: ["apply 1 failed"], next: "intend undo 1" },
    { plan: one, events: ["apply 1 failed", "undo 1 ok"], next: "end failed-undone" },
    { plan: noWayBack, events: ["apply 1 failed"], next: "end failed" },
    { plan: noWayBack, events: ["apply 1 ok", "verified 1 worse"], next: "end failed" },
    { plan: two, events: ["apply 1 ok"], next: "intend apply 2" },
    { plan: two, events: ["apply 1 ok", "apply 2 ok"], next: "verify 2" },
    { plan: two, events: ["apply 1 ok", "apply 2 failed"], next: "intend undo 2" },
    { plan: two, events: ["apply 1 ok", "apply 2 failed", "undo 2 ok"], next: "intend undo 1" },
    { plan: two, events: ["apply 1 ok", "apply 2 failed", "undo 2 failed"], next: "end undo-failed" },
    { plan: two, events: ["apply 1 ok", "apply 2 drifted"], next: "end drifted" },
    { plan: two, events: ["apply 1 ok", "apply 2 ok", "verified 2 worse", "undo 2 ok"], next: "intend undo 1" },
    { plan: half, events: ["apply 1 ok", "apply 2 failed"], next: "intend undo 1" },
    { plan: withFallback, events: ["apply 1 ok"], next: "verify 1" },
    { plan: withFallback, events: ["apply 1 ok", "verified 1 recovered"], next: "end recovered" },
    { plan: withFallback, events: ["apply 1 ok", "verified 1 unknown"], next: "end unknown" },
    { plan: withFallback, events: ["apply 1 ok", "verified 1 unchanged"], next: "intend apply 2" },
    { plan: withFallback, events: ["apply 1 ok", "verified 1 worse"], next: "intend undo 1" },
    { plan: withFallback, events: ["apply 1 ok", "verified 1 unchanged", "apply 2 ok"], next: "verify 2" },
    {
      plan: withFallback,
      events: ["apply 1 ok", "verified 1 unchanged", "apply 2 ok", "verified 2 unchanged"],
      next: "end unchanged",
    },
    {
      plan: withFallback,
      events: ["apply 1 ok", "verified 1 unchanged", "apply 2 ok", "verified 2 worse"],
      next: "intend undo 2",
    },
    { plan: putBack, events: ["apply 1 ok", "apply 2 ok", "verified 2 unchanged"], next: "intend undo 1" },
    { plan: putBack, events: ["apply 1 ok", "apply 2 ok", "verified 2 unchanged", "undo 1 ok"], next: "end unchanged" },
    { plan: putBack, events: ["apply 1 ok", "apply 2 ok", "verified 2 worse"], next: "intend undo 2" },
  ])("after $events → $next", ({ plan, events, next }) => {
    expect(inWords(nextRemedy(plan, execution(plan, ...events), null))).toBe(next);
  });

  it("begins with the first step where nothing has begun", () => {
    expect(inWords(nextRemedy(two, null, null))).toBe("intend apply 1");
  });

  it("tells why it ends as the effect told it", () => {
    expect(nextRemedy(one, execution(one, "apply 1 ambiguous"), null)).toMatchObject({ detail: "why ambiguous" });
  });
});

describe("a person's stop keeps the rest from being applied, and nothing from being undone", () => {
  const stop = refuse("held", "tess said /hold.");
  it.each([
    { events: ["apply 1 ok"], plan: two, next: "end stopped" },
    { events: ["apply 1 failed"], plan: one, next: "intend undo 1" },
    { events: ["apply 1 ok", "verified 1 worse"], plan: one, next: "intend undo 1" },
    { events: ["apply 1 ok", "apply 2 failed", "undo 2 ok"], plan: two, next: "intend undo 1" },
    { events: ["apply 1 failed", "undo 1 ok"], plan: one, next: "end failed-undone" },
    { events: ["apply 1 ok", "verified 1 unchanged"], plan: withFallback, next: "end stopped" },
    { events: ["apply 1"], plan: one, next: "act apply 1" },
    { events: ["apply 1 ok"], plan: one, next: "verify 1" },
    { events: ["apply 1 ok", "verified 1 recovered"], plan: one, next: "end recovered" },
  ])("after $events → $next", ({ events, plan, next }) => {
    expect(inWords(nextRemedy(plan, execution(plan, ...events), stop))).toBe(next);
  });
});

describe("whatever happens", () => {
  const steps = fc
    .array(
      fc.record({
        undo: fc.constantFrom("to-before" as const, "none" as const),
        onUnchanged: fc.constantFrom("keep" as const, "undo" as const),
        when: fc.constantFrom("always" as const, "if-not-recovered" as const),
      }),
      { minLength: 1, maxLength: 5 },
    )
    .map(([first, ...others]) => planWith({ ...first, when: "always" }, ...others));
  const outcomes = fc.infiniteStream(
    fc.oneof(
      { weight: 4, arbitrary: fc.constant<Outcome>("ok") },
      { weight: 1, arbitrary: fc.constantFrom<Outcome>("failed", "drifted", "ambiguous") },
    ),
  );
  const verdicts = fc.infiniteStream(fc.constantFrom<Verdict>("unchanged", "unchanged", "worse", "recovered", "unknown"));

  /** Plays an execution to its end with a world that answers as it likes. */
  function play(plan: Plan, world: Iterator<Outcome>, watch: Iterator<Verdict>): { said: string[]; end: ExecutionOutcome } {
    const said: string[] = [];
    let state: Execution | null = null;
    for (let moves = 0; moves < 60; moves += 1) {
      const remedy = nextRemedy(plan, state, null);
      said.push(inWords(remedy));
      if (remedy.do === "end") return { said, end: remedy.outcome };
      const news = happen(plan, state, remedy, world, watch);
      state = news.reduce<Execution | null>(foldExecution, state);
    }
    throw new Error(`It did not end: ${said.join(", ")}`);
  }
  function happen(
    plan: Plan,
    state: Execution | null,
    remedy: Remedy,
    world: Iterator<Outcome>,
    watch: Iterator<Verdict>,
  ): HandsFact[] {
    if (remedy.do === "intend") {
      const { step, direction } = remedy;
      const intent: HandsFact = { fact: "intent", at, key: keyOf(plan, step.number, direction), step: step.number, direction };
      return state ? [intent] : [started(plan), intent];
    }
    if (remedy.do === "act") {
      const isOpen = state?.effects.some(({ key, outcome }) => key === remedy.effect.key && outcome === null);
      if (!isOpen) throw new Error(`${inWords(remedy)} without an open intent.`);
      return [{ fact: "done", at, key: remedy.effect.key, outcome: world.next().value as Outcome, detail: null, url: null }];
    }
    const afterStep = remedy.do === "verify" ? remedy.afterStep : 0;
    return [{ fact: "verified", at, verdict: watch.next().value as Verdict, readings: [], afterStep }];
  }
  const movesOf = (said: readonly string[], word: string): readonly number[] =>
    said.filter((move) => move.startsWith(word)).map((move) => Number(move.split(" ")[2]));

  it("comes to an end; nothing is done that was not intended, no step twice, and undoing goes backwards", () => {
    fc.assert(
      fc.property(steps, outcomes, verdicts, (plan, world, watch) => {
        const { said } = play(plan, world, watch);
        const [applied, undone] = [movesOf(said, "act apply"), movesOf(said, "act undo")];
        expect(new Set(applied).size).toBe(applied.length);
        expect(new Set(undone).size).toBe(undone.length);
        expect(undone).toEqual([...applied].reverse().filter((step) => undone.includes(step)));
        for (const step of undone) expect(plan.steps[step - 1]?.undo).toBe("to-before");
        const before = said.filter((_, index) => said[index + 1]?.startsWith("act"));
        expect(before).toEqual(said.filter((move) => move.startsWith("act")).map((move) => move.replace("act", "intend")));
      }),
      { numRuns: 500 },
    );
  });

  it("recovered is said only after a verification that said so, and only when nothing was undone", () => {
    fc.assert(
      fc.property(steps, outcomes, verdicts, (plan, world, watch) => {
        const told: Verdict[] = [];
        const listening: Iterator<Verdict> = {
          next: () => {
            const { value } = watch.next() as { value: Verdict };
            told.push(value);
            return { done: false, value };
          },
        };
        const { said, end } = play(plan, world, listening);
        expect(end === "recovered").toBe(told.at(-1) === "recovered" && movesOf(said, "act undo").length === 0);
        expect(end !== "recovered" || said.at(-2)?.startsWith("verify")).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("the same question gives the same answer: what another process would do is what this one does", () => {
    fc.assert(
      fc.property(steps, outcomes, verdicts, (plan, world, watch) => {
        let state: Execution | null = null;
        for (;;) {
          const remedy = nextRemedy(plan, state, null);
          expect(nextRemedy(structuredClone(plan), structuredClone(state), null)).toEqual(remedy);
          if (remedy.do === "end") return;
          state = happen(plan, state, remedy, world, watch).reduce<Execution | null>(foldExecution, state);
        }
      }),
      { numRuns: 60 },
    );
  });
});
