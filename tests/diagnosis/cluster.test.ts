import { describe, expect, it } from "vitest";
import { blamedObject } from "../../src/diagnosis/runbook/blamed.js";
import { diagnoseByRunbooks } from "../../src/diagnosis/runbook/diagnose.js";
import { findNoIncident } from "../../src/diagnosis/no-incident.js";
import { toFinding } from "../../src/evidence/statement.js";
import type { Observation } from "../../src/incident/facts.js";
import { readForMatching } from "../../src/outside/match.js";
import { redact } from "../../src/outside/redact.js";
import { anAlert, fromOnset } from "../evidence/support/world.js";
import { aLog, aMetric, anInput, aRunbook, ALL_ANSWERED, unavailable } from "./support/observed.js";
import { shippedRunbooks } from "./support/shipped.js";

function aState(
  id: Observation["id"],
  named: string,
  object: string,
  overrides: { score?: number; message?: string } = {},
): Observation {
  const [of = "", reason = ""] = named.split(":");
  const { score = 0.95, message = "it is so" } = overrides;
  return { id, ...toFinding("kubernetes", { kind: "state", of, reason, object, message, at: fromOnset(5), score }) };
}

function led(
  runbooks: Parameters<typeof diagnoseByRunbooks>[0],
  observations: readonly Observation[],
  hints: readonly string[] = [],
) {
  const diagnosis = diagnoseByRunbooks(runbooks, anInput(observations, { hints: hints.map((hint) => redact(hint)) }));
  if (diagnosis.kind !== "cause") return { kind: diagnosis.kind, all: [], confidence: 0, cause: "" };
  const all = diagnosis.hypotheses.map((each) => `${each.runbook ?? "?"} ${blamedObject(each, observations) ?? "-"}`);
  return {
    kind: diagnosis.kind,
    all,
    confidence: diagnosis.confidence.value,
    cause: readForMatching(diagnosis.hypotheses[0]?.cause ?? redact("")),
  };
}

const missing = aRunbook(
  "image-missing",
  'cause: "{object} has no image: {why}"\nsignals: [{kind: state, of: image, reason: NotFound, weight: 3}]',
);
const both = aRunbook("both", "signals: [{kind: state, of: pod, reason: [A, B]}, {kind: state, of: node, reason: C}]");

describe("states of a cluster", () => {
  it("blame the object they speak of, and say so in the cause", () => {
    const { all, cause } = led([missing], [aState("E1", "image:NotFound", "app/orders", { message: "orders:v3: not found" })]);
    expect(all).toEqual(["image-missing app/orders"]);
    expect(cause).toBe("app/orders has no image: orders:v3: not found");
  });

  it("count for each object by itself: two halves on two objects make no whole", () => {
    expect(led([both], [aState("E1", "pod:A", "app/orders"), aState("E2", "node:C", "app/payments")]).kind).toBe("unknown");
    expect(led([both], [aState("E1", "pod:B", "app/orders"), aState("E2", "node:C", "app/orders")]).all).toEqual([
      "both app/orders",
    ]);
  });

  it("count from any object when the runbook says anywhere", () => {
    const runbook = aRunbook(
      "any",
      "signals: [{kind: state, of: pod, reason: A}, {kind: state, of: node, reason: C, anywhere: true}]",
    );
    expect(led([runbook], [aState("E1", "pod:A", "app/orders"), aState("E2", "node:C", "node/a")]).all).toEqual([
      "any app/orders",
    ]);
  });

  it("exclude only on the same object, unless anywhere", () => {
    const rule = (anywhere: string) =>
      aRunbook(
        "cautious",
        `signals: [{kind: state, of: pod, reason: A}]\nexcludes: [{kind: state, of: quota, reason: Full${anywhere}}]`,
      );
    const seen = [aState("E1", "pod:A", "app/orders"), aState("E2", "quota:Full", "namespace/shop")];
    expect(led([rule("")], seen).all).toEqual(["cautious app/orders"]);
    expect(led([rule(", anywhere: true")], seen).kind).toBe("unknown");
  });

  it("are compared by words and details, whatever the case of letters", () => {
    const runbook = aRunbook("port", "signals: [{kind: state, of: pod, reason: a, match: 'port \\d+'}]");
    expect(led([runbook], [aState("E1", "pod:A", "app/orders", { message: "asks port 81" })]).kind).toBe("cause");
    expect(led([runbook], [aState("E1", "pod:A", "app/orders", { message: "asks nobody" })]).kind).toBe("unknown");
    expect(led([runbook], [aState("E1", "node:A", "app/orders", { message: "asks port 81" })]).kind).toBe("unknown");
  });

  it("of two objects lead to two hypotheses, and to less confidence", () => {
    const one = led([missing], [aState("E1", "image:NotFound", "app/orders")]);
    const two = led(
      [missing],
      [aState("E1", "image:NotFound", "app/orders"), aState("E2", "image:NotFound", "app/payments", { score: 0.9 })],
    );
    expect(two.all).toEqual(["image-missing app/orders", "image-missing app/payments"]);
    expect(two.confidence).toBeLessThan(one.confidence);
  });
});

