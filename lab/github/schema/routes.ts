import type { DescribedOperation } from "./description.js";

export interface Route {
  readonly operation: DescribedOperation;
  readonly params: Readonly<Record<string, string>>;
}

/** Placeholders that may hold slashes: clients send them plain or as %2F. */
const withSlashes = new Set(["path", "ref", "branch", "base", "head"]);

/** Finds the operation of a method and path; the most literal path wins. */
export function createRouter(operations: readonly DescribedOperation[]): (method: string, path: string) => Route | null {
  const routes = operations.map((operation) => ({ operation, ...patternOf(operation.path) })).sort((a, b) => b.literals - a.literals);
  return (method, path) => {
    for (const { operation, pattern, names } of routes) {
      const match = operation.method === method ? pattern.exec(path) : null;
      if (match) return { operation, params: Object.fromEntries(names.map((name, index) => [name, decode(match[index + 1] ?? "")])) };
    }
    return null;
  };
}

function patternOf(path: string): { pattern: RegExp; names: string[]; literals: number } {
  const names: string[] = [];
  const source = path.replace(/\.|\{(\w+)\}/g, (_token, name: string | undefined) => {
    if (name === undefined) return "\\.";
    names.push(name);
    if (name === "path") return "(.*)"; // the root of the repository is an empty path
    return withSlashes.has(name) ? "(.+?)" : "([^/]+)";
  });
  const literals = path.split("/").filter((segment) => segment !== "" && !segment.includes("{")).length;
  const optionalSlash = path.endsWith("/{path}") ? source.replace(/\/\(\.\*\)$/, "(?:/(.*))?") : source;
  return { pattern: new RegExp(`^${optionalSlash}$`), names, literals };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
