/** From the file's words to what they mean. Pure; everything was checked by the schema. */
import type { TrustedFile } from "../../ports.js";
import type { WantedCriterion } from "../../plan/proposal.js";
import type { NonEmpty } from "../../words.js";
import { compilePattern } from "./pattern.js";
import type { ChangeCondition, Condition, Runbook, RunbookAction } from "./runbook.js";
import type { RunbookFile } from "./schema.js";

type FileCondition = RunbookFile["signals"][number];
type FileStatement = Extract<FileCondition, { kind: "state" | "event" }>;
type FileAction = RunbookFile["actions"][number];

/** A target of the catalogue that stands for people; the guard knows the same word. */
const PEOPLE = "people";

export function draftRunbook(file: TrustedFile, front: RunbookFile, body: string): Runbook {
  return {
    id: front.id,
    sha: file.sha,
    path: file.path,
    title: front.title,
    alsoKnownAs: front["also-known-as"],
    cause: front.cause,
    claimsAtMost: front["claims-at-most"],
    any: front.any,
    inOrder: front["in-order"],
    signals: front.signals.map(draftCondition) as unknown as NonEmpty<Condition>,
    excludes: front.excludes.map(draftCondition),
    lookAlikes: new Map(Object.entries(front["look-alikes"])),
    after: front.after === undefined ? null : draftChange(front.after),
    actions: front.actions.map(draftAction),
    verify: front.verify.flatMap(draftCriterion),
    followUps: front["follow-ups"],
    body,
  };
}

function draftCondition(condition: FileCondition): Condition {
  const { weight } = condition;
  switch (condition.kind) {
    case "log":
      return { kind: "log", match: compilePattern(condition.match), newSinceOnset: condition["new-since-onset"], weight };
    case "metric":
      return draftMetric(condition);
    case "alert":
      return { kind: "alert", match: compilePattern(condition.match), weight };
    case "change":
      return draftChange(condition);
    case "state":
    case "event":
      return draftStatement(condition);
  }
}

function draftMetric({ signal, rose, beyond, weight }: Extract<FileCondition, { kind: "metric" }>): Condition {
  const signals = typeof signal === "string" ? [signal] : signal;
  return { kind: "metric", signals, direction: rose ? "rose" : "fell", beyond: beyond ?? null, weight };
}

function draftStatement({ kind, of, reason, match, anywhere, weight }: FileStatement): Condition {
  const reasons = typeof reason === "string" ? [reason] : reason;
  return { kind, of, reasons, match: match === undefined ? null : compilePattern(match), anywhere, weight };
}

function draftChange({ of, within, weight }: Extract<FileCondition, { kind: "change" }>): ChangeCondition {
  return { kind: "change", of, withinMs: within, weight };
}

function draftAction({ when, else: otherwise, action, target, to, task, params }: FileAction): RunbookAction {
  return {
    applies: when ?? (otherwise ? "else" : "always"),
    action,
    target: target ?? PEOPLE,
    params: { ...params, ...(to === undefined ? {} : { to }), ...(task === undefined ? {} : { task }) },
  };
}

function draftCriterion({ signal, below, above, alert }: RunbookFile["verify"][number]): readonly WantedCriterion[] {
  if (alert !== undefined) return [{ alert }];
  if (signal !== undefined && below !== undefined) return [{ signal, below }];
  if (signal !== undefined && above !== undefined) return [{ signal, above }];
  return [];
}
