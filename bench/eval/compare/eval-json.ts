import { z } from "zod";
import { SCHEMA_VERSION } from "../report.js";

/** What `--json` prints, as far as a comparison reads it. */
export const EvalJson = z.object({
  schema_version: z.literal(SCHEMA_VERSION),
  commit: z.string().nullable(),
  results: z.record(z.string(), z.record(z.string(), z.unknown())),
  skipped: z.array(z.string()),
  failed: z.array(z.string()),
});
