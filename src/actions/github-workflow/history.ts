import { z } from "zod";
import type { DeploymentRecord } from "../../ports.js";
import { CannotObserveError, type Place } from "../action.js";
import { readAddress } from "./target.js";

/** What is live and what was live before, newest first. */
export const ReleaseHistory = z.strictObject({ live: z.string(), previous: z.string().nullable(), known: z.array(z.string()) });
export type ReleaseHistory = z.infer<typeof ReleaseHistory>;

/**
 * The release history of one target from the repository's deployments. Deployments of gated environments are the automation's
 * own gates and do not count.
 * @param records - newest first
 * @throws {CannotObserveError} when nothing is live, or when deployments of several environments could be meant
 */
export function readHistory(records: readonly DeploymentRecord[], place: Place): ReleaseHistory {
  const { deploymentEnvironment } = readAddress(place.target.address);
  const candidates = records.filter((record) =>
    deploymentEnvironment === null ? record.environment !== place.gatedEnvironment : record.environment === deploymentEnvironment,
  );
  const environments = [...new Set(candidates.map(({ environment }) => environment))];
  if (environments.length > 1) {
    throw new CannotObserveError(
      `${place.repository} has deployments in ${environments.join(", ")}. Set deployment-environment in the target "${place.target.name}" of ${place.service} to say which one counts.`,
    );
  }
  const live = candidates.find(({ state }) => state === "live");
  if (!live) {
    throw new CannotObserveError(
      `${place.repository} has no live deployment${deploymentEnvironment ? ` in ${deploymentEnvironment}` : ""}. The workflow of the target "${place.target.name}" must record GitHub deployments.`,
    );
  }
  const known = [...new Set(candidates.filter(({ state }) => state === "was-live" || state === "live").map(({ ref }) => ref))];
  const older = candidates.find(
    (record) => record.state === "was-live" && record.ref !== live.ref && record.createdAt <= live.createdAt,
  );
  return { live: live.ref, previous: older?.ref ?? null, known };
}
