/**
 * Cuts GitHub's OpenAPI description down to the operations the lab's stand-in has.
 *
 *   npm install --prefix /tmp/openapi @octokit/openapi            (385 MB, which is why it is not a dependency)
 *   node scripts/prune-openapi.mjs /tmp/openapi/node_modules/@octokit/openapi/generated/api.github.com.json
 *
 * Reads `lab/github/schema/operations.txt` (one operationId a line), or the list given as second argument, and writes
 * `lab/github/schema/openapi.json`. Prose and examples go; `nullable` becomes JSON Schema's `null`, in enums too.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(`../lab/github/schema/${path}`, import.meta.url));
const methods = ["get", "put", "post", "delete", "patch"];
const annotations = new Set([
  "description",
  "example",
  "examples",
  "externalDocs",
  "deprecated",
  "title",
  "xml",
  "readOnly",
  "writeOnly",
]);
const nested = {
  properties: "map",
  patternProperties: "map",
  items: "one",
  additionalProperties: "one",
  not: "one",
  oneOf: "list",
  anyOf: "list",
  allOf: "list",
};

function pruneSchema(schema) {
  if (schema === null || typeof schema !== "object") return schema;
  if (schema.$ref) return { $ref: schema.$ref };
  const kept = Object.entries(schema).filter(([key]) => !annotations.has(key) && !key.startsWith("x-") && key !== "nullable");
  const pruned = Object.fromEntries(kept.map(([key, value]) => [key, pruneKeyword(key, value)]));
  if (pruned.default === "") delete pruned.format; // an empty text is no URI, and yet GitHub's default
  return schema.nullable ? allowNull(pruned) : pruned;
}

function pruneKeyword(key, value) {
  if (nested[key] === "one") return pruneSchema(value);
  if (nested[key] === "list") return value.map(pruneSchema);
  if (nested[key] === "map")
    return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, pruneSchema(schema)]));
  return value;
}

function allowNull(schema) {
  if (!schema.type) return Object.keys(schema).length === 0 ? schema : { anyOf: [schema, { type: "null" }] };
  const withNull = { ...schema, type: [schema.type, "null"].flat() };
  if (schema.enum && !schema.enum.includes(null)) withNull.enum = [...schema.enum, null];
  return withNull;
}

function resolve(api, value) {
  if (!value?.$ref) return value;
  return value.$ref
    .slice(2)
    .split("/")
    .reduce((node, key) => node[key], api);
}

function pruneContent(content) {
  return Object.fromEntries(
    Object.entries(content ?? {}).map(([type, { schema }]) => [type, { schema: pruneSchema(schema ?? {}) }]),
  );
}

/** `created` is said to be a date-time; its prose (and GitHub) take the ranges of the search syntax. */
function pruneParameter({ name, in: place, required = false, schema }) {
  return { name, in: place, required, schema: name === "created" ? { type: "string" } : pruneSchema(schema) };
}

function pruneOperation(api, operation) {
  const parameters = (operation.parameters ?? []).map((entry) => resolve(api, entry));
  const body = resolve(api, operation.requestBody);
  const responses = Object.entries(operation.responses).map(([status, entry]) => [
    status,
    { content: pruneContent(resolve(api, entry).content) },
  ]);
  return {
    operationId: operation.operationId,
    parameters: parameters.map(pruneParameter),
    ...(body ? { requestBody: { required: body.required ?? false, content: pruneContent(body.content) } } : {}),
    responses: Object.fromEntries(responses),
  };
}

function prunePaths(api, wanted) {
  const paths = {};
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of methods.filter((name) => wanted.has(item[name]?.operationId))) {
      const shared = { ...item[method], parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])] };
      paths[path] = { ...paths[path], [method]: pruneOperation(api, shared) };
      wanted.delete(item[method].operationId);
    }
  }
  return paths;
}

function collectSchemas(api, roots) {
  const schemas = {};
  const visit = (node) => {
    for (const [, name] of JSON.stringify(node).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (name in schemas) continue;
      schemas[name] = pruneSchema(api.components.schemas[name]);
      visit(schemas[name]);
    }
  };
  visit(roots);
  return Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const [source, list = here("operations.txt")] = process.argv.slice(2);
if (!source) {
  console.error("usage: node scripts/prune-openapi.mjs <api.github.com.json of @octokit/openapi> [operations.txt]");
  process.exit(1);
}
const api = JSON.parse(readFileSync(source, "utf8"));
const wanted = new Set(
  readFileSync(list, "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean),
);
const paths = prunePaths(api, wanted);
if (wanted.size > 0) {
  console.error(`${source} has no operation ${[...wanted].join(", ")}; correct ${list}`);
  process.exit(1);
}
// Every endpoint may answer with the general error, also where its own list of answers does not repeat it.
const general = { $ref: "#/components/schemas/basic-error" };
const pruned = { openapi: api.openapi, info: { title: "GitHub REST API (pruned)", version: api.info.version }, paths };
writeFileSync(
  here("openapi.json"),
  `${JSON.stringify({ ...pruned, components: { schemas: collectSchemas(api, { paths, general }) } })}\n`,
);
