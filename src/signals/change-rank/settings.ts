/** Figures, switches and names that a change gives another value. Pure. */
import type { FileDiff } from "./diff.js";
import { realChange } from "./diff.js";
import { pairLines } from "./line-pairs.js";

export interface SettingChange {
  readonly name: string; // as written
  readonly from: number;
  readonly to: number;
  /** Both as written, for people. */
  readonly shown: string;
  readonly unit: "time" | "size" | "plain";
}
export interface TextChange {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

interface Setting {
  readonly name: string;
  readonly value: number;
  readonly text: string;
  readonly unit: SettingChange["unit"];
}

/** In seconds. */
const TIME_UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  nanosecond: 1e-9,
  us: 1e-6,
  microsecond: 1e-6,
  ms: 1e-3,
  millis: 1e-3,
  millisecond: 1e-3,
  s: 1,
  sec: 1,
  second: 1,
  m: 60,
  min: 60,
  minute: 60,
  h: 3_600,
  hour: 3_600,
  d: 86_400,
  day: 86_400,
};
/** In bytes. */
const SIZE_UNITS: Readonly<Record<string, number>> = {
  b: 1,
  k: 1e3,
  kb: 1e3,
  ki: 1_024,
  kib: 1_024,
  mb: 1e6,
  mi: 1_048_576,
  mib: 1_048_576,
  gb: 1e9,
  g: 1e9,
  gi: 1_073_741_824,
  gib: 1_073_741_824,
};

const NUMBER = String.raw`-?\d[\d_]*(?:\.\d+)?`;
const UNIT = String.raw`\s*(?:\*\s*(?:time\.)?|\.)?\s*([A-Za-z]{1,12})?`;
/** Words that come before a name, never names themselves. */
const NO_NAME = String.raw`(?!(?:const|let|var|val|final|static|export|public|private|readonly|int|long|float|double|number|return)\b)`;
const NAMED = new RegExp(
  String.raw`\b${NO_NAME}([A-Za-z_][\w.-]*)["'\]]?(?:\s*:\s*[A-Za-z]\w*|\s+[\w.\[\]]+)?\s*(?::=|=>|[=:])\s*["'\`]?(${NUMBER})${UNIT}`,
  "g",
);
const PASSED = new RegExp(String.raw`([A-Za-z_][\w.:]*)\((?:[^()]*,)?\s*(${NUMBER})${UNIT}\s*\)`, "g");

/** `-Xmx512m`, `-Dpool.size=4`, `--workers 4`, `--max-old-space-size=512`. */
const OPTION = new RegExp(
  String.raw`(?<=^|[\s"'\`\[,=])-{1,2}(?:D|XX:)?([A-Za-z][\w.-]{0,60}?)[ =]?(-?\d{1,15}(?:\.\d{1,6})?)${UNIT}(?=$|[\s"'\`\],])`,
  "g",
);

export function changedSettings(file: FileDiff): readonly SettingChange[] {
  const { removed, added } = realChange(file);
  return pairUp(removed.flatMap(readSettings), added.flatMap(readSettings)).flatMap(([was, is]) =>
    was.value === is.value || was.unit !== is.unit
      ? []
      : [{ name: is.name, from: was.value, to: is.value, shown: `${was.text} → ${is.text}`, unit: is.unit }],
  );
}

function readSettings(line: string): readonly Setting[] {
  return [...line.matchAll(NAMED), ...line.matchAll(PASSED), ...line.matchAll(OPTION)].flatMap(
    ([, name = "", digits = "", unit = ""]) => {
      const number = Number(digits.replaceAll("_", ""));
      return Number.isFinite(number) ? [toSetting(name, number, digits, unit)] : [];
    },
  );
}

