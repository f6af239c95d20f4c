import { refusal } from "./errors.js";

export interface PageArgs {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}
export type Node = Record<string, unknown>;

interface Source<T> {
  readonly items: readonly T[];
  readonly keyOf: (item: T) => number | string; // cursors are made of it, so they survive additions
  readonly render: (item: T) => Node;
}

/** A Relay connection; like GitHub it wants `first` or `last` (up to 100) as soon as nodes are asked for. */
export function connect<T>({ items, keyOf, render }: Source<T>, args: PageArgs): Node {
  const page = (): T[] => pageOf(items, keyOf, args);
  const cursorOf = (item: T | undefined) => (item === undefined ? null : encode(keyOf(item)));
  return {
    totalCount: items.length,
    nodes: () => page().map(render),
    edges: () => page().map((item) => ({ cursor: cursorOf(item), node: () => render(item) })),
    pageInfo: () => {
      const shown = page();
      const start = items.indexOf(shown[0] as T);
      return {
        startCursor: cursorOf(shown[0]),
        endCursor: cursorOf(shown.at(-1)),
        hasPreviousPage: start > 0,
        hasNextPage: start >= 0 && start + shown.length < items.length,
      };
    },
  };
}

function pageOf<T>(items: readonly T[], keyOf: (item: T) => number | string, args: PageArgs): T[] {
  const { first, last } = args;
  checkBoundaries(first ?? null, last ?? null);
  const positionOf = (cursor: string): number => {
    const found = items.findIndex((item) => encode(keyOf(item)) === cursor);
    if (found < 0) throw refusal("INVALID_CURSOR_ARGUMENTS", `\`${cursor}\` does not appear to be a valid cursor.`);
    return found;
  };
  const from = args.after ? positionOf(args.after) + 1 : 0;
  const to = args.before ? positionOf(args.before) : items.length;
  const window = items.slice(from, to);
  if (typeof first === "number") return window.slice(0, first);
  return window.slice(Math.max(window.length - (last ?? 0), 0));
}

function checkBoundaries(first: number | null, last: number | null): void {
  if (first === null && last === null) {
    throw refusal(
      "MISSING_PAGINATION_BOUNDARIES",
      "You must provide a `first` or `last` value to properly paginate the connection.",
    );
  }
  for (const [name, size] of [
    ["first", first],
    ["last", last],
  ] as const) {
    if (size !== null && size > 100)
      throw refusal(
        "EXCESSIVE_PAGINATION",
        `Requesting ${size} records on the connection exceeds the \`${name}\` limit of 100 records.`,
      );
  }
}

function encode(key: number | string): string {
  return Buffer.from(`cursor:v2:${key}`).toString("base64");
}
