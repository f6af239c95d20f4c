/** What the stand-in answers has the shape that the vendor's package publishes, key for key. */
import { Ajv, type ValidateFunction } from "ajv";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readDeclarations } from "../../../lab/anthropic/declarations.js";
import * as replies from "../../../lab/anthropic/replies.js";
import type { Reply } from "../../../lab/anthropic/replies.js";
import { schemaOfType } from "../../../lab/anthropic/type-schema.js";

const RESOURCES = join(dirname(createRequire(import.meta.url).resolve("@anthropic-ai/sdk")), "resources");

function compile(file: string, type: string): ValidateFunction {
  const lookup = readDeclarations(readFileSync(join(RESOURCES, file), "utf8"));
  return new Ajv({ strict: false, allErrors: true, discriminator: true }).compile(schemaOfType(type, lookup));
}
const isMessage = compile("messages/messages.d.ts", "Message");
const isError = compile("shared.d.ts", "ErrorResponse");

describe("an answer of the stand-in", () => {
  it.each<[string, Reply]>([
    ["text", replies.message({ cause: "the pool" })],
    ["text behind a block of thinking", replies.message("x", { thinks: true })],
    ["nothing", replies.message("")],
    ["a refusal", replies.refusal()],
    ["what was cut off", replies.truncated('{"hyp')],
  ])("with %s is a message as published", (_, { body }) => {
    isMessage(JSON.parse(body));
    expect(isMessage.errors).toBeNull();
  });

  it.each<[string, Reply]>([
    ["overload", replies.overloaded()],
    ["a rate limit", replies.rateLimited(3)],
    ["a wrong key", replies.unauthorised()],
    ["missing credit", replies.outOfCredit()],
    ["an unknown model", replies.unknownModel("x")],
    ["a bad request", replies.badRequest("no")],
    ["a server error", replies.serverError()],
    ["a timeout", replies.gatewayTimeout()],
  ])("with %s is an error as published", (_, { body, status }) => {
    isError(JSON.parse(body));
    expect(isError.errors).toBeNull();
    expect(status).toBeGreaterThanOrEqual(400);
  });

  it("of another shape would be noticed", () => {
    expect(isMessage({ ...JSON.parse(replies.message("x").body), extra: 1 })).toBe(false);
    expect(isError({ type: "error", error: { type: "made_up_error", message: "x" }, request_id: null })).toBe(false);
  });
});
