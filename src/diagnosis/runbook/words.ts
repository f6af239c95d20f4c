/** Conditions and causes in words. Pure. */
import type { Observation } from "../../incident/facts.js";
import { readForMatching } from "../../outside/match.js";
import type { Outside } from "../../outside/outside.js";
import { redact } from "../../outside/redact.js";
import { duration, placeInTime, quantity } from "../../evidence/phrases.js";
import { readStatement } from "../../evidence/statement.js";
import type { Match } from "./match.js";
import type { Condition } from "./runbook.js";

const MAX_CAUSE = 300;

export function describeCondition(condition: Condition): string {
  switch (condition.kind) {
    case "log":
      return `${condition.newSinceOnset ? "new log lines" : "log lines"} like /${condition.match.source}/`;
    case "metric":
      return `${condition.signals.join(" or ")} that ${condition.direction}${condition.beyond === null ? "" : ` to ${condition.beyond} or beyond`}`;
    case "change":
      return `a ${condition.of.join(" or ")} within ${duration(condition.withinMs)} before the onset`;
    case "state":
    case "event":
      return `${condition.of} ${condition.reasons.join(" or ")}${condition.match === null ? "" : ` like /${condition.match.source}/`}`;
    case "alert":
      return `an alert like /${condition.match.source}/`;
  }
}

/** The runbook's sentence with `{service}`, `{object}` and `{why}` filled in from the strongest evidence, and where requests fail first. */
export function describeCause(match: Match, service: string, onset: Date, elsewhere: string | null = null): Outside {
  const whence = elsewhere === null ? "" : `; traces fail first in ${elsewhere}`;
  const why = `${whyOf(match, onset.getTime())}${whence}`;
  const values: Readonly<Record<string, string>> = { service, why, object: match.object ?? service };
  const filled = match.runbook.cause.replace(/\{(service|object|why)\}/g, (_whole, name: string) => values[name] ?? "");
  return redact(filled, MAX_CAUSE);
}

/** What changed comes first: it is what people can take back. */
function whyOf({ held, after }: Match, onset: number): string {
  const seen = [...after, ...held.flatMap(({ by }) => by)];
  const change = describeChanges(seen, onset);
  const symptom = describeSymptom(seen);
  return [change, symptom].filter((part) => part !== null).join("; ") || "the evidence says no more";
}

function describeChanges(seen: readonly Observation[], onset: number): string | null {
  const deployment = seen.find(({ detail }) => detail.kind === "change" && detail.of === "deployment");
  const config = seen.find(({ detail }) => detail.kind === "change" && detail.of === "config");
  const nearest = deployment ?? config ?? seen.find(({ detail }) => detail.kind === "change");
  if (nearest?.detail.kind !== "change") return null;
  const files = config?.detail.kind === "change" ? config.detail.files.map((file) => readForMatching(file)) : [];
  const changed = files.length === 0 ? "" : ` and changed ${files.join(", ")}${changedTo(config)}`;
  return `${readForMatching(nearest.detail.ref)} went out ${placeInTime(nearest.at.getTime(), onset)}${changed}`;
}

const LONGEST_LINES = 80;
/** One line before and after that differ in the value alone: `-"size": 50, +"size": 4,`. */
const ONE_SETTING = /^-"?([\w.-]+)"?\s*[:=]\s*([^\s,]+),? \+"?\1"?\s*[:=]\s*([^\s,]+),?$/;
const LONGEST_QUOTE = 100; // of a log line in a cause; the evidence has it whole

/** The changed lines themselves where they are few: " (size: 50 → 4)". They stand behind the file in its summary. */
function changedTo(config: Observation | undefined): string {
  if (config?.detail.kind !== "change") return "";
  const [file] = config.detail.files;
  const summary = readForMatching(config.summary);
  const lead = file === undefined ? "" : `${readForMatching(file)}: `;
  const at = lead === "" ? -1 : summary.indexOf(lead);
  const lines = at === -1 ? "" : summary.slice(at + lead.length).trim();
  if (lines === "" || lines.length > LONGEST_LINES) return "";
  const [, key, from, to] = ONE_SETTING.exec(lines) ?? [];
  return key === undefined ? ` (${lines})` : ` (${key}: ${from ?? ""} → ${to ?? ""})`;
}

function describeSymptom(seen: readonly Observation[]): string | null {
  const said = seen.map(readStatement).find((statement) => statement !== null);
  if (said) return said.message;
  const log = seen.find(({ detail }) => detail.kind === "log");
  if (log?.detail.kind === "log") return `logs say "${readable(readForMatching(log.detail.template))}"`;
  const metric = seen.find(({ detail }) => detail.kind === "metric");
  if (metric?.detail.kind !== "metric" || metric.detail.now === null || metric.detail.before === null) return null;
  const { signal, direction, before, now, unit } = metric.detail;
  return `${signal} ${direction} from ${quantity(before, unit)} to ${quantity(now, unit)}`;
}

/** A template with dots for what varies, as people quote a line; what varies at its begin, mostly a time, is left out. */
function readable(template: string): string {
  const text = template.replace(/^(?:<\*>\s*)+/, "").replaceAll("<*>", "…");
  return text.length <= LONGEST_QUOTE ? text : `${text.slice(0, LONGEST_QUOTE - 2)} …`;
}
