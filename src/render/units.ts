/** Numbers and moments as people read them. All times are UTC; a missing value is "no data", never zero. */

import { bytes, share } from "../evidence/phrases.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NO_DATA = "no data";
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A ratio in [0, 1] as a percentage: "37 %", "0.3 %". */
export function percent(ratio: number | null): string {
  return ratio === null ? NO_DATA : share(ratio);
}

/** A plain number, at most three digits that matter: "38", "0.45", "12,400". */
export function amount(value: number | null): string {
  if (value === null) return NO_DATA;
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en-US");
  return trimZeros(Number(value.toPrecision(3)).toFixed(Math.abs(value) < 1 ? 4 : 2));
}

/** A reading of a signal in its unit, as the config names it; an unknown unit is written after the number. */
export function quantity(value: number | null, unit: string | null): string {
  if (value === null) return NO_DATA;
  if (unit === "ratio") return percent(value);
  if (unit === null || unit === "count") return amount(value);
  if (unit === "seconds") return `${amount(value)} s`;
  if (unit === "bytes") return bytes(value);
  if (unit === "milliseconds") return `${amount(value)} ms`;
  return `${amount(value)} ${unit}`;
}

/** Milliseconds as the two largest units: "45 s", "3 min 20 s", "2 h 5 min", "1 d 2 h". Negative counts as zero. */
export function duration(ms: number): string {
  const whole = Math.max(0, Math.round(ms / SECOND)) * SECOND;
  if (whole < MINUTE) return `${whole / SECOND} s`;
  if (whole < HOUR) return pair(whole, MINUTE, "min", SECOND, "s");
  if (whole < DAY) return pair(whole, HOUR, "h", MINUTE, "min");
  return pair(whole, DAY, "d", HOUR, "h");
}

/** The time between two moments, or "no data" when one is missing. */
export function durationBetween(from: Date | null, to: Date | null): string {
  return from === null || to === null ? NO_DATA : duration(to.getTime() - from.getTime());
}

/** "03:12 UTC"; with the day in front when it is another day than `near`. */
export function time(at: Date, near: Date = at): string {
  const clock = `${at.toISOString().slice(11, 16)} UTC`;
  return day(at) === day(near) ? clock : `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()] ?? ""} ${clock}`;
}

/** "03:12:10", for lists whose heading says UTC; with the date in front when it is another day than `near`. */
export function timeOfDay(at: Date, near: Date = at): string {
  const clock = at.toISOString().slice(11, 19);
  return day(at) === day(near) ? clock : `${day(at)} ${clock}`;
}

/** "2025-06-03". */
export function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}

export function usd(cost: number): string {
  return `${cost > 0 && cost < 0.01 ? "< 0.01" : cost.toFixed(2)} USD`;
}

/** "1 step", "2 steps"; `many` for words that are not made plural by an s. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;
}

function pair(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${largeName}${rest === 0 ? "" : ` ${rest} ${smallName}`}`;
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
