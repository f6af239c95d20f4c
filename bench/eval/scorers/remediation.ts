/**
 * Of the repairs the offline analyst proposes for faults told in words, how many are among the accepted ones? Asked twice: of what is seen
 * (most of these words name no cause), and of the fault itself, as if the diagnosis were right.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readShippedRunbooks } from "../../../src/app/shipped-runbooks.js";
import { createRunbookAnalyst } from "../../../src/diagnosis/runbook/analyst.js";
import { parseRunbook } from "../../../src/diagnosis/runbook/parse.js";
import { toFinding } from "../../../src/evidence/statement.js";
import { reviewOf, weighChanges } from "../../../src/evidence/weigh-changes.js";
import type { Alert, Observation } from "../../../src/incident/facts.js";
import { redact } from "../../../src/outside/redact.js";
import type { Analyst, DiagnosisInput } from "../../../src/ports.js";
import { aService, firstAttempt, withRelease } from "../case-input.js";
import type { CaseResult, Score, Scorer, ScoreRequest } from "../scorer.js";

const Fault = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  expectation: z.string(),
  solutions: z.array(z.array(z.object({ command: z.string().optional(), text: z.string().optional() }))),
});
type Fault = z.infer<typeof Fault>;

export const scorer: Scorer = { name: "remediation", goals: [], renames: false, score: scoreRemediation };

async function scoreRemediation({ folder }: ScoreRequest): Promise<Score> {
  const faults = (await readFile(join(folder, "faults.jsonl"), "utf8"))
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => Fault.parse(JSON.parse(line)));
  const runbooks = (await readShippedRunbooks()).flatMap((file) => {
    const parsed = parseRunbook(file);
    return parsed.ok ? [parsed.runbook] : [];
  });
  const analyst = createRunbookAnalyst(runbooks);
  const seen = await Promise.all(faults.map((fault) => judge(fault, fault.expectation, analyst)));
  const known = await Promise.all(
    faults.map((fault) => judge(fault, [fault.name, fault.description, fault.expectation].join(" "), analyst)),
  );
  return {
    figures: { faults: faults.length, ...count(seen), diagnosed: count(known) },
    cases: known,
    notes: [
      "read from words: what they say of Kubernetes becomes states, everything else is not understood; `diagnosed` reads the fault's own description too, and is what the cases show",
      "going back to the previous release counts as `rollout undo`; a task for people is not a proposal; every plan asks for approval",
    ],
  };
}

function count(judged: readonly CaseResult[]): Readonly<Record<string, number | null>> {
  const proposed = judged.filter(({ right }) => right !== null);
  const accepted = proposed.filter(({ right }) => right === true).length;
  return {
    proposed: proposed.length,
    accepted,
    accepted_share: proposed.length === 0 ? null : accepted / proposed.length,
    to_people: judged.length - proposed.length,
  };
}

/** What words say of a cluster, as the Kubernetes source would say it. */
const STATES: readonly (readonly [RegExp, string, string])[] = [
  [/\bcordon|blocking (?:all )?(?:new )?scheduling/i, "pod", "NodesCordoned"],
  [/node ?selector/i, "pod", "NodeSelectorUnmatched"],
  [/node affinity/i, "pod", "NodeAffinityUnmatched"],
  [/anti-?affinity/i, "pod", "AntiAffinity"],
  [/\btaint|toleration/i, "pod", "UntoleratedTaint"],
  [/(?:storage|volume) class/i, "claim", "StorageClassMissing"],
  [/resource ?quota/i, "quota", "MemoryExceeded"],
  [/scale[sd]? .{0,40}\b(?:to )?(?:0|zero)\b/i, "workload", "ScaledToZero"],
  [/service account/i, "workload", "ServiceAccountMissing"],
  [/\bservices?\b.{0,40}\bselector|selector.{0,40}\bservice\b/i, "service", "SelectsNothing"],
  [/target ?port/i, "service", "TargetPortUnserved"],
  [/readiness probe/i, "readiness-probe", "PortUnserved"],
  [/liveness probe/i, "liveness-probe", "PortUnserved"],
  [/out of memory|OOMKilled/i, "container", "OutOfMemory"],
  [/ErrImagePull|ImagePullBackOff|unsupported architecture|nonexistent image|image .{0,30}does not exist/i, "image", "NotFound"],
  [/Crash(?:Loop|BackOff)\w*|\bcrash(?:es|ing)\b/i, "container", "Crashing"],
];
const ONSET = new Date("2026-01-01T12:00:00.000Z");

