/** Who calls whom, followed to the end. Pure. */
import type { Call } from "./beside.js";

/** Whether an app calls, itself or through others, an object of which `isIt` holds; its own place in a ring of calls does not count. */
export function callsSome(calls: readonly Call[], object: string, isIt: (object: string) => boolean): boolean {
  const seen = new Set([object]);
  const waiting = [object];
  for (let caller = waiting.pop(); caller !== undefined; caller = waiting.pop()) {
    for (const { from, to } of calls) {
      const callee = `app/${to}`;
      if (`app/${from}` !== caller || seen.has(callee)) continue;
      if (isIt(callee)) return true;
      seen.add(callee);
      waiting.push(callee);
    }
  }
  return false;
}
