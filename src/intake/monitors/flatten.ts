/** Any JSON as a flat list of named scalars, nearest to the top first, so that well-known names are found wherever they sit. */
export interface Leaf {
  readonly path: string; // "event.level"
  readonly name: string; // last part, lower case without separators: "statechangetime"
  readonly value: string | number | boolean;
}
const MAX_LEAVES = 400;
const MAX_DEPTH = 6;

interface Visit {
  readonly path: string;
  readonly value: unknown;
  readonly depth: number;
}

/** Breadth first; at most 400 leaves, 6 levels. Text that is itself JSON is opened, `{key, value}` pairs and `k:v` tags named. */
export function flatten(body: unknown): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const queue: Visit[] = [{ path: "", value: body, depth: 0 }];
  for (let at = 0; at < queue.length && leaves.length < MAX_LEAVES; at += 1) {
    const visit = queue[at];
    if (!visit) break;
    const children = childrenOf(visit);
    if (children && queue.length < MAX_LEAVES * 5) queue.push(...children);
    else if (isScalar(visit.value)) leaves.push({ path: visit.path, name: nameOf(visit.path), value: visit.value });
  }
  return leaves;
}

export function nameOf(path: string): string {
  return path
    .slice(path.lastIndexOf(".") + 1)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "");
}

function childrenOf({ path, value, depth }: Visit): readonly Visit[] | null {
  if (depth >= MAX_DEPTH) return null;
  const opened = typeof value === "string" ? openText(path, value) : value;
  if (typeof opened !== "object" || opened === null) return null;
  const pair = namedPair(opened);
  if (pair) return [{ path: join(path, pair[0]), value: pair[1], depth: depth + 1 }];
  return Object.entries(opened)
    .slice(0, MAX_LEAVES)
    .map(([key, child]) => ({ path: join(path, key), value: child, depth: depth + 1 }));
}

/** SNS puts a JSON document into a string; Datadog writes its tags as `env:prod, team:x`. */
function openText(path: string, text: string): unknown {
  if (/^\s*\{/.test(text) && text.length < 100_000) return parseJson(text) ?? text;
  if (nameOf(path) === "tags" && /^[\w.-]+:/.test(text)) return text.split(",").map((tag) => tag.trim());
  const tag = /(?:^|\.)tags\.\d+$/.test(path) ? /^([\w.-]{1,60}):(.{1,300})$/.exec(text) : null;
  return tag?.[1] ? { key: tag[1], value: tag[2] } : text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // braces in ordinary text
  }
}

/** `{key, value}`, `{name, value}` and `["name", "value"]` (Coralogix, CloudWatch, Sentry). */
function namedPair(value: object): readonly [string, unknown] | null {
  if (Array.isArray(value)) {
    return value.length === 2 && typeof value[0] === "string" && /^[A-Za-z][\w.-]{0,60}$/.test(value[0]) && isScalar(value[1])
      ? [value[0], value[1]]
      : null;
  }
  const record: { key?: unknown; name?: unknown; value?: unknown } = value;
  const name = record.key ?? record.name;
  return Object.keys(value).length === 2 && typeof name === "string" && isScalar(record.value) ? [name, record.value] : null;
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
