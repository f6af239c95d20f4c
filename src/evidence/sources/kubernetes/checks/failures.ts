/** Where failing requests begin: in the app that fails while nothing it calls does. */
import type { Measured } from "../beside.js";
import { callsSome } from "../calls.js";
import type { Said, View } from "../view.js";

/** Share of failing requests from which on an app fails, and how much of it must be new. */
const FAILING = 0.05;

export function checkFailures({ seen }: View): readonly Said[] {
  const failing = worstOf((seen.measurements ?? []).filter(isFailing));
  const names = new Set(failing.map(({ object }) => object));
  return failing
    .filter(({ object }) => !callsSome(seen.calls, object, (callee) => names.has(callee)))
    .map(({ object, before, now }, index) => ({
      kind: "state",
      of: "app",
      reason: "Failing",
      object,
      message: `${percent(now)} of its requests fail, ${percent(before)} before; nothing that it calls fails`,
      ageMs: 0,
      score: index === 0 ? 0.8 : 0.6,
    }));
}

/** Both ends of a call count failures: of each app the end that sees more of them, the worst app first. */
function worstOf(failing: readonly Measured[]): readonly Measured[] {
  const sorted = failing.toSorted((a, b) => b.now - a.now);
  return sorted.filter(({ object }, index) => sorted.findIndex((each) => each.object === object) === index);
}

function isFailing({ object, signal, before, now, moved }: Measured): boolean {
  return object.startsWith("app/") && signal === "errors" && moved && now - before >= FAILING;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
