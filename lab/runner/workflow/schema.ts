import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { JSONObjectReader } from "@actions/workflow-parser/templates/json-object-reader";
import { TemplateSchema } from "@actions/workflow-parser/templates/schema/index";

const loaded = new Map<SchemaName, TemplateSchema>();

export type SchemaName = "workflow" | "action";

/**
 * GitHub's own schema of workflow and action files, as `@actions/workflow-parser` ships it.
 *
 * Read from disk: the package's own loader imports JSON without import attributes, which plain Node refuses. For the same
 * reason nothing here may import `@actions/workflow-parser` itself or its `workflow-parser`, `action-parser` and `convert`.
 */
export function schemaOf(name: SchemaName): TemplateSchema {
  const known = loaded.get(name);
  if (known) return known;
  const schema = TemplateSchema.load(new JSONObjectReader(undefined, readFileSync(schemaPath(name), "utf8")));
  loaded.set(name, schema);
  return schema;
}

function schemaPath(name: SchemaName): string {
  const inPackage = join("node_modules", "@actions", "workflow-parser", "dist", `${name}-v1.0.min.json`);
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, inPackage);
    if (existsSync(path)) return path;
  }
  throw new Error(`${inPackage} is missing; run npm ci.`);
}
