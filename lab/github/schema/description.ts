import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export type Schema = Readonly<Record<string, unknown>>;
export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly schema: Schema;
}
type Content = Readonly<Record<string, { readonly schema: Schema }>>;
interface PathOperation {
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content: Content }>>;
}
interface Api {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, PathOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** One operation of GitHub's description. */
export interface DescribedOperation {
  readonly id: string;
  readonly method: string; // upper case
  readonly path: string; // with {placeholders}
  readonly parameters: readonly Parameter[];
  readonly body: { readonly required: boolean; readonly schema: Schema } | null;
  /** Schemas by status and media type; a status without content has none. */
  readonly answers: Readonly<Record<string, Content>>;
}

export interface Description {
  readonly version: string;
  readonly operations: readonly DescribedOperation[];
  readonly schemas: Readonly<Record<string, Schema>>;
}

/** The pruned copy in the repository, made by `scripts/prune-openapi.mjs`. */
export function loadDescription(): Description {
  // GitHub's alternatives overlap (an empty list fits several), so one match or more is what `oneOf` can mean here.
  const text = readFileSync(join(packageRoot(), "lab/github/schema/openapi.json"), "utf8").replaceAll('"oneOf":', '"anyOf":');
  const api = JSON.parse(text) as Api;
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => describe(path, method, operation)),
  );
  return { version: api.info.version, operations, schemas: api.components.schemas };
}

function describe(path: string, method: string, operation: PathOperation): DescribedOperation {
  const json = operation.requestBody?.content["application/json"];
  const body = operation.requestBody && json ? { required: operation.requestBody.required, schema: json.schema } : null;
  const answers = Object.entries(operation.responses).map(([status, { content }]) => [status, content] as const);
  return { id: operation.operationId, method: method.toUpperCase(), path, parameters: operation.parameters, body, answers: Object.fromEntries(answers) };
}

/** The folder with package.json: compiled code lies deeper than its source, and JSON is not compiled along. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    if (folder === dirname(folder)) throw new Error("package.json not found above lab/github/schema");
    folder = dirname(folder);
  }
  return folder;
}
