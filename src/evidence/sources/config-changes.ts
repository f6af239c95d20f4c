/** Settings that a deployment changed, told apart from its code. Pure. */
import { MAX_SUMMARY } from "../../incident/facts.js";
import { redact } from "../../outside/redact.js";
import type { Comparison, Finding, SourceRequest } from "../../ports.js";
import { rankChange, type DatedChange } from "../../signals/change-rank.js";

/** What one deployment brought over the one before. */
export interface Brought {
  readonly rollout: DatedChange;
  readonly ref: string;
  readonly previousRef: string;
  readonly comparison: Comparison;
}

const MOST_CONFIG_FILES = 5;
const MAX_CHANGED_LINES = 4;
const MAX_PATH = 120;
const MAX_REF = 80;

const SETTINGS = /(?:^|\/)(?:config|conf|settings)\/|\.(?:json|ya?ml|toml|env|properties|ini|conf)$|(?:^|\/)\.env(?:\.|$)/i;
/** Carry the same endings but are about building the software or about its repository. */
const NOT_SETTINGS =
  /(?:^|\/)(?:package(?:-lock)?|composer|tsconfig[^/]*|manifest|pnpm-lock|renovate|biome)\.(?:json|ya?ml)$|(?:^|\/)\.github\/|(?:^|\/)(?:tests?|fixtures|docs)\//i;

export function isSettingsFile(path: string): boolean {
  return SETTINGS.test(path) && !NOT_SETTINGS.test(path);
}

export function configFindings(
  { rollout, ref, previousRef, comparison }: Brought,
  { service, onset }: SourceRequest,
): readonly Finding[] {
  return comparison.files
    .filter(({ path }) => isSettingsFile(path))
    .slice(0, MOST_CONFIG_FILES)
    .map(({ path, patch }) => ({
      source: "github",
      subject: service.name,
      at: new Date(rollout.at),
      summary: redact(`${ref} changed ${path}${changedLines(patch)}`, MAX_SUMMARY),
      detail: {
        kind: "change",
        of: "config",
        ref: redact(ref, MAX_REF),
        previousRef: redact(previousRef, MAX_REF),
        files: [redact(path, MAX_PATH)],
      },
      score: rankChange({ ...rollout, of: "config" }, onset.getTime()),
      query: null,
      link: comparison.url,
    }));
}

/** ": -"size": 50, +"size": 4," from a unified diff; nothing where there is none (large or binary files). */
function changedLines(patch: string | null): string {
  const lines = (patch ?? "").split("\n").filter((line) => /^[-+](?![-+])/.test(line));
  const shown = lines.slice(0, MAX_CHANGED_LINES).map((line) => `${line.charAt(0)}${line.slice(1).trim()}`);
  return shown.length === 0 ? "" : `: ${shown.join(" ")}`;
}
