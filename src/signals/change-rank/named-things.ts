/** Errors that say a thing is missing, unknown or wrong, and name what a change renamed, moved or took away. Pure. */
import { readDiff, realChange } from "./diff.js";
import { showsAny, type Family } from "./families.js";
import { without } from "./line-pairs.js";
import { isManifest, packageMechanisms } from "./package-mechanisms.js";
import type { Change, Symptoms } from "./model.js";

/** Kinds of trouble whose messages are about the thing that they name. A slow statement names a table too, and is not about it. */
const ABOUT_A_THING: readonly Family[] = ["decode", "gone", "schema", "config", "dependency", "auth"];
const MIN_LENGTH = 6;
const MIN_PACKAGE = 3;
/** A patch is rarely to blame; a minor version may be. */
const LEAST_STEP = 0.5;

export type NamesChanged = (change: Pick<Change, "diff" | "files">) => readonly string[];

/** @param changes - a name that several of them touch tells them not apart */
export function createNaming(symptoms: Symptoms, changes: readonly Change[]): NamesChanged {
  const said = symptoms.signs
    .filter(({ source, text }) => source !== "metric" && showsAny(text, ABOUT_A_THING))
    .flatMap(({ text }) => thingsIn(text));
  const failing = symptoms.signs.filter(({ source }) => source === "log" || source === "trace").map(({ text }) => text);
  const about = new Set(said.filter((name) => !symptoms.known.some((service) => service.toLowerCase() === name)));
  const touched = new Map<string, number>();
  for (const name of changes.flatMap((change) => [...new Set(thingsChanged(change))]))
    touched.set(name, (touched.get(name) ?? 0) + 1);
  return (change) => [
    ...[...new Set(thingsChanged(change))].filter((name) => about.has(name) && touched.get(name) === 1),
    ...packagesMoved(change).filter((name) => failing.some((text) => speaksFrom(text, name))),
  ];
}

/** Names that went or came: what stands on both sides was only moved. */
function thingsChanged({ diff, files }: Pick<Change, "diff" | "files">): readonly string[] {
  if (diff === null) return [];
  const all = readDiff(diff, files).map(realChange);
  const went = all.flatMap(({ removed }) => removed).flatMap(thingsIn);
  const came = all.flatMap(({ added }) => added).flatMap(thingsIn);
  return [...without(went, came), ...without(came, went)];
}

/** Last parts of their names, as they stand before the failing function or class: `aws-sdk/client-s3` is `client-s3`. */
function packagesMoved({ diff, files }: Pick<Change, "diff" | "files">): readonly string[] {
  if (diff === null) return [];
  const moved = readDiff(diff, files)
    .filter(({ path }) => isManifest(path))
    .flatMap(packageMechanisms)
    .filter(({ strength }) => strength >= LEAST_STEP);
  return [...new Set(moved.map(({ text }) => lastPart(text)))].filter((name) => name.length >= MIN_PACKAGE);
}

function lastPart(name: string): string {
  const parts = name.split(/[/:]/).filter((part) => !/^v\d+$/.test(part));
  return parts.at(-1)?.toLowerCase() ?? "";
}

/** As the place that an error comes from, not as a word of prose: `aiohttp.client_exceptions.…`, `pgx: …`, `node_modules/undici/…`. */
function speaksFrom(text: string, name: string): boolean {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(String.raw`(?:^|[\s/("'.])${escaped}(?:[.:/]\S|:\s)`, "i").test(text);
}

const THING =
  /[A-Za-z][A-Za-z0-9]*(?:[_.:-][A-Za-z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]+)+|[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+|(?:\/[A-Za-z][\w-]*){2,}/g;

function thingsIn(text: string): readonly string[] {
  const found = text.match(THING) ?? [];
  return found.filter((name) => name.length >= MIN_LENGTH).map((name) => name.toLowerCase());
}
