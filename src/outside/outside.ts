import { z } from "zod";

/**
 * Text that came from outside: an alert, a log line, a commit, a comment, a model. Always redacted already, never a string,
 * so that it cannot slip into a template. `escapeMarkdown`, `fence` and matchers are the only ways to read it.
 */
export const Outside = z.strictObject({ outside: z.string() }).readonly();
export type Outside = z.infer<typeof Outside>;
