const MAX_DEPTH = 40;

/**
 * The value as JSON that every later step can walk: nothing deeper than 40 levels (recursion must end before the stack does), no
 * number that JSON cannot write (`1e999` is read as infinite), nothing that JSON does not know.
 */
export function prune(value: unknown, depth = 0): unknown {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "object") return null;
  if (depth >= MAX_DEPTH) return "… (nested too deeply)";
  if (Array.isArray(value)) return value.map((item) => prune(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, prune(item, depth + 1)]));
}
