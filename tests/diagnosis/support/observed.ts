/** Small synthetic observations. Times count in seconds from the onset. */
import { parseRunbook } from "../../../src/diagnosis/runbook/parse.js";
import type { Runbook } from "../../../src/diagnosis/runbook/runbook.js";
import type { Coverage, Evidence, Observation } from "../../../src/incident/facts.js";
import { reviewOf, weighChanges } from "../../../src/evidence/weigh-changes.js";
import { redact } from "../../../src/outside/redact.js";
import type { DiagnosisInput } from "../../../src/ports.js";
import { anAlert, aService, fromOnset, ONSET } from "../../evidence/support/world.js";

type Id = Observation["id"];

function base(id: Id, source: string, summary: string, seconds: number, score: number): Omit<Observation, "detail"> {
  return { id, source, subject: "checkout", at: fromOnset(seconds), summary: redact(summary), score, query: null, link: null };
}

export function aMetric(
  id: Id,
  signal: string,
  direction: "rose" | "fell" | "steady" | "unknown",
  overrides: {
    readonly now?: number | null;
    readonly seconds?: number;
    readonly score?: number;
    readonly hadLeft?: boolean;
  } = {},
): Observation {
  const {
    now = direction === "steady" ? 0.001 : 0.6,
    seconds = 5,
    score = direction === "steady" ? 0.1 : 0.95,
    hadLeft,
  } = overrides;
  const onsetAt = (hadLeft ?? direction !== "steady") ? fromOnset(seconds) : null;
  const unit = signal.includes("ratio") ? "ratio" : null;
  return {
    ...base(id, "prometheus", `${signal} ${direction}`, seconds, score),
    detail: { kind: "metric", signal, unit, before: 0.001, now, direction, onsetAt },
  };
}

export function aLog(
  id: Id,
  template: string,
  overrides: { readonly isNew?: boolean; readonly seconds?: number } = {},
): Observation {
  const { isNew = true, seconds = 5 } = overrides;
  const at = fromOnset(seconds);
  return {
    ...base(id, "loki", `400× ${template}`, seconds, isNew ? 0.95 : 0.2),
    detail: {
      kind: "log",
      signal: "errors",
      template: redact(template),
      count: 400,
      newSinceOnset: isNew,
      firstAt: at,
      lastAt: at,
    },
  };
}

export function aChange(
  id: Id,
  of: "deployment" | "config" | "commit" | "release",
  overrides: {
    readonly seconds?: number;
    readonly score?: number;
    readonly previousRef?: string | null;
    readonly files?: readonly string[];
  } = {},
): Observation {
  const { seconds = -120, score = 0.95, previousRef = "v1.4.2", files = of === "config" ? ["config/pool.json"] : [] } = overrides;
  return {
    ...base(id, "github", `v1.5.0 ${of}`, seconds, score),
    detail: {
      kind: "change",
      of,
      ref: redact("v1.5.0"),
      previousRef: previousRef === null ? null : redact(previousRef),
      files: files.map((file) => redact(file)),
    },
  };
}

export const ALL_ANSWERED: readonly Coverage[] = ["prometheus", "loki", "github"].map((source) => ({ source, answer: "ok" }));

export function unavailable(source: string): Coverage {
  return { source, answer: "unavailable", why: redact("did not answer within 10 s") };
}

export function anInput(observations: readonly Observation[], overrides: Partial<DiagnosisInput> = {}): DiagnosisInput {
  const { service = aService(), alerts = [anAlert()] } = overrides;
  return {
    service,
    alerts,
    attempt: 1,
    onset: ONSET,
    observations,
    coverage: ALL_ANSWERED,
    review: reviewOf(
      weighChanges({ service, alerts, onset: ONSET, findings: observations }),
      new Map(observations.map((each) => [each, each.id])),
    ),
    hints: [],
    failed: [],
    leftOpen: [],
    ...overrides,
  };
}

export function evidenceOf(input: Pick<DiagnosisInput, "observations" | "coverage"> & Partial<DiagnosisInput>): Evidence {
  const { observations, coverage, review = anInput(observations).review } = input;
  return {
    attempt: 1,
    onset: ONSET,
    logsMinutes: 30,
    changesMinutes: 1440,
    observations: [...observations],
    dropped: 0,
    coverage: [...coverage],
    review,
  };
}

/** A runbook from its front matter; the id is added. @throws with the parser's message when it is not valid */
export function aRunbook(id: string, frontMatter: string): Runbook {
  const hasTitle = /^title:/m.test(frontMatter);
  const lines = [
    `id: ${id}`,
    ...(hasTitle ? [] : [`title: ${id}`]),
    ...(/^cause:/m.test(frontMatter) ? [] : [`cause: "${id}: {why}"`]),
    frontMatter,
  ];
  const parsed = parseRunbook({
    path: `runbooks/${id}.md`,
    text: `---\n${lines.join("\n")}\n---\nProse.\n`,
    sha: "d".repeat(40),
  });
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.runbook;
}
