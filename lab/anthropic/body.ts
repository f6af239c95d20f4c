/**
 * What `POST /v1/messages` takes, as the SDK's types publish it: every parameter by name, and the parts that are used in full.
 * The type checks below fail when the SDK learns a parameter that is not named here.
 */
import type Anthropic from "@anthropic-ai/sdk";
import { z } from "zod";

const CacheControl = z.strictObject({ type: z.literal("ephemeral"), ttl: z.enum(["5m", "1h"]).optional() });
const TextBlock = z.strictObject({
  type: z.literal("text"),
  text: z.string().min(1),
  cache_control: CacheControl.nullish(),
  citations: z.array(z.unknown()).nullish(),
});
const Content = z.union([z.string().min(1), z.array(TextBlock).min(1)]);
const Turn = z.strictObject({ role: z.enum(["user", "assistant", "system"]), content: Content });
const Thinking = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("disabled") }),
  z.strictObject({ type: z.literal("between_tools") }),
  z.strictObject({ type: z.literal("adaptive"), display: z.enum(["summarized", "omitted"]).nullish() }),
  z.strictObject({
    type: z.literal("enabled"),
    budget_tokens: z.int().min(1_024),
    display: z.enum(["summarized", "omitted"]).nullish(),
  }),
]);
const OutputConfig = z.strictObject({
  effort: z.enum(["low", "medium", "high", "xhigh", "max"]).nullish(),
  format: z.strictObject({ type: z.literal("json_schema"), schema: z.record(z.string(), z.unknown()) }).nullish(),
});

/** Parameters of the body that the stand-in knows by name alone: it answers no request that uses them. */
const NOT_SERVED = ["container", "diagnostics", "inference_geo", "tools", "tool_choice", "speed", "cache_control"] as const;
const unserved = z.undefined({ error: "known to the API, not served by the stand-in" }).optional();

export const MessagesBody = z.strictObject({
  model: z.string().min(1),
  max_tokens: z.int().min(1),
  messages: z.array(Turn).min(1),
  system: z.union([z.string(), z.array(TextBlock)]).optional(),
  metadata: z.strictObject({ user_id: z.string().max(512).nullish() }).optional(),
  output_config: OutputConfig.optional(),
  service_tier: z.enum(["auto", "standard_only"]).optional(),
  stop_sequences: z.array(z.string()).optional(),
  stream: z.literal(false).optional(),
  thinking: Thinking.optional(),
  ...(Object.fromEntries(NOT_SERVED.map((name) => [name, unserved])) as Record<(typeof NOT_SERVED)[number], typeof unserved>),
});
export type MessagesBody = z.infer<typeof MessagesBody>;

type True<T extends true> = T;
type Published = Exclude<keyof Anthropic.MessageCreateParamsNonStreaming, "user_profile_id" | "workspace_id">; // those two are headers
export type EveryParameterIsNamed = True<[Exclude<Published, keyof MessagesBody>] extends [never] ? true : false>;
export type NoneIsInvented = True<[Exclude<keyof MessagesBody, Published>] extends [never] ? true : false>;
type Same<A, B> = [A, B] extends [B, A] ? true : false;
export type ThinkingIsPublished = True<Same<z.infer<typeof Thinking>["type"], Anthropic.ThinkingConfigParam["type"]>>;
export type EffortIsPublished = True<Same<z.infer<typeof OutputConfig>["effort"], Anthropic.OutputConfig["effort"] | undefined>>;
export type RolesArePublished = True<Same<z.infer<typeof Turn>["role"], Anthropic.MessageParam["role"]>>;
