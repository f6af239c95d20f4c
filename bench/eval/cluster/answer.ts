/** What the product says about one recorded cluster: the same steps as in an incident, without a model. */
import { capConfidence } from "../../../src/diagnosis/confidence.js";
import { blamedObject } from "../../../src/diagnosis/runbook/blamed.js";
import type { Runbook } from "../../../src/diagnosis/runbook/runbook.js";
import { gatherEvidence } from "../../../src/evidence/gather.js";
import { createKubernetesSource } from "../../../src/evidence/sources/kubernetes/source.js";
import type { Alert, Diagnosis, Evidence } from "../../../src/incident/facts.js";
import { redact } from "../../../src/outside/redact.js";
import type { Analyst } from "../../../src/ports.js";
import { aService, firstAttempt } from "../case-input.js";
import type { Recording } from "./recording.js";
import { replayKubectl } from "./replay.js";
import { replayTools } from "./tools.js";

export interface Guess {
  readonly rootCause: string;
  readonly object: string;
}
export interface Answer {
  readonly guesses: readonly Guess[]; // at most three, likeliest first
  readonly confidence: number; // of the first; 0 when the analyst does not know
  readonly said: Diagnosis["kind"];
  readonly by: string; // the analyst, as it calls itself afterwards
}

/** Recordings carry ages, not dates: any moment will do. */
const NOW = new Date("2026-01-01T12:00:00.000Z");
const MOST_GUESSES = 3;
const WINDOWS = { logsMs: 30 * 60_000, changesMs: 24 * 3_600_000 };

export async function lookAtCluster(recording: Recording): Promise<Evidence> {
  const source = createKubernetesSource({
    run: replayKubectl(recording),
    placeOf: () => ({ namespace: recording.namespace, selector: null, context: null }),
    beside: replayTools(recording),
  });
  const request = {
    service: aService(recording.namespace),
    alerts: [anAlert(recording)] as const,
    onset: new Date(NOW.getTime() - 60_000),
    attempt: 1,
    now: NOW,
    windows: WINDOWS,
  };
  return gatherEvidence(request, [source], { sleep: () => Promise.resolve() });
}

export interface Asked {
  readonly recording: Recording;
  readonly evidence: Evidence;
  readonly analyst: Analyst;
  readonly runbooks: readonly Runbook[]; // by which causes are named
  /** The names that an answer may use, by what they are called elsewhere: the id of a runbook or one of its other names. */
  readonly names: ReadonlySet<string>;
}

export async function answer({ recording, evidence, analyst, runbooks, names }: Asked): Promise<Answer> {
  const service = aService(recording.namespace);
  const diagnosis = await analyst.diagnose(firstAttempt(service, anAlert(recording), evidence));
  const capped = capConfidence(diagnosis, evidence);
  if (capped.kind !== "cause") return { guesses: [], confidence: 0, said: capped.kind, by: analyst.name };
  const guesses = capped.hypotheses.map((hypothesis) => {
    const runbook = runbooks.find(({ id }) => id === hypothesis.runbook);
    const rootCause = runbook === undefined ? null : nameOf(runbook, names);
    const object = blamedObject(hypothesis, evidence.observations);
    return rootCause === null || object === null ? null : { rootCause, object };
  });
  const [first] = guesses;
  return {
    guesses: guesses.filter((guess) => guess !== null).slice(0, MOST_GUESSES),
    confidence: first === null ? 0 : capped.confidence.value,
    said: "cause",
    by: analyst.name,
  };
}

export function nameOf({ id, alsoKnownAs }: Runbook, names: ReadonlySet<string>): string | null {
  return [id.replaceAll("-", "_"), ...alsoKnownAs].find((name) => names.has(name)) ?? null;
}

function anAlert({ id, query }: Recording): Alert {
  return {
    monitor: "json",
    id,
    fingerprint: id,
    name: redact(query),
    service: null,
    severity: null,
    state: "firing",
    startedAt: new Date(NOW.getTime() - 60_000),
    endedAt: null,
    summary: redact(query),
    labels: {},
    annotations: {},
    links: [],
    value: null,
    threshold: null,
  };
}
