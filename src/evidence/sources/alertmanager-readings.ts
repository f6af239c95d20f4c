import { endpointOf, who, type HttpOptions } from "../ask.js";
import type { Readings } from "../signal-reader.js";
import { DEFAULT_TIMEOUT_MS } from "../timed-source.js";
import { askAlerts } from "./alertmanager-wire.js";
import { isListed } from "./same-alert.js";

/** Alertmanager forgets what ended. After its own restart it knows nothing for a moment, so Prometheus' "yes" outweighs its "no". */
export function alertmanagerReadings(options: HttpOptions): Readings {
  const endpoint = endpointOf("alertmanager", options);
  return {
    source: "alertmanager",
    who: who(endpoint),
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    isFiring: async (alert, abort) => {
      const known = await askAlerts(endpoint, abort);
      return isListed(
        known.map(({ labels }) => labels),
        alert,
      );
    },
  };
}
