/** What the API refuses although the types allow it. Each rule names where that is documented. */
import type { MessagesBody } from "./body.js";

/** @returns a sentence for each thing that the API would answer with 400 */
export function findRefusals(body: MessagesBody): readonly string[] {
  return [
    ...refuseUnserved(body),
    ...refuseEmpty(body),
    ...refusePrefill(body),
    ...refuseThinking(body),
    ...refuseSchema(body),
    ...refuseCacheMarks(body),
  ];
}

/** Parameters that the API knows and the stand-in has no answer to. */
const NOT_SERVED = ["container", "diagnostics", "inference_geo", "tools", "tool_choice", "speed", "cache_control"] as const;

function refuseUnserved(body: MessagesBody): readonly string[] {
  return NOT_SERVED.filter((name) => body[name] !== undefined).map(
    (name) => `${name}: known to the API, not served by the stand-in`,
  );
}

/** @see https://platform.claude.com/docs/en/api/messages */
function refuseEmpty({ model, max_tokens, messages, system }: MessagesBody): readonly string[] {
  const isEmpty = (content: Content | undefined): boolean =>
    Array.isArray(content) ? content.some((block) => block.type === "text" && block.text === "") : content === "";
  return [
    ...(model === "" ? ["model: must name a model"] : []),
    ...(Number.isInteger(max_tokens) && max_tokens >= 1 ? [] : ["max_tokens: must be a whole number of at least 1"]),
    ...(messages.length === 0 ? ["messages: at least one message is required"] : []),
    ...messages.flatMap(({ content }, index) =>
      isEmpty(content) || content.length === 0 ? [`messages.${index}.content: text content must not be empty`] : [],
    ),
    ...(isEmpty(system) && system !== "" ? ["system: text content blocks must not be empty"] : []),
  ];
}

type Content = MessagesBody["messages"][number]["content"] | MessagesBody["system"];

/** @see https://platform.claude.com/docs/en/api/errors#prefill-not-supported */
function refusePrefill({ messages }: MessagesBody): readonly string[] {
  return messages.at(-1)?.role === "user" ? [] : ["messages must end with a user turn: this model does not support prefill"];
}

/** `between_tools` is documented for one family alone. @see https://platform.claude.com/docs/en/models/sonnet-5-5/migration-guide */
function refuseThinking({ model, thinking, output_config }: MessagesBody): readonly string[] {
  const effort = output_config?.effort ?? null;
  const isDeep = effort === "xhigh" || effort === "max";
  if (thinking?.type === "enabled") return ["thinking.type enabled is not supported: use adaptive"];
  if (model.startsWith("claude-sonnet-5-5") && thinking?.type === "disabled")
    return ["thinking.type disabled is not supported on this model: use between_tools"];
  if (thinking?.type === "between_tools" && !model.startsWith("claude-sonnet-5-5"))
    return ["thinking.type between_tools is not supported on this model"];
  return isDeep && (thinking?.type === "between_tools" || thinking?.type === "disabled")
    ? [`thinking.type ${thinking.type} is not supported with effort ${effort}`]
    : [];
}

const KEYWORDS = new Set([
  "type",
  "enum",
  "const",
  "anyOf",
  "allOf",
  "properties",
  "required",
  "additionalProperties",
  "items",
  "minItems",
  "description",
  "title",
  "format",
  "$ref",
  "$defs",
  "default",
]);

/** @see https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations */
function refuseSchema({ output_config }: MessagesBody): readonly string[] {
  const schema = output_config?.format?.schema;
  return schema === undefined ? [] : refuseKeywords(schema, "output_config.format.schema");
}

function refuseKeywords(schema: Readonly<Record<string, unknown>>, at: string): readonly string[] {
  const unknown = Object.keys(schema).filter((key) => !KEYWORDS.has(key));
  const isOpen = schema["type"] === "object" && schema["additionalProperties"] !== false;
  return [
    ...unknown.map((key) => `${at}: the keyword ${key} is not supported`),
    ...(isOpen ? [`${at}: additionalProperties must be false`] : []),
    ...childrenOf(schema).flatMap(([name, child]) => refuseKeywords(child, `${at}.${name}`)),
  ];
}

function childrenOf(
  schema: Readonly<Record<string, unknown>>,
): readonly (readonly [string, Readonly<Record<string, unknown>>])[] {
  const named = isRecord(schema["properties"]) ? Object.entries(schema["properties"]) : [];
  const others = ["items", "anyOf", "allOf"].flatMap((key) => {
    const value = schema[key];
    return Array.isArray(value)
      ? value.map((each: unknown, index) => [`${key}[${index}]`, each] as const)
      : [[key, value] as const];
  });
  return [...named, ...others].flatMap(([name, child]) => (isRecord(child) ? [[name, child] as const] : []));
}

/** @see https://platform.claude.com/docs/en/build-with-claude/prompt-caching */
function refuseCacheMarks({ system, messages }: MessagesBody): readonly string[] {
  const blocks = [system, ...messages.map(({ content }) => content)].flatMap((content) =>
    Array.isArray(content) ? content : [],
  );
  const marks = blocks.filter((block) => "cache_control" in block && block.cache_control).length;
  return marks > 4 ? [`at most 4 blocks may have cache_control, ${marks} have`] : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
