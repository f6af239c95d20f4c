import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { LabClock } from "../model.js";
import { worldFolder } from "./files.js";

const Alert = z.looseObject({ startsAt: z.string(), endsAt: z.string() });
const AlertmanagerBody = z.looseObject({ alerts: z.array(Alert).min(1) });
export type AlertmanagerBody = z.infer<typeof AlertmanagerBody>;

/**
 * What the shop's Alertmanager sends: a body captured from a real one (0.25), with its times moved to the lab's clock.
 * @param startsAt - when the error ratio crossed its threshold; the clock's now when it has not
 */
export function alertPayload(clock: LabClock, startsAt: Date = clock.now()): AlertmanagerBody {
  const body = readBody("firing.json");
  return { ...body, alerts: body.alerts.map((alert) => ({ ...alert, startsAt: startsAt.toISOString() })) };
}

/** The same alert, over. */
export function resolvedPayload(clock: LabClock, startsAt: Date): AlertmanagerBody {
  const body = readBody("resolved.json");
  const times = { startsAt: startsAt.toISOString(), endsAt: clock.now().toISOString() };
  return { ...body, alerts: body.alerts.map((alert) => ({ ...alert, ...times })) };
}

function readBody(name: string): AlertmanagerBody {
  return AlertmanagerBody.parse(JSON.parse(readFileSync(join(worldFolder(), "alerts", name), "utf8")));
}
