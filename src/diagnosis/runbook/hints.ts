/** Who named a runbook before anything was compared. A name orders runbooks that fit; it makes none fit, and none surer. Pure. */
import { readForMatching } from "../../outside/match.js";
import type { DiagnosisInput } from "../../ports.js";
import type { Runbook } from "./runbook.js";

type Hinting = Pick<DiagnosisInput, "hints" | "alerts" | "observations">;

/** A person who looks at it now, the alert's author, an incident that was similar. */
const BOOST = { person: 1.5, alert: 1.2, past: 1.1 } as const;
/** Annotations that name a runbook by custom. @see https://runbooks.prometheus-operator.dev */
const RUNBOOK_ANNOTATION = /^runbook(?:[_-]?(?:url|id|name))?$/i;

/** The strongest counts; 1 where nobody named it. */
export function hintBoost(runbook: Runbook, input: Hinting): number {
  if (isSaidIn(runbook, input.hints.map(readForMatching))) return BOOST.person;
  if (isNamedByAlert(runbook, input)) return BOOST.alert;
  const past = input.observations.flatMap(({ detail, summary }) => (detail.kind === "past" ? [readForMatching(summary)] : []));
  return isSaidIn(runbook, past) ? BOOST.past : 1;
}

/** Every word of its id, its title or another name of it is among the words. */
function isSaidIn(runbook: Runbook, texts: readonly string[]): boolean {
  const said = new Set(texts.flatMap(wordsOf));
  const names = namesOf(runbook).map(wordsOf);
  return names.some((words) => words.length > 0 && words.every((word) => said.has(word)));
}

/** Words of a name; a single one of them ("down", "slow") names nothing. */
function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length >= 3);
}

/** The annotation is the name itself, or an address that ends with it. */
function isNamedByAlert(runbook: Runbook, { alerts }: Hinting): boolean {
  const named = alerts.flatMap(({ annotations }) =>
    Object.entries(annotations).flatMap(([key, value]) =>
      RUNBOOK_ANNOTATION.test(key) ? [lastPart(readForMatching(value))] : [],
    ),
  );
  const names = new Set([runbook.id, ...runbook.alsoKnownAs].map(toKey));
  return named.some((name) => names.has(toKey(name)));
}

function lastPart(address: string): string {
  const [path = ""] = address.trim().split(/[?#]/);
  return (path.replace(/\/+$/, "").split("/").at(-1) ?? "").replace(/\.(?:md|html?)$/i, "");
}

function toKey(name: string): string {
  return name.toLowerCase().replaceAll("_", "-");
}

function namesOf({ id, title, alsoKnownAs }: Runbook): readonly string[] {
  return [id, title, ...alsoKnownAs];
}
