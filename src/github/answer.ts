import { z } from "zod";
import { UnexpectedAnswerError } from "./errors.js";

/** Reads what GitHub answered; only the fields that are used. */
export function parseAnswer<T>(schema: z.ZodType<T>, answer: unknown, operation: string): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const first = parsed.error.issues[0];
  const where = first?.path.map(String).join(".") ?? "";
  throw new UnexpectedAnswerError(
    `GitHub's answer to ${operation} is not what its API describes: ${where || "the answer"}: ${first?.message ?? "unreadable"}.`,
  );
}

/** A moment as GitHub writes it. */
export const Moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
