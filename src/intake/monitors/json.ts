/** Any JSON at all: well-known names give what they give, and the payload itself goes along. Nothing is ever lost. */
import { canonicalJson, sha256 } from "../../plan/canonical.js";
import { RAW, type AlertDraft } from "../draft-alert.js";
import { severityOf, severityOfPriority } from "../severity-words.js";
import { stateOf, withoutState } from "../state-words.js";
import { flatten, type Leaf } from "./flatten.js";
import { prune } from "./prune.js";

const NAMES =
  "alertname rulename alarmname conditionname alerttitle title name monitorname eventname subject event summary problem message description details text culprit";
const SUMMARIES = "summary message alarmdescription description details text newstatereason body reason";
const STATES = "status state currentstate newstatevalue alertstate eventstate transition alertaction action eventtype";
const STARTS =
  "startsat startedat starttime firedat triggeredat statechangetime timestamp time date createdat occurredat lastupdated";
const ENDS = "endsat endedat endtime resolvedat closedat";
const LINKS = "runbookurl alerturl incidenturl ruleurl link url generatorurl dashboardurl logurl permalink htmlurl";
const IDS = "alertid alertuid monitorid ruleid conditionid uuid id incidentid messageid";
/** Ids that stay the same from one notification of an alert to the next. */
const STABLE_IDS = "fingerprint dedupkey alias ruleid monitorid conditionid alertid alertuid alarmarn";
const VALUES = "value currentvalue observed metricvalue";
const THRESHOLDS = "threshold";
const SERVICES = "service servicename app application component project projectslug resource host deployment job";

export function readJson(body: unknown): readonly [AlertDraft] {
  const leaves = flatten(body);
  const find = finder(leaves);
  const title = find(NAMES);
  const summary = find(SUMMARIES) ?? title ?? "";
  return [
    {
      name: withoutState(title ?? "Alert"),
      summary: title === null && summary === "" ? "An alert in a form that is not known" : withoutState(summary),
      state: stateOf(find(STATES), title ?? ""),
      severity: firstSeverity(leaves),
      id: find(IDS) ?? undefined,
      fingerprint: undefined,
      service: find(SERVICES) ?? undefined,
      startsAt: find(STARTS) ?? undefined,
      endsAt: find(ENDS) ?? undefined,
      labels: labelsOf(leaves),
      annotations: { [RAW]: rawText(body) },
      identity: identityOf(find, leaves, body),
      links: leaves
        .filter(({ name, value }) => LINKS.split(" ").includes(name) && typeof value === "string")
        .map(({ value }) => String(value)),
      value: numberOf(find(VALUES)),
      threshold: numberOf(find(THRESHOLDS)),
      notes: [],
    },
  ];
}

/** Asks for names in order of preference; of two leaves with one name the one nearer to the top wins. */
function finder(leaves: readonly Leaf[]): (names: string) => string | null {
  const first = new Map<string, string>();
  for (const { name, value } of leaves) {
    const text = String(value).trim();
    if (!first.has(name) && text !== "" && !isUnfilled(text)) first.set(name, text);
  }
  return (names) =>
    names
      .split(" ")
      .map((name) => first.get(name))
      .find((value) => value !== undefined) ?? null;
}

/** `$SERVICE`, `{{host.name}}`, `*insert name*`: templates that nobody filled in. */
function isUnfilled(text: string): boolean {
  return /^(?:\$[A-Z_0-9]+|\{\{[^{}]*\}\}|\*insert .*\*)$/.test(text);
}

function firstSeverity(leaves: readonly Leaf[]): AlertDraft["severity"] {
  const of = (names: readonly string[], read: typeof severityOf): AlertDraft["severity"] =>
    leaves
      .filter(({ name }) => names.includes(name))
      .map(({ value }) => read(value))
      .find((severity) => severity !== null) ?? null;
  return (
    of(["severity", "alertseverity", "urgency"], severityOf) ??
    of(["priority", "alertpriority", "p"], severityOfPriority) ??
    of(["level"], severityOf)
  );
}

/** Scalars at the top, and whatever stands under `labels` or `tags`. */
function labelsOf(leaves: readonly Leaf[]): Record<string, string> {
  const labels = leaves.filter(
    ({ path, value }) =>
      String(value).length <= 200 && (!path.includes(".") || /(?:^|\.)(?:labels|tags|fields|dimensions)\./i.test(path)),
  );
  const named = labels.map(({ path, value }) => [labelName(path), String(value)] as const);
  return Object.fromEntries(named.filter(([name], at) => named.findIndex(([other]) => other === name) === at)); // the top one wins
}

function labelName(path: string): string {
  return path.replace(/^.*\b(?:labels|tags|fields|dimensions)\.(?:\d+\.)?/i, "");
}

/**
 * What makes two notifications the same alert: an id that does not change, else the labels that are no state, time or number.
 * Without a name and without labels only the very same payload is: two that nobody understands must not pass for one.
 */
function identityOf(find: (names: string) => string | null, leaves: readonly Leaf[], body: unknown): Record<string, string> {
  const id = find(STABLE_IDS);
  if (id !== null) return { id };
  const under = leaves.filter(
    ({ path, value }) => /(?:^|\.)labels\./.test(path) && typeof value === "string" && !/severity|state|status/i.test(path),
  );
  if (under.length === 0 && find(NAMES) === null) return { payload: sha256(rawText(body)) };
  return Object.fromEntries(under.map(({ path, value }) => [path, String(value)]));
}

function rawText(body: unknown): string {
  return typeof body === "string" ? body : (JSON.stringify(prune(body), null, 1) ?? canonicalJson(null));
}

function numberOf(text: string | null): number | null {
  return text !== null && /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : null;
}
