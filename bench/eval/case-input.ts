/** What a recorded case is asked with, as far as it tells nothing else itself. */
import type { Service } from "../../src/config/config.js";
import type { Alert, Evidence } from "../../src/incident/facts.js";
import type { DiagnosisInput } from "../../src/ports.js";

/** Only its name counts: nothing is moved, and no query is its own. */
export function aService(name: string): Service {
  return {
    name,
    repository: "acme/shop",
    environment: "production-gate",
    mode: "observe",
    core: false,
    owners: ["@acme/on-call"],
    dependsOn: [],
    signals: new Map(),
    targets: new Map(),
    kubernetes: null,
    traceService: null,
  };
}

/** The same with a release that can be put back. */
export function withRelease(service: Service): Service {
  const release = { name: "release", action: "github.workflow", production: true, stateful: false, address: {} };
  return { ...service, mode: "act", targets: new Map([["release", release]]) };
}

type Seen = Pick<Evidence, "observations" | "coverage" | "onset" | "review">;

/** The first attempt, of which nobody has said or tried anything. */
export function firstAttempt(service: Service, alert: Alert, { observations, coverage, onset, review }: Seen): DiagnosisInput {
  return {
    service,
    alerts: [alert],
    attempt: 1,
    onset,
    observations,
    coverage,
    review,
    hints: [],
    failed: [],
    leftOpen: [],
  };
}
