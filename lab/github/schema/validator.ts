import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import type { DescribedOperation, Description, Schema } from "./description.js";

/** What does not fit, with the place (`/labels/0`) and ajv's keyword for it. */
export interface Problem {
  readonly where: string;
  readonly message: string;
  readonly keyword: string;
  readonly key?: string; // the unknown or missing key
}

export interface Validator {
  /** Coerces `values` in place, as a query string has only text. */
  query(operation: DescribedOperation, values: Record<string, unknown>): Problem[];
  path(operation: DescribedOperation, values: Readonly<Record<string, string>>): Problem[];
  body(operation: DescribedOperation, body: unknown): Problem[];
  /** null: GitHub's description has no schema for this status. */
  answer(operation: DescribedOperation, status: number, body: unknown): Problem[] | null;
}

/** Statuses any endpoint may answer with GitHub's general error, described or not. */
const generalErrors = new Set([400, 401, 403, 404, 409, 422, 429, 500, 502, 503]);

export function createValidator(description: Description): Validator {
  const strict = createAjv(description, false);
  const coercing = createAjv(description, true);
  const compiled = new Map<string, ValidateFunction>();
  const check = (ajv: Ajv, key: string, schema: () => Schema, data: unknown): Problem[] => {
    const validate = compiled.get(key) ?? ajv.compile(qualify(schema()));
    compiled.set(key, validate);
    return validate(data) ? [] : (validate.errors ?? []).map(toProblem);
  };
  return {
    query: (operation, values) => check(coercing, `${operation.id} query`, () => parameters(operation, "query", false), values),
    path: (operation, values) => check(coercing, `${operation.id} path`, () => parameters(operation, "path", true), { ...values }),
    body(operation, body) {
      if (operation.body === null) return isEmpty(body) ? [] : [{ where: "", message: "takes no body", keyword: "body" }];
      if (body === undefined && !operation.body.required) return [];
      const { schema } = operation.body;
      return check(strict, `${operation.id} body`, () => closeObjects(schema), body);
    },
    answer(operation, status, body) {
      const schema = answerSchema(operation, status, body);
      return schema && check(strict, `${operation.id} ${status} ${schema.type}`, () => schema.schema, body);
    },
  };
}

function isEmpty(body: unknown): boolean {
  return body === undefined || (typeof body === "object" && body !== null && Object.keys(body).length === 0);
}

function createAjv(description: Description, coerceTypes: boolean): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes, validateSchema: false, inlineRefs: false });
  addFormats.default(ajv);
  for (const format of ["int32", "int64", "repo.nwo", "timestamp", "uri-template", "binary"]) ajv.addFormat(format, true);
  ajv.addFormat("email", /^\S*$/); // GitHub repeats what commits hold, `root@localhost` too
  ajv.addSchema({ $id: "github", components: { schemas: description.schemas } });
  return ajv;
}

/** Refs of a detached schema, pointing into the description by name. */
function qualify(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"github#/components/')) as Schema;
}

function parameters(operation: DescribedOperation, place: "path" | "query", required: boolean): Schema {
  const found = operation.parameters.filter((parameter) => parameter.in === place);
  const properties = Object.fromEntries(found.map(({ name, schema }) => [name, schema]));
  const needed = found.filter((parameter) => required || parameter.required).map(({ name }) => name);
  return { type: "object", properties, required: needed, additionalProperties: false };
}

/** GitHub refuses keys it does not know; its description only implies it. */
function closeObjects(schema: unknown): Schema {
  if (Array.isArray(schema)) return schema.map(closeObjects) as unknown as Schema;
  if (typeof schema !== "object" || schema === null) return schema as Schema;
  const closed = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, key === "enum" || key === "required" ? value : closeObjects(value)]));
  const open = typeof closed["properties"] === "object" && closed["type"] !== undefined && !("additionalProperties" in closed);
  return open ? { ...closed, additionalProperties: false } : closed;
}

function answerSchema(operation: DescribedOperation, status: number, body: unknown): { schema: Schema; type: string } | null {
  const content = operation.answers[String(status)];
  if (content === undefined) return generalErrors.has(status) ? generalError : null;
  const types = Object.keys(content);
  if (types.length === 0) return generalErrors.has(status) ? generalError : body === undefined ? nothing : noBody;
  const isObject = typeof body === "object" && body !== null && Object.hasOwn(body, "entries");
  const type = isObject && types.includes("application/vnd.github.object") ? "application/vnd.github.object" : "application/json";
  const schema = content[type]?.schema;
  return schema ? { schema, type } : null;
}

const nothing = { schema: {}, type: "nothing" };
const noBody = { schema: { not: {} }, type: "no body" };
const generalError = { schema: { $ref: "#/components/schemas/basic-error" }, type: "general" };

function toProblem(error: ErrorObject): Problem {
  const params = error.params as { additionalProperty?: string; missingProperty?: string };
  const key = params.additionalProperty ?? params.missingProperty;
  const detail = params.additionalProperty === undefined ? "" : ` "${params.additionalProperty}"`;
  return {
    where: error.instancePath,
    message: `${error.instancePath || "/"} ${error.message ?? error.keyword}${detail}`,
    keyword: error.keyword,
    ...(key === undefined ? {} : { key }),
  };
}
