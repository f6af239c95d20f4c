import type { FakeState } from "../fakes/world.js";

const MAPS = ["files", "issues", "comments", "roles", "teams", "environments", "tags"] as const;
const LISTS = ["commits", "runs", "deployments", "pulls"] as const;

/** Makes `to` remember what `from` does. Nothing may be under way: what the clock has still to do is not taken along. */
export function copyState(from: FakeState, to: FakeState): void {
  for (const name of MAPS) {
    const [source, target] = [from[name] as Map<unknown, unknown>, to[name] as Map<unknown, unknown>];
    target.clear();
    for (const [key, value] of structuredClone(source)) target.set(key, value);
  }
  for (const name of LISTS) {
    const target = to[name] as unknown[];
    target.splice(0, target.length, ...structuredClone(from[name] as readonly unknown[]));
  }
  Object.assign(to, { tagRulesets: from.tagRulesets, trunkIsProtected: from.trunkIsProtected });
  const newest = Math.max(0, ...to.issues.keys(), ...to.pulls.map(({ number }) => number));
  if (newest > 0) while (to.nextNumber() < newest);
  const lastId = from.nextId();
  while (to.nextId() < lastId);
  to.clock.advance(from.clock.now().getTime() - to.clock.now().getTime());
}
