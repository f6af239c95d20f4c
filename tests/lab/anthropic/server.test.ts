import Anthropic, { APIError, AuthenticationError, InternalServerError, NotFoundError, RateLimitError } from "@anthropic-ai/sdk";
import { afterEach, describe, expect, it } from "vitest";
import * as replies from "../../../lab/anthropic/replies.js";
import { startMessagesApi, type MessagesApi } from "../../../lab/anthropic/server.js";

let api: MessagesApi | null = null;
afterEach(async () => {
  await api?.close();
  api = null;
});

async function clientFor(reply: replies.Reply, apiKey = "key"): Promise<Anthropic> {
  api = await startMessagesApi({ apiKey: "key", reply: () => reply });
  return new Anthropic({ apiKey, authToken: null, baseURL: api.url, maxRetries: 0, timeout: 2_000, logLevel: "off" });
}

const ASK: Anthropic.MessageCreateParamsNonStreaming = {
  model: "claude-sonnet-5-5",
  max_tokens: 100,
  messages: [{ role: "user", content: "Hello" }],
};

describe("the stand-in of the Messages API", () => {
  it("answers the vendor's client", async () => {
    const client = await clientFor(replies.message("Hi", { usage: { input_tokens: 7 } }));
    const message = await client.messages.create(ASK);
    expect(message.content).toEqual([{ type: "text", text: "Hi", citations: null }]);
    expect(message.usage.input_tokens).toBe(7);
    expect(api?.received).toMatchObject([{ n: 1, problems: [], body: ASK }]);
  });

  it.each([
    ["overload", replies.overloaded(), InternalServerError, 529],
    ["a rate limit", replies.rateLimited(30), RateLimitError, 429],
    ["a server error", replies.serverError(), InternalServerError, 500],
    ["an unknown model", replies.unknownModel("x"), NotFoundError, 404],
    ["missing credit", replies.outOfCredit(), APIError, 402],
  ])("gives %s the shape that the client knows", async (_, reply, type, status) => {
    const client = await clientFor(reply);
    const error: unknown = await client.messages.create(ASK).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ status, requestID: "req_011LabStandIn" });
  });

  it("refuses another key", async () => {
    const client = await clientFor(replies.message("Hi"), "other");
    await expect(client.messages.create(ASK)).rejects.toBeInstanceOf(AuthenticationError);
  });

  it("drops a connection in the middle of an answer", async () => {
    const client = await clientFor(replies.dropped());
    await expect(client.messages.create(ASK)).rejects.toThrow();
  });

  it("hands out a page with status 200 as text, as the client does", async () => {
    const client = await clientFor(replies.htmlPage());
    expect(typeof (await client.messages.create(ASK))).toBe("string");
  });
});

describe("what it refuses", () => {
  const schema = (extra: object) => ({
    format: { type: "json_schema" as const, schema: { type: "object", properties: {}, additionalProperties: false, ...extra } },
  });
  it.each<[string, object, RegExp]>([
    ["a parameter that is not published", { temperature: 0 }, /temperature/],
    ["no turn at all", { messages: [] }, /messages/],
    ["a prefill", { messages: [...ASK.messages, { role: "assistant", content: "{" }] }, /prefill/],
    ["thinking turned off with the other family's word", { thinking: { type: "disabled" } }, /between_tools/],
    ["a thinking budget", { max_tokens: 4_000, thinking: { type: "enabled", budget_tokens: 2_000 } }, /adaptive/],
    ["a schema with bounds", { output_config: schema({ maxProperties: 3 }) }, /maxProperties/],
    ["a schema that is open", { output_config: schema({ additionalProperties: true }) }, /additionalProperties/],
    ["what it does not serve", { tools: [] }, /not served/],
    ["an empty block", { system: [{ type: "text", text: "" }] }, /system/],
    ["a key that a block does not have", { system: [{ type: "text", text: "Rules", cache: true }] }, /system\.0\.cache: extra/],
    [
      "a kind of block that does not exist",
      { messages: [{ role: "user", content: [{ type: "prose", text: "x" }] }] },
      /content\.0/,
    ],
    [
      "a cache mark of another kind",
      { system: [{ type: "text", text: "x", cache_control: { type: "for-ever" } }] },
      /cache_control\.type/,
    ],
    ["a role that does not exist", { messages: [{ role: "stranger", content: "x" }] }, /messages\.0/],
    ["a number as text", { max_tokens: "100" }, /max_tokens: must be number/],
    ["half a token", { max_tokens: 1.5 }, /max_tokens: must be a whole number/],
    ["an effort that does not exist", { output_config: { effort: "utmost" } }, /output_config\.effort/],
    ["a format without its schema", { output_config: { format: { type: "json_schema" } } }, /schema/],
  ])("%s", async (_, change, says) => {
    const client = await clientFor(replies.message("Hi"));
    const params = { ...ASK, ...change };
    await expect(client.messages.create(params)).rejects.toThrow(says);
    expect(api?.received[0]?.problems).not.toEqual([]);
  });

  it("is nothing of a request with everything in place", async () => {
    const client = await clientFor(replies.message("Hi"));
    await client.messages.create({
      ...ASK,
      system: [{ type: "text", text: "Rules", cache_control: { type: "ephemeral" } }],
      thinking: { type: "between_tools" },
      output_config: { effort: "high", ...schema({ required: [] }) },
    });
    expect(api?.received[0]?.problems).toEqual([]);
  });
});
