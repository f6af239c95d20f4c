/** What Alertmanager's API v2 answers; alerts that ended are not in it. @see https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml */
import { z } from "zod";
import { askJson, who, type Endpoint } from "../ask.js";
import { parseAnswer } from "../parse-answer.js";

const Texts = z.record(z.string(), z.string());
const GettableAlert = z.object({
  labels: Texts,
  annotations: Texts,
  startsAt: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
  status: z.object({ state: z.enum(["unprocessed", "active", "suppressed"]) }),
});
export const GettableAlerts = z.array(GettableAlert);
export type GettableAlert = z.infer<typeof GettableAlert>;

/** Silenced and inhibited ones too: nobody is told of them, but they fire. */
export async function askAlerts(endpoint: Endpoint, signal: AbortSignal): Promise<readonly GettableAlert[]> {
  return parseAnswer(GettableAlerts, await askJson(endpoint, { path: "/api/v2/alerts", signal }), who(endpoint));
}