function toSetting(name: string, number: number, digits: string, written: string): Setting {
  const unit = written.toLowerCase().replace(/s$/, (end) => (written.length > 2 ? "" : end));
  const cpu = /cpu/i.test(name);
  if (unit === "m" && /mem|heap|^xm[xs]/i.test(name))
    return { name, value: number * 1e6, text: `${digits} ${written}`, unit: "size" };
  const time = cpu ? undefined : TIME_UNITS[unit];
  const size = SIZE_UNITS[unit];
  const text = `${digits}${written === "" ? "" : ` ${written}`}`;
  if (time !== undefined) return { name, value: number * time, text, unit: "time" };
  if (size !== undefined) return { name, value: number * size, text, unit: "size" };
  if (cpu && unit === "m") return { name, value: number / 1_000, text, unit: "plain" };
  return { name, value: number, text: digits, unit: "plain" };
}

const TEXT = /([A-Za-z_][\w.-]*)["'\]]?\s*(?::=|=>|[=:])\s*(?:["'`]([^"'`]{1,200})["'`]|(true|false|on|off|yes|no)\b)/g;

/** Files in which a value needs no quotes, and one of their lines. */
const SETTINGS_FILE = /\.(?:ya?ml|env|properties|conf|cfg|ini)$|(?:^|\/)\.env[\w.]*$|(?:^|\/)Dockerfile$/i;
const BARE = /^\s*(?:-\s+)?(?:ENV\s+|export\s+)?([A-Za-z_][\w.-]*)\s*[:=]\s*([A-Za-z/][^"'`#{}[\]]{0,199}?)\s*(?:#.*)?$/;

/** Switches and quoted values: addresses, topics, levels, names; in files of settings also without quotes. */
export function changedTexts(file: FileDiff): readonly TextChange[] {
  const { removed, added } = realChange(file);
  const read = (line: string): readonly { name: string; value: string }[] => {
    const found = [...line.matchAll(TEXT)].map(([, name = "", quoted, word]) => ({ name, value: quoted ?? word ?? "" }));
    const [, name, value] = (found.length === 0 && SETTINGS_FILE.test(file.path) ? BARE.exec(line) : null) ?? [];
    return name === undefined || value === undefined ? found : [{ name, value }];
  };
  return pairUp(removed.flatMap(read), added.flatMap(read)).flatMap(([was, is]) =>
    was.value === is.value ? [] : [{ name: is.name, from: was.value, to: is.value }],
  );
}

/** Nothing that means something to an expression. */
const CONSTANT = /^[A-Z]\w{1,60}$/;

/** Constants of one place, one taken for the other: `gzip.BestSpeed` → `gzip.BestCompression`, `Isolation.READ` → `Isolation.SERIAL`. */
export function changedChoices(file: FileDiff): readonly TextChange[] {
  return pairLines(file).flatMap(({ was, is, lost, gained }) => {
    const [from, ...others] = lost;
    const [to, ...more] = gained;
    if (from === undefined || to === undefined || others.length + more.length > 0) return [];
    if (!CONSTANT.test(from) || !CONSTANT.test(to)) return [];
    const [, name] = new RegExp(String.raw`(\w{1,60})\.${from}\b(?!\()`).exec(was) ?? [];
    return name !== undefined && is.includes(`${name}.${to}`) ? [{ name, from, to }] : [];
  });
}

const NAMED_FIGURE = /([A-Za-z_][\w.]{5,})\s*(?:\(|:?=|:)\s*\(?["'`]?-?\d/g;

/** Names that had a figure, and do not come back. */
export function settingsThatWent(file: FileDiff): readonly string[] {
  const { removed, added } = realChange(file);
  const left = added.join("\n").toLowerCase();
  const names = removed.flatMap((line) =>
    [...line.matchAll(NAMED_FIGURE)].map(([, name = ""]) => name.split(".").at(-1) ?? name),
  );
  return [...new Set(names)].filter((name) => added.length > 0 && !left.includes(name.toLowerCase()));
}

/** By name, in order of appearance. */
function pairUp<T extends { readonly name: string }>(removed: readonly T[], added: readonly T[]): readonly (readonly [T, T])[] {
  const left = [...added];
  return removed.flatMap((was) => {
    const index = left.findIndex(({ name }) => name === was.name);
    const [is] = index === -1 ? [] : left.splice(index, 1);
    return is === undefined ? [] : [[was, is] as const];
  });
}
