import type { Place, Problem } from "../../config/problems.js";
import { readYaml, type YamlReading } from "../../config/yaml.js";
import type { TrustedFile } from "../../ports.js";

const FRONT_MATTER = /^---[ \t]*\r?\n([\s\S]*?)(?:^|\r?\n)---[ \t]*(?:\r?\n|$)/;

/** @returns the YAML between two lines of `---` with the prose after it; places are those of the file. null: there is none */
export function readFrontMatter(file: TrustedFile): { readonly yaml: YamlReading; readonly body: string } | null {
  const match = FRONT_MATTER.exec(file.text);
  if (match === null) return null;
  // The first line stays, empty: places in the front matter are then places in the file.
  return { yaml: readYaml(`\n${match[1] ?? ""}\n`), body: file.text.slice(match[0].length).trim() };
}

/** Where in the file a key stands. Its top, where the front matter cannot be read. */
export function locateInRunbook(file: TrustedFile): (problem: Pick<Problem, "path" | "at">) => Place {
  const yaml = readFrontMatter(file)?.yaml;
  return yaml?.ok === true ? (problem) => yaml.locate(problem) : () => ({ line: 1, column: 1 });
}
