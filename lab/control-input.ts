import { z } from "zod";
import type { Fault } from "./model.js";

/** What the control server accepts; unknown keys are refused, so that a typo never passes for a setting. */
export const ClockMove = z.strictObject({
  advance_seconds: z
    .number()
    .positive()
    .max(10 * 366 * 24 * 3600),
});
export const Deploy = z.strictObject({ version: z.enum(["good", "bad"]) });

const Happening = z
  .strictObject({
    status: z.int().min(100).max(599).optional(),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.unknown().optional(),
    hang_ms: z.int().min(0).optional(),
    kill: z.enum(["before", "after"]).optional(),
  })
  .refine((happening) => Object.keys(happening).length > 0, "name at least one of status, headers, body, hang_ms, kill");

const Match = z.strictObject({ operation: z.string().optional(), job: z.string().optional(), nth: z.int().min(1).optional() });
export const FaultInput = z
  .strictObject({ match: Match, times: z.int().min(1), do: Happening })
  .transform((fault) => fault as Fault);

/** Thrown with a message that names every field that does not fit. */
export class BadInput extends Error {
  override readonly name = "BadInput";
}

/** @throws {BadInput} when the text is no JSON or does not fit the schema */
export function parseInput<T>(schema: z.ZodType<T>, text: string): T {
  const result = schema.safeParse(parseJson(text));
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.map(String).join(".") || "body"}: ${issue.message}`);
  throw new BadInput(problems.join("; "));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadInput(`body: not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}
