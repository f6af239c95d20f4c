/** Config maps as `kubectl describe` prints them. Pure. */
import type { Container, Workload } from "./cluster.js";

/** `key:`, a line of dashes, and the value until an empty line and the next key. */
const ENTRY = /^(\S[^\n]*):\n----\n([\s\S]*?)(?=\n\n\S[^\n]*:\n----\n|\n\n*BinaryData\n|\n\n*Events:|$)/gm;

export function readData(described: string): ReadonlyMap<string, string> {
  const at = described.search(/^Data\n====\n/m);
  if (at === -1) return new Map();
  return new Map(
    [...described.slice(at + "Data\n====\n".length).matchAll(ENTRY)].map(([, key = "", value = ""]) => [key, value.trim()]),
  );
}

/** Names of the config maps that a workload uses, as files or as variables. */
export function configMapsOf({ configMaps, containers }: Pick<Workload, "configMaps" | "containers">): readonly string[] {
  return [...new Set([...configMaps, ...containers.flatMap(({ environmentFrom }) => environmentFrom)])];
}

/** With the variables that come from config maps; what the container sets itself wins. */
export function withVariables(container: Container, texts: ReadonlyMap<string, string>): Container {
  const given = container.environmentFrom.flatMap((name) => [...readData(texts.get(name) ?? "")]);
  const short = given.filter(([, value]) => !value.includes("\n"));
  return short.length === 0 ? container : { ...container, environment: new Map([...short, ...container.environment]) };
}
