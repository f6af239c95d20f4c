/**
 * What must hold between keys of the file. Reads the raw value, whatever its shape, so that these problems are reported together
 * with wrong shapes; what is not there or has the wrong type is left to the schema.
 */
import type { Action } from "../actions/action.js";
import { instantiatePacks, MAX_PACK_QUERIES } from "../evidence/packs/catalogue.js";
import { RISKS, type Json } from "../words.js";
import { nameOf, show, type Problem } from "./problems.js";
import { suggest } from "./suggest.js";

/** The actions that targets may name. */
export type Catalogue = ReadonlyMap<string, Pick<Action, "parseTarget">>;

export function checkRelations(file: unknown, catalogue: Catalogue): readonly Problem[] {
  const root = mapAt(file);
  const services = entries(root["services"]);
  return [
    ...keyProblems(root["keys"]),
    ...services.flatMap(([name, service]) => neighbourProblems(name, service["depends-on"])),
    ...services.flatMap(([name, service]) => packProblems(name, service["packs"], root["sources"])),
    ...metricProblems(root["sources"]),
    ...services.flatMap(([name, service]) =>
      entries(service["targets"]).flatMap(([target, raw]) =>
        targetProblems(["services", name, "targets", target], raw, catalogue),
      ),
    ),
    ...services.flatMap(([name, service]) =>
      entries(service["signals"]).flatMap(([signal, raw]) => signalProblems(["services", name, "signals", signal], raw)),
    ),
    ...entries(root["sources"]).flatMap(([name, source]) => sourceProblems(["sources", name], source)),
    ...approverProblems(mapAt(root["gate"])["approvers"]),
    ...quorumProblems(mapAt(mapAt(root["gate"])["quorum"])),
    ...freezeProblems(mapAt(root["remediation"])["freeze"]),
  ];
}

/** The action's own settings: everything of a target but our three keys. */
export function settingsOf(target: Readonly<Record<string, unknown>>): Json {
  const { action: _action, production: _production, stateful: _stateful, ...settings } = target;
  return settings as Json; // made by the YAML parser without custom tags: nothing but JSON values
}

function keyProblems(keys: unknown): Problem[] {
  const seen = { id: new Map<string, string>(), public: new Map<string, string>() };
  const problems: Problem[] = [];
  for (const [owner, list] of Object.entries(mapAt(keys))) {
    for (const [index, key] of listAt(list).entries()) {
      for (const field of ["id", "public"] as const) {
        const value = mapAt(key)[field];
        const path = ["keys", owner, index, field];
        if (typeof value !== "string") continue;
        const first = seen[field].get(value);
        if (first !== undefined)
          problems.push(wrong(path, `is the same as ${first}. Give every key its own ${field === "id" ? "id" : "key pair"}.`));
        seen[field].set(value, first ?? nameOf(path));
      }
    }
  }
  return problems;
}

function neighbourProblems(service: string, neighbours: unknown): Problem[] {
  return listAt(neighbours).flatMap((neighbour, index) =>
    neighbour === service
      ? [wrong(["services", service, "depends-on", index], `names ${show(service)} itself. Name what it needs, or remove it.`)]
      : [],
  );
}

const NO_PROMETHEUS = "needs sources.prometheus, which is not set. Write its url, or remove this.";

function packProblems(service: string, packs: unknown, sources: unknown): Problem[] {
  const path = ["services", service, "packs"];
  const chosen = entries(packs);
  if (chosen.length === 0) return [];
  const queries = instantiatePacks(Object.fromEntries(chosen.map(([name]) => [name, {}]))).size;
  const tooMany = `brings ${queries} queries, more than ${MAX_PACK_QUERIES}. Choose fewer packs, and write single queries under signals.`;
  return [
    ...(hasPrometheus(sources) ? [] : [wrong(path, NO_PROMETHEUS)]),
    ...(queries > MAX_PACK_QUERIES ? [wrong(path, tooMany)] : []),
  ];
}

function metricProblems(sources: unknown): Problem[] {
  const asked = listAt(mapAt(mapAt(sources)["kubernetes"])["metrics"]).length > 0;
  return asked && !hasPrometheus(sources) ? [wrong(["sources", "kubernetes", "metrics"], NO_PROMETHEUS)] : [];
}

function hasPrometheus(sources: unknown): boolean {
  const given = mapAt(sources)["prometheus"];
  return given !== undefined && given !== null;
}

function targetProblems(path: readonly PropertyKey[], raw: Readonly<Record<string, unknown>>, catalogue: Catalogue): Problem[] {
  const name = raw["action"];
  if (typeof name !== "string") return [];
  const action = catalogue.get(name);
  if (action === undefined) {
    const meant = suggest(name, catalogue.keys());
    const right = meant === null ? `Actions of this version: ${[...catalogue.keys()].join(", ")}.` : `Did you mean "${meant}"?`;
    return [wrong([...path, "action"], `names an unknown action (${show(name)}). ${right}`)];
  }
  const parsed = action.parseTarget(settingsOf(raw));
  if (parsed.ok) return [];
  return parsed.problems.map((says) => ({
    path: settingIn(path, raw, says),
    at: "value",
    says: `${nameOf(path)}: ${endSentence(says)}`,
  }));
}

