import type { z } from "zod";
import { SourceUnavailableError } from "./unavailable.js";

/** @throws {SourceUnavailableError} when the answer has another shape */
export function parseAnswer<T>(schema: z.ZodType<T>, answer: unknown, from: string): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "its top level" : issue.path.join(".");
  throw new SourceUnavailableError(`${from} answered in an unknown shape (${where}): is the url that of the API?`, false);
}
