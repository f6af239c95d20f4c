/** Recorded clusters as an analyst would be asked about them. */
import type { Alert, Evidence, Fact } from "../../../src/incident/facts.js";
import { fold } from "../../../src/incident/fold.js";
import type { Incident } from "../../../src/incident/incident.js";
import { redact } from "../../../src/outside/redact.js";
import type { DiagnosisInput } from "../../../src/ports.js";
import { aService, firstAttempt, withRelease } from "../case-input.js";
import { lookAtCluster } from "../cluster/answer.js";
import { listRecordings, readRecording, type Recording } from "../cluster/recording.js";

export interface Asked {
  readonly id: string;
  readonly input: DiagnosisInput;
  readonly incident: Incident;
}

/** @param limit - cases at most, in the order of their ids */
export async function* readAsked(folder: string, limit: number): AsyncGenerator<Asked> {
  for (const id of (await listRecordings(folder)).slice(0, limit)) {
    const recording = await readRecording(folder, id);
    const evidence = await lookAtCluster(recording);
    const alert = alertOf(recording, evidence);
    const { onset } = evidence;
    const input = firstAttempt(withRelease(aService(recording.namespace)), alert, evidence);
    const facts: Fact[] = [
      { fact: "opened", at: onset, key: id, alerts: [alert], reportedBy: null },
      { fact: "evidence", at: onset, evidence },
    ];
    yield { id, input, incident: fold(1, facts) };
  }
}

function alertOf({ id, query }: Recording, { onset }: Evidence): Alert {
  const text = redact(query);
  return {
    monitor: "json",
    id,
    fingerprint: id,
    name: text,
    service: null,
    severity: null,
    state: "firing",
    startedAt: onset,
    endedAt: null,
    summary: text,
    labels: {},
    annotations: {},
    links: [],
    value: null,
    threshold: null,
  };
}
