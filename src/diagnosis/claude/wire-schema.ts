/** The JSON Schema of an answer as the API takes it: shapes and closed words; bounds stay with zod, which alone enforces them. */
import { z } from "zod";

type Schema = Readonly<Record<string, unknown>>;
/** What structured output understands; anything else would be refused. */
const KEPT = ["type", "enum", "const", "description", "required"] as const;

export function toWireSchema(schema: z.ZodType): Schema {
  return keepSupported(z.toJSONSchema(schema, { io: "input" }));
}

function keepSupported(schema: Schema): Schema {
  const kept: Record<string, unknown> = {};
  for (const key of KEPT) if (schema[key] !== undefined) kept[key] = schema[key];
  const { properties, items, anyOf } = schema;
  if (isSchema(properties)) {
    kept["properties"] = Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [name, keepSupported(value as Schema)]),
    );
    kept["additionalProperties"] = false;
  }
  if (isSchema(items)) kept["items"] = keepSupported(items);
  if (Array.isArray(anyOf)) kept["anyOf"] = anyOf.map((each) => keepSupported(each as Schema));
  return kept;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
