/** What the tests read of the lab's answers. */
import { z } from "zod";

export const World = z.object({
  release: z.string().nullable(),
  version: z.enum(["good", "bad"]).nullable(),
  error_rate: z.number().nullable(),
  effects: z.array(z.object({ kind: z.string(), at: z.string() })),
});
export type World = z.infer<typeof World>;

export const Run = z.object({
  id: z.number(),
  workflow: z.string(),
  name: z.string(),
  event: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  jobs: z.array(z.object({ name: z.string(), status: z.string(), conclusion: z.string().nullable(), ms: z.number().nullable() })),
});
export type Run = z.infer<typeof Run>;
export const Runs = z.object({ runs: z.array(Run) });

export const Request = z.object({
  n: z.number(),
  run_id: z.number().nullable(),
  job: z.string().nullable(),
  operation: z.string(),
  method: z.string(),
  path: z.string(),
  status: z.number(),
  valid: z.boolean(),
  problems: z.array(z.string()),
});
export type Request = z.infer<typeof Request>;
export const Requests = z.object({ requests: z.array(Request) });

export const Issue = z
  .object({
    number: z.number(),
    title: z.string(),
    body: z.string().nullable(),
    state: z.enum(["open", "closed"]),
    user: z.object({ login: z.string() }),
    labels: z.array(z.object({ name: z.string() })),
  })
  .transform(({ labels, body, ...issue }) => ({ ...issue, body: body ?? "", labels: labels.map(({ name }) => name) }));
export type Issue = z.infer<typeof Issue>;

export const Comment = z.object({ id: z.number(), body: z.string(), user: z.object({ login: z.string(), type: z.string() }) });
export type Comment = z.infer<typeof Comment>;

export const Reaction = z.object({ content: z.string() });

export const File = z
  .object({ path: z.string(), sha: z.string(), content: z.string() })
  .transform(({ content, ...file }) => ({ ...file, text: Buffer.from(content, "base64").toString("utf8") }));
export type File = z.infer<typeof File>;

export const Entry = z.object({ name: z.string() });

export const PrometheusAlerts = z.object({
  data: z.object({ alerts: z.array(z.object({ state: z.string(), activeAt: z.string() })) }),
});
export const PrometheusMatrix = z.object({
  data: z.object({ result: z.array(z.object({ values: z.array(z.tuple([z.number(), z.string()])) })) }),
});
