/**
 * What `POST /v1/messages` takes: the type of the vendor's own package, read from the declarations it publishes and held against
 * every request. A key that is not declared, a missing one or one of another shape is refused, whatever version is installed.
 */
import type Anthropic from "@anthropic-ai/sdk";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { readDeclarations } from "./declarations.js";
import { schemaOfType } from "./type-schema.js";

export type MessagesBody = Anthropic.MessageCreateParamsNonStreaming;

const TYPE = "MessageCreateParamsNonStreaming";
const DECLARATIONS = "resources/messages/messages.d.ts";
const MOST_PROBLEMS = 6;

type Read = { readonly body: MessagesBody } | { readonly problems: readonly string[] };

let isBody: ValidateFunction<MessagesBody> | null = null;

/** Compiled from the package's declarations when it is first needed. */
export function readMessagesBody(json: unknown): Read {
  isBody ??= compileBody();
  return isBody(json) ? { body: json } : { problems: describe(isBody.errors ?? []) };
}

function compileBody(): ValidateFunction<MessagesBody> {
  const folder = dirname(createRequire(import.meta.url).resolve("@anthropic-ai/sdk"));
  const lookup = readDeclarations(readFileSync(join(folder, DECLARATIONS), "utf8"));
  const ajv = new Ajv({ strict: false, allErrors: true, discriminator: true });
  return ajv.compile<MessagesBody>(schemaOfType(TYPE, lookup));
}

/** The deepest faults: what a union says about itself only repeats them. */
function describe(errors: readonly ErrorObject[]): readonly string[] {
  const deepest = errors.filter(({ instancePath }) => !errors.some((other) => other.instancePath.startsWith(`${instancePath}/`)));
  return [...new Set(deepest.map(describeOne))].slice(0, MOST_PROBLEMS);
}

function describeOne({ instancePath, message, params }: ErrorObject): string {
  const { additionalProperty } = params as { readonly additionalProperty?: unknown };
  const place = instancePath.slice(1).replaceAll("/", ".") || "body";
  return typeof additionalProperty === "string"
    ? `${place}.${additionalProperty}: extra inputs are not permitted`
    : `${place}: ${message ?? "does not fit"}`;
}
