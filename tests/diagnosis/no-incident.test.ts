import { describe, expect, it } from "vitest";
import { findNoIncident } from "../../src/diagnosis/no-incident.js";
import { redact } from "../../src/outside/redact.js";
import { anAlert } from "../evidence/support/world.js";
import { aLog, aMetric, anInput, unavailable } from "./support/observed.js";

const healthy = aMetric("E1", "error-ratio", "steady", { now: 0.001 });
const recovered = aMetric("E1", "error-ratio", "steady", { now: 0.001, hadLeft: true });
const diskAlert = anAlert({ name: redact("DiskAlmostFull"), summary: redact("/data is 91 % full") });
const over = anAlert({ ...diskAlert, state: "resolved" });

describe("no incident", () => {
  it.each([
    { name: "the alert is about errors, and errors are measured and usual", input: anInput([healthy]) },
    { name: "errors rose and came back, whatever the logs said meanwhile", input: anInput([recovered, aLog("E2", "timeout")]) },
    {
      name: "the alert is over and everything measured is usual",
      input: anInput([healthy, aMetric("E2", "latency", "steady")], { alerts: [over] }),
    },
  ])("when $name", ({ input }) => {
    expect(findNoIncident(input)).toMatchObject({ kind: "no-incident", cites: ["E1"] });
  });

  it.each([
    { name: "no error signal is measured", input: anInput([aMetric("E1", "latency", "steady")]) },
    { name: "errors are up", input: anInput([aMetric("E1", "error-ratio", "rose")]) },
    { name: "errors are usual but many", input: anInput([aMetric("E1", "error-ratio", "steady", { now: 0.3 })]) },
    { name: "the latest errors are a gap", input: anInput([aMetric("E1", "error-ratio", "steady", { now: null })]) },
    { name: "errors cannot be compared", input: anInput([aMetric("E1", "error-ratio", "unknown", { now: 0 })]) },
    { name: "another signal is out of its band", input: anInput([healthy, aMetric("E2", "latency", "rose")]) },
    { name: "new log lines are unexplained", input: anInput([healthy, aLog("E2", "no free connection")]) },
    {
      name: "a source did not answer",
      input: anInput([healthy], { coverage: [{ source: "prometheus", answer: "ok" }, unavailable("loki")] }),
    },
    { name: "an alert fires about something nobody measured", input: anInput([healthy], { alerts: [diskAlert] }) },
    {
      name: "one of two alerts fires about something nobody measured",
      input: anInput([healthy], { alerts: [anAlert(), diskAlert] }),
    },
    { name: "nothing was observed", input: anInput([]) },
  ])("is not said when $name", ({ input }) => {
    expect(findNoIncident(input)).toBeNull();
  });
});