describe("a runbook", () => {
  it("claims no more than it says it may", () => {
    const symptom = aRunbook("crash", "claims-at-most: 0.4\nsignals: [{kind: state, of: container, reason: Crashing}]");
    expect(led([symptom], [aState("E1", "container:Crashing", "app/orders")]).confidence).toBe(0.4);
  });

  it("is found by a hint with another of its names", () => {
    const other = aRunbook("aaa", "signals: [{kind: state, of: pod, reason: A}]");
    const named = aRunbook("zzz", "also-known-as: [mysterious_ailment]\nsignals: [{kind: state, of: pod, reason: A}]");
    const seen = [aState("E1", "pod:A", "app/orders")];
    expect(led([other, named], seen).all[0]).toBe("aaa app/orders");
    expect(led([other, named], seen, ["is it the mysterious_ailment?"]).all[0]).toBe("zzz app/orders");
  });
});

describe("the library", () => {
  const library = shippedRunbooks();
  const bySignal = library.flatMap((runbook) => {
    const [first] = runbook.signals;
    return first.kind === "state" ? [{ id: runbook.id, named: `${first.of}:${first.reasons[0] ?? ""}` }] : [];
  });

  it.each(bySignal)("takes $named for $id, and for nothing when that is taken away", ({ id, named }) => {
    const object = named.startsWith("node") || named.startsWith("scheduler") ? "node/a" : "app/orders";
    expect(led(library, [aState("E1", named, object)]).all[0]).toBe(`${id} ${object}`);
    expect(
      led(
        library.filter((runbook) => runbook.id !== id),
        [aState("E1", named, object)],
      ).kind,
    ).toBe("unknown");
  });
});

describe("no incident", () => {
  const healthy = aState("E1", "cluster:Healthy", "namespace/shop", { score: 0.4 });
  const over = { alerts: [anAlert({ state: "resolved" })] } as const;

  it("is said of a cluster where everything runs, once the alert is over", () => {
    expect(findNoIncident(anInput([healthy], over))).toMatchObject({ kind: "no-incident", cites: ["E1"] });
  });

  it("is said of an alert that always fires, beside something that was measured and is well", () => {
    const watchdog = { alerts: [anAlert({ name: redact("Watchdog"), summary: redact("always firing") })] } as const;
    const steady = aMetric("E1", "latency", "steady");
    expect(findNoIncident(anInput([steady], watchdog))).toMatchObject({ kind: "no-incident", cites: ["E1"] });
    expect(findNoIncident(anInput([aMetric("E1", "latency", "rose")], watchdog))).toBeNull();
    const silent = anInput([], { ...watchdog, coverage: [unavailable("prometheus")] });
    expect(findNoIncident(silent)).toMatchObject({
      kind: "no-incident",
      cites: [],
      why: expect.stringMatching(/always fires.*not every source answered/),
    });
    expect(findNoIncident(anInput([aState("E1", "image:NotFound", "app/orders")], watchdog))).toBeNull();
    expect(findNoIncident(anInput([], { alerts: [anAlert({ name: redact("Watchdog"), state: "resolved" })] }))).toBeNull();
  });

  it("is not said where the name may mean that a heartbeat is missing", () => {
    const missed = { alerts: [anAlert({ name: redact("DeadMansSnitch"), monitor: "json" })] } as const;
    expect(findNoIncident(anInput([], missed))).toBeNull();
  });

  it.each([
    { name: "new lines in the log", seen: aLog("E1", "ERROR payment refused") },
    { name: "failing requests", seen: { ...aLog("E1", "x"), detail: { kind: "trace" } as const, score: 0.8 } },
    {
      name: "another alert",
      seen: { ...aLog("E1", "x"), detail: { kind: "alert" } as const, summary: redact("Down fires for checkout, since 1 min") },
    },
  ])("is not said of an alert that calls itself a heartbeat beside $name", ({ seen }) => {
    const watchdog = { alerts: [anAlert({ name: redact("Watchdog") })] } as const;
    expect(findNoIncident(anInput([seen], watchdog))).toBeNull();
    const itself = { ...seen, detail: { kind: "alert" } as const, summary: redact("Watchdog fires for checkout, since 3 d") };
    expect(findNoIncident(anInput([itself], watchdog))).not.toBeNull();
  });

  it.each([
    { name: "the alert still fires", input: anInput([healthy]) },
    { name: "a source did not answer", input: anInput([healthy], { ...over, coverage: [...ALL_ANSWERED, unavailable("loki")] }) },
    { name: "a signal left its band", input: anInput([healthy, aMetric("E2", "latency", "rose")], over) },
    { name: "nobody looked at the cluster", input: anInput([], over) },
    {
      name: "a pod cannot start though requests succeed",
      input: anInput([aState("E1", "image:NotFound", "app/orders"), aMetric("E2", "error-ratio", "steady")], over),
    },
  ])("is not said when $name", ({ input }) => expect(findNoIncident(input)).toBeNull());
});

describe("a dependency at fault", () => {
  const begins = aState("E1", "dependency:Failing", "service/payments-db", { message: "additional failures of its own" });

  it("is blamed by name when the service's own failures come from it", () => {
    const { all, cause } = led(shippedRunbooks(), [begins, aMetric("E2", "error-ratio", "rose")]);
    expect(all[0]).toBe("dependency-at-fault service/payments-db");
    expect(cause).toContain("begins in service/payments-db");
  });

  it("does not outweigh what the service's own logs say of its own pool", () => {
    const own = aLog("E3", "pool exhausted: no free connection after 250 ms");
    const { all } = led(shippedRunbooks(), [
      { ...begins, score: 0.5 },
      own,
      aMetric("E2", "pool-waiting", "rose"),
      aMetric("E4", "error-ratio", "rose"),
    ]);
    expect(all[0]).toMatch(/^connection-pool-exhausted/);
  });
});
