/** Settings told apart from code, by the paths of files. Pure. */

import { quoteLine } from "../../outside/quote-setting.js";

export const MOST_CONFIG_FILES = 5;
const MAX_CHANGED_LINES = 4;
/** Of one of them, in characters; a summary is shorter. */
const MAX_LINE = 400;

const SETTINGS = /(?:^|\/)(?:config|conf|settings)\/|\.(?:json|ya?ml|toml|env|properties|ini|conf)$|(?:^|\/)\.env(?:\.|$)/i;
/** Carry the same endings but are about building the software or about its repository. */
const NOT_SETTINGS =
  /(?:^|\/)(?:package(?:-lock)?|composer|tsconfig[^/]*|manifest|pnpm-lock|renovate|biome)\.(?:json|ya?ml)$|(?:^|\/)\.github\/|(?:^|\/)(?:tests?|fixtures|docs)\//i;

export function isSettingsFile(path: string): boolean {
  return SETTINGS.test(path) && !NOT_SETTINGS.test(path);
}

/** ": -"size": 50, +"size": 4," from a unified diff; nothing where there is none (large or binary files). */
export function changedLines(patch: string | null): string {
  const lines = (patch ?? "").split("\n").filter((line) => /^[-+](?![-+])/.test(line));
  const shown = lines.slice(0, MAX_CHANGED_LINES).map((line) => `${line.charAt(0)}${quoteLine(line.slice(1, MAX_LINE).trim())}`);
  return shown.length === 0 ? "" : `: ${shown.join(" ")}`;
}