function signalProblems(path: readonly PropertyKey[], raw: Readonly<Record<string, unknown>>): Problem[] {
  const hasGroups = listAt(raw["log-groups"]).length > 0;
  const isLogs = raw["source"] === "cloudwatch-logs";
  if (isLogs && !hasGroups) return [wrong(path, "asks CloudWatch Logs but names no log-groups. Add at least one.")];
  if (!isLogs && hasGroups && typeof raw["source"] === "string")
    return [wrong([...path, "log-groups"], "is only for the source cloudwatch-logs. Remove it.")];
  return [];
}

/** How a source is told who asks, and with which certificates. */
function sourceProblems(path: readonly PropertyKey[], source: Readonly<Record<string, unknown>>): Problem[] {
  const isOidc = source["auth"] === "oidc";
  const has = (key: string): boolean => (source[key] ?? null) !== null;
  const tls = mapAt(source["tls"]);
  const problems: Problem[] = [];
  if (isOidc && !has("audience"))
    problems.push(wrong(path, "says auth: oidc but no audience. Write whom the GitHub token is for."));
  for (const key of ["token-env", "auth-header"].filter((each) => isOidc && has(each)))
    problems.push(wrong([...path, key], "is of no use with auth: oidc, which brings its own token. Remove it."));
  for (const key of ["audience", "token-url", "client-id", "scope"].filter((each) => !isOidc && has(each)))
    problems.push(wrong([...path, key], "is only for auth: oidc. Add that, or remove it."));
  for (const key of ["client-id", "scope"].filter((each) => isOidc && has(each) && !has("token-url")))
    problems.push(wrong([...path, key], "is only used with token-url. Add that, or remove it."));
  if (((tls["cert-env"] ?? null) === null) !== ((tls["key-env"] ?? null) === null))
    problems.push(wrong([...path, "tls"], "needs both cert-env and key-env for a client certificate. Write both, or none."));
  if (Object.keys(tls).length > 0 && typeof source["url"] === "string" && source["url"].startsWith("http:"))
    problems.push(wrong([...path, "tls"], "is of no use for an address that begins with http:. Write https, or remove it."));
  return problems;
}

/** The setting that a problem begins with, so that the message points at its line; else the target. */
function settingIn(path: readonly PropertyKey[], raw: Readonly<Record<string, unknown>>, says: string): readonly PropertyKey[] {
  const first = /[\w-]+/.exec(says)?.[0];
  const key = Object.keys(raw).find((candidate) => candidate === first);
  return key === undefined ? path : [...path, key];
}

function approverProblems(approvers: unknown): Problem[] {
  const given = mapAt(approvers);
  const isEmpty =
    ["users", "teams"].every((kind) => listAt(given[kind]).length === 0) &&
    Array.isArray(given["roles"]) &&
    given["roles"].length === 0;
  return isEmpty
    ? [wrong(["gate", "approvers"], "names nobody: no plan could ever be approved. Name a role, a user or a team.")]
    : [];
}

function quorumProblems(quorum: Readonly<Record<string, unknown>>): Problem[] {
  const preset: Readonly<Record<string, number>> = { low: 1, medium: 1, high: 2 };
  const asked = RISKS.map((risk) => ({ risk, count: quorum[risk] ?? preset[risk] }));
  return asked.slice(1).flatMap(({ risk, count }, index) => {
    const lower = asked[index];
    if (lower === undefined || typeof count !== "number" || typeof lower.count !== "number" || count >= lower.count) return [];
    return [
      wrong(
        ["gate", "quorum", risk],
        `asks for ${count}, fewer than ${lower.risk} (${lower.count}). Ask for at least as many where the risk is higher.`,
      ),
    ];
  });
}

function freezeProblems(freeze: unknown): Problem[] {
  return listAt(freeze).flatMap((raw, index) => {
    const { from, until } = mapAt(raw);
    if (typeof from !== "string" || typeof until !== "string" || !(Date.parse(until) <= Date.parse(from))) return [];
    return [wrong(["remediation", "freeze", index, "until"], `is not after from (${show(from)}). Write the later time.`)];
  });
}

function wrong(path: readonly PropertyKey[], says: string): Problem {
  return { path, at: "value", says: `${nameOf(path)} ${says}` };
}

function mapAt(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function listAt(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function entries(value: unknown): readonly (readonly [string, Readonly<Record<string, unknown>>])[] {
  return Object.entries(mapAt(value)).map(([name, held]) => [name, mapAt(held)] as const);
}

function endSentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}
