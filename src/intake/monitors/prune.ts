const MAX_DEPTH = 40;

/** The same JSON without what lies deeper than 40 levels: recursion over a payload must end before the stack does. */
export function prune(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return "… (nested too deeply)";
  if (Array.isArray(value)) return value.map((item) => prune(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, prune(item, depth + 1)]));
}
