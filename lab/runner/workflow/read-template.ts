import { TemplateContext, TemplateValidationErrors } from "@actions/workflow-parser/templates/template-context";
import { readTemplate } from "@actions/workflow-parser/templates/template-reader";
import type { MappingToken } from "@actions/workflow-parser/templates/tokens/mapping-token";
import { isMapping } from "@actions/workflow-parser/templates/tokens/type-guards";
import { NoOperationTraceWriter } from "@actions/workflow-parser/templates/trace-writer";
import { YamlObjectReader } from "@actions/workflow-parser/workflows/yaml-object-reader";
import { BrokenWorkflow } from "./model.js";
import { type SchemaName, schemaOf } from "./schema.js";

const roots: Record<SchemaName, string> = { workflow: "workflow-root-strict", action: "action-root-strict" };

export interface ReadTemplate {
  readonly context: TemplateContext;
  readonly root: MappingToken;
}

/** @throws {BrokenWorkflow} when the text is no YAML or GitHub's schema refuses it */
export function readTemplateFile(schema: SchemaName, path: string, text: string): ReadTemplate {
  const context = new TemplateContext(new TemplateValidationErrors(), schemaOf(schema), new NoOperationTraceWriter());
  const file = context.getFileId(path);
  const reader = new YamlObjectReader(file, text);
  for (const error of reader.errors) context.error(file, error.message, error.range);
  failOnErrors(context, path);
  const root = readTemplate(context, roots[schema], reader, file);
  failOnErrors(context, path);
  if (!root || !isMapping(root)) throw new BrokenWorkflow(path, ["the file is empty; a mapping was expected"]);
  return { context, root };
}

export function failOnErrors(context: TemplateContext, path: string): void {
  const problems = context.errors.getErrors().map((error) => error.message);
  if (problems.length > 0) throw new BrokenWorkflow(path, [...new Set(problems)]);
}
