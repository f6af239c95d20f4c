/** `gatehouse replay`: asks the offline analyst again what a live run was asked, with what it saw. Touches nothing. */
import { isDeepStrictEqual } from "node:util";
import type { Config, Service } from "../config/config.js";
import { capConfidence } from "../diagnosis/confidence.js";
import { createRunbookAnalyst } from "../diagnosis/runbook/analyst.js";
import type { Runbook } from "../diagnosis/runbook/runbook.js";
import type { Recording } from "../evidence/sources/recordings.js";
import type { Diagnosis, Evidence, Observation, Triage } from "../incident/facts.js";
import type { Proposal } from "../plan/proposal.js";
import type { DiagnosisInput } from "../ports.js";
import { ConfigurationError } from "./app.js";

export interface Replayed {
  readonly triage: Triage;
  readonly evidence: Evidence;
  readonly diagnosis: Diagnosis;
  readonly proposal: Proposal | null;
  /** What was said then. null: the run ended before it said anything. */
  readonly recorded: { readonly analyst: string; readonly same: boolean; readonly diagnosis: Diagnosis } | null;
}

/** @throws {ConfigurationError} when the recording holds no question, or its service is not in the config */
export async function replay(recording: Recording, config: Config, runbooks: readonly Runbook[]): Promise<Replayed> {
  const asked = questionOf(recording);
  const service = serviceNamed(asked.service, config);
  const evidence = evidenceOf(recording, asked);
  const { alerts, attempt, onset, hints, failed, leftOpen, errorRatio, answer } = asked;
  const { observations, coverage, review } = evidence;
  const input: DiagnosisInput = { service, alerts, attempt, onset, observations, coverage, review, hints, failed, leftOpen };
  const analyst = createRunbookAnalyst(runbooks);
  const diagnosis = capConfidence(await analyst.diagnose(input), evidence);
  return {
    triage: await analyst.triage({ alerts, service, errorRatio }),
    evidence,
    diagnosis,
    proposal: diagnosis.kind === "cause" ? await analyst.propose({ ...input, diagnosis }) : null,
    recorded: answer && { ...answer, same: isDeepStrictEqual(answer.diagnosis, diagnosis) },
  };
}

type Question = NonNullable<Recording["asked"]>;

function questionOf({ asked }: Recording): Question {
  if (asked) return asked;
  throw new ConfigurationError(
    "The recording holds what was seen, but not what was asked: no alerts. Make it with gatehouse record.",
  );
}

function serviceNamed(name: string, { services, path }: Config): Service {
  const service = services.get(name);
  if (service) return service;
  throw new ConfigurationError(`${path} has no service ${name}, which the recording is about. Name the config it was made with.`);
}

/** Observations keep the order they were numbered in, so that the same ids are cited. */
function evidenceOf({ observations, coverage }: Recording, { attempt, windows, dropped, review }: Question): Evidence {
  return {
    attempt,
    ...windows,
    observations: observations.map((observation, index): Observation => ({ id: `E${index + 1}`, ...observation })),
    dropped,
    coverage,
    review,
  };
}