async function judge({ id, solutions }: Fault, words: string, analyst: Analyst): Promise<CaseResult> {
  const input = toInput(words);
  const diagnosis = await analyst.diagnose(input);
  const proposal = diagnosis.kind === "cause" ? await analyst.propose({ ...input, diagnosis }) : null;
  const [choice] = proposal?.choices ?? [];
  const expected = solutions.map((steps) => steps.map(({ command = "" }) => verbOf(command)).join(" + ")).join(" or ");
  if (choice === undefined || choice.action === "manual")
    return { id, right: null, answer: choice?.action ?? diagnosis.kind, expected };
  const isAccepted = solutions.some((steps) =>
    steps.every(({ command = "" }) => !isChange(command) || verbOf(command) === "rollout undo"),
  );
  return { id, right: isAccepted, answer: `${choice.action} ${choice.target}`, expected };
}

function isChange(command: string): boolean {
  return command !== "" && !/\bkubectl (?:-n \S+ |-n \{\{.*?\}\} )?get\b/.test(command);
}

/** `kubectl -n x rollout undo deployment/y` → "rollout undo" */
function verbOf(command: string): string {
  const words = command
    .replaceAll(/\{\{.*?\}\}/g, "x")
    .split(/\s+/)
    .filter((word) => word !== "");
  const rest = words[1] === "-n" ? words.slice(3) : words.slice(1);
  return rest[0] === "rollout" ? `rollout ${rest[1] ?? ""}` : (rest[0] ?? "by hand");
}

/** A release went out before, as a change of the manifest does in all of these faults. */
function toInput(words: string): DiagnosisInput {
  const states = STATES.filter(([pattern]) => pattern.test(words)).map(([, of, reason], index): Observation => {
    const finding = toFinding("kubernetes", {
      kind: "state",
      of,
      reason,
      object: "app/workload",
      message: words.slice(0, 120),
      at: ONSET,
      score: 0.9,
    });
    return { id: `E${index + 1}`, ...finding };
  });
  const observations = [...states, aRelease(states.length + 1)];
  const alert = anAlert(words);
  const review = reviewOf(
    weighChanges({ service: SERVICE, alerts: [alert], onset: ONSET, findings: observations }),
    new Map(observations.map((each) => [each, each.id])),
  );
  return firstAttempt(SERVICE, alert, { observations, coverage: [{ source: "kubernetes", answer: "ok" }], onset: ONSET, review });
}

function anAlert(words: string): Alert {
  return {
    monitor: "json",
    id: "fault",
    fingerprint: "fault",
    name: redact("Fault"),
    service: SERVICE.name,
    severity: null,
    state: "firing",
    startedAt: ONSET,
    endedAt: null,
    summary: redact(words),
    labels: {},
    annotations: {},
    links: [],
    value: null,
    threshold: null,
  };
}

function aRelease(number: number): Observation {
  return {
    id: `E${number}`,
    source: "github",
    subject: SERVICE.name,
    at: new Date(ONSET.getTime() - 300_000),
    summary: redact("v2 was deployed 5 min before the onset"),
    detail: { kind: "change", of: "deployment", ref: redact("v2"), previousRef: redact("v1"), files: [] },
    score: 0.9,
    query: null,
    link: null,
  };
}

const SERVICE = withRelease(aService("workload"));
