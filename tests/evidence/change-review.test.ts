import { describe, expect, it } from "vitest";
import { reviewChanges } from "../../src/evidence/change-review.js";
import type { Alert, Observation, ObservationDetail } from "../../src/incident/facts.js";
import { redact } from "../../src/outside/redact.js";
import type { DiagnosisInput } from "../../src/ports.js";

const ONSET = new Date("2025-03-01T12:00:00Z");
const minutes = (before: number): Date => new Date(ONSET.getTime() - before * 60_000);

function observe(id: Observation["id"], at: Date, summary: string, detail: ObservationDetail): Observation {
  return { id, source: "test", subject: "cart", at, summary: redact(summary), detail, score: 0.8, query: null, link: null };
}
function deployed(id: Observation["id"], before: number, summary: string, files: readonly string[]): Observation {
  const paths = files.map((file) => redact(file));
  return observe(id, minutes(before), summary, {
    kind: "change",
    of: "deployment",
    ref: redact("v2"),
    previousRef: null,
    files: paths,
  });
}
const log = observe("E9", ONSET, "new", {
  kind: "log",
  signal: "errors",
  template: redact("ERROR pool exhausted: waited for a connection to cart_orders"),
  count: 40,
  newSinceOnset: true,
  firstAt: ONSET,
  lastAt: ONSET,
});
const alert: Alert = {
  monitor: "json",
  id: "1",
  fingerprint: "1",
  name: redact("CartErrors"),
  service: "cart",
  severity: "P1",
  state: "firing",
  startedAt: ONSET,
  endedAt: null,
  summary: redact("cart answers 500"),
  labels: {},
  annotations: {},
  links: [],
  value: null,
  threshold: null,
};
const service = { name: "cart" } as DiagnosisInput["service"];

describe("weighing observed changes", () => {
  it("ranks them by their observation ids, with reasons", () => {
    const observations = [
      deployed("E1", 5, "v3 deployed: documents", ["docs/cart.md"]),
      deployed("E2", 20, "v2 deployed: cart_orders connection pool", ["cart/pool.yaml"]),
      log,
    ];
    const { ranked } = reviewChanges({ service, alerts: [alert], onset: ONSET, observations });
    expect(ranked.map(({ id }) => id)).toEqual(["E2", "E1"]);
    expect(ranked[1]?.against[0]?.what).toBe("touches only documents");
  });

  it("says so when a certificate ran out, whatever was deployed", () => {
    const expired = { ...alert, summary: redact("x509: certificate has expired") };
    const observations = [deployed("E1", 5, "v3 deployed", ["cart/handler.go"])];
    expect(reviewChanges({ service, alerts: [expired], onset: ONSET, observations }).verdict.kind).toBe("outside");
  });

  it("names none without changes", () => {
    expect(reviewChanges({ service, alerts: [alert], onset: ONSET, observations: [log] }).verdict.kind).toBe("none");
  });
});
