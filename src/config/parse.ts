import { catalogue as actions } from "../actions/catalogue.js";
import type { TrustedFile } from "../ports.js";
import type { Config } from "./config.js";
import { draftConfig } from "./draft.js";
import { checkShape } from "./phrase.js";
import { describeProblems, type Problem } from "./problems.js";
import { checkRelations, type Catalogue } from "./relations.js";
import { ConfigFile } from "./schema.js";
import { readYaml } from "./yaml.js";

export type ParsedConfig = { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly message: string };

/**
 * Reads the configuration.
 * @returns the configuration, or one message with every problem of the file, a line each: `path:line:column: what is wrong. What would be right.`
 */
export function parseConfig(file: TrustedFile, catalogue: Catalogue = actions): ParsedConfig {
  const yaml = readYaml(file.text);
  if (!yaml.ok) return { ok: false, message: describeProblems(file.path, yaml.found) };

  const shape = checkShape(ConfigFile, yaml.value);
  const relations = checkRelations(yaml.value, catalogue);
  if (shape.ok && relations.length === 0) return { ok: true, config: draftConfig(file, shape.value, catalogue) };

  const problems: readonly Problem[] = [...(shape.ok ? [] : shape.problems), ...relations];
  const found = problems.map((problem) => ({ place: yaml.locate(problem), says: problem.says }));
  return { ok: false, message: describeProblems(file.path, found) };
}
