/** One recorded cluster as the data folder keeps it. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { z } from "zod";

const Logs = z.record(z.string(), z.union([z.array(z.string()), z.string()])).catch({});

export const Recording = z.object({
  id: z.string(),
  namespace: z.string(),
  query: z.string(),
  alerts: z.unknown(),
  kubectl: z.record(z.string(), z.string().nullable()),
  logs: Logs,
  error_logs: z.record(z.string(), z.unknown()).catch({}),
  metrics_csv: z.string().nullish(),
  probes: z.record(z.string(), z.unknown()),
});
export type Recording = z.infer<typeof Recording>;

export async function listRecordings(folder: string): Promise<readonly string[]> {
  const names = await readdir(join(folder, "cases"));
  return names
    .filter((name) => name.endsWith(".json.gz"))
    .map((name) => name.slice(0, -".json.gz".length))
    .toSorted();
}

export async function readRecording(folder: string, id: string): Promise<Recording> {
  const zipped = await readFile(join(folder, "cases", `${id}.json.gz`));
  return Recording.parse(JSON.parse(gunzipSync(zipped).toString("utf8")));
}
