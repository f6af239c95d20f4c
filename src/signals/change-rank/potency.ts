/** How much of what runs a change alters, whatever it may bring about. Pure. */
import { readDiff, realChange, type FileDiff } from "./diff.js";
import { pairLines, tokensOf, type LinePair } from "./line-pairs.js";
import type { Change } from "./model.js";
import { isManifest, packageMechanisms } from "./package-mechanisms.js";
import { clamp } from "../robust.js";

/** Not read: it may do anything, or nothing. */
const UNREAD = 0.15;
/** New lines beside the old: what ran before still runs as before. */
const ADDED = 0.25;
const RENAMED = 0.15;
/** All that stood there still does. */
const WRAPPED = 0.4;
const EDITED = 0.75;
/** A figure four times larger or smaller is as much as it gets. */
const MUCH = 2;
const DROPPED = 0.9;
/** Less of an old line than this is gone when it was only written elsewhere, or in other words. */
const REWRITTEN = 0.5;

/** 0…1: a line that now says something else counts more than new lines, and those more than what was only moved or renamed. */
export function potencyOf({ diff, files }: Pick<Change, "diff" | "files">): number {
  if (diff === null) return UNREAD;
  const all = readDiff(diff, files);
  const brought = new Set(all.flatMap(({ added }) => added).flatMap(tokensOf));
  return Math.max(0, ...all.map((file) => (isPinsOnly(file.path) ? potencyOfPins(file) : potencyOfFile(file, brought))));
}

function potencyOfFile(file: FileDiff, brought: ReadonlySet<string>): number {
  const { removed, added } = realChange(file);
  if (removed.length === 0) return added.length === 0 ? 0 : ADDED;
  const pairs = pairLines(file);
  const dropped = removed.filter((line) => !pairs.some(({ was }) => was === line)).map((line) => potencyOfDropped(line, brought));
  return Math.max(added.length > 0 ? RENAMED : 0, ...pairs.map(potencyOfEdit), ...dropped);
}

/** A Dockerfile says more than which image it builds on. */
function isPinsOnly(path: string): boolean {
  return isManifest(path) && !path.endsWith("Dockerfile");
}

function potencyOfPins(file: FileDiff): number {
  return EDITED * Math.max(0, ...packageMechanisms(file).map(({ strength }) => strength));
}

function potencyOfEdit({ is, lost, gained }: LinePair): number {
  if (lost.length + gained.length === 0) return 0;
  const [from, to] = [lost, gained].map(([only, ...rest]) => (rest.length > 0 ? Number.NaN : Number.parseFloat(only ?? "")));
  if (from !== undefined && to !== undefined && from > 0 && to > 0)
    return EDITED * clamp(Math.abs(Math.log2(to / from)) / MUCH, 0, 1);
  const words = [...lost, ...gained].every((token) => /^[A-Za-z_]\w*$|^[^\w"'`]$/.test(token));
  const isSwitch = lost.some(isTruth) && gained.some(isTruth);
  const asksAnother = gained.some((token) => is.includes(`.${token}`));
  if (lost.length === 0) return WRAPPED;
  return words && !asksAnother && !isSwitch ? RENAMED : EDITED;
}

function isTruth(token: string): boolean {
  return /^(?:true|false)$/i.test(token);
}

function potencyOfDropped(line: string, brought: ReadonlySet<string>): number {
  const words = tokensOf(line).filter((token) => /\w/.test(token));
  if (words.length === 0) return 0;
  const gone = words.filter((word) => !brought.has(word)).length / words.length;
  return gone < REWRITTEN ? RENAMED : DROPPED * gone;
}
