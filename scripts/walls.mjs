/**
 * The walls between the rooms of `src/`: which may import what, and which may touch the outside world at all.
 * Pure: takes sources, returns violations. `npm run check` and `tests/walls.test.ts` both use it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, posix } from "node:path";

/** Rooms where vendor packages are at home. */
const VENDOR_ROOMS = [
  "src/main.ts",
  "src/cli.ts",
  "src/github/",
  "src/diagnosis/claude/",
  "src/evidence/sources/",
  "src/actions/",
  "src/pager/channels/",
  "src/relay/",
];
/** Vendor packages that are welcome elsewhere too. */
const GUESTS = {
  zod: ["src/"],
  yaml: ["src/config/", "src/diagnosis/runbook/", "src/postmortem/"],
  "p-limit": ["src/evidence/"],
};
/** Rooms that only compute: given everything, they return a value. */
const PURE_ROOMS = [
  "src/incident/",
  "src/plan/",
  "src/gate/",
  "src/signals/",
  "src/render/",
  "src/outside/",
  "src/remediation/decide",
  "src/words.ts",
];
const PURE_BUILTINS = { "node:crypto": ["src/incident/", "src/plan/"], "node:zlib": ["src/incident/", "src/plan/"] };
const AMBIENT = /\bfetch\s*\(|\bDate\.now\s*\(|\bnew Date\s*\(\s*\)|\bMath\.random\s*\(|\bset(?:Timeout|Interval)\s*\(/g;

/** `from` may not import `to`. `but` lifts the rule for single files. */
const ROOM_RULES = [
  {
    from: ["src/"],
    to: ["lab/", "tests/", "bench/"],
    but: ["src/cli.ts"],
    says: "the product never imports the lab, tests or benchmarks",
  },
  { from: ["src/remediation/"], to: ["src/diagnosis/"], says: "who touches does not think: remediation never imports diagnosis" },
  {
    from: ["src/diagnosis/", "src/evidence/"],
    to: ["src/remediation/"],
    says: "who thinks cannot touch: it never imports remediation",
  },
  { from: ["src/render/", "src/postmortem/"], to: ["src/github/"], says: "texts are drafted without GitHub" },
  {
    from: PURE_ROOMS,
    to: ["src/github/", "src/main.ts", "src/cli.ts", "src/evidence/sources/", "src/pager/", "src/relay/"],
    says: "a pure room knows no adapter",
  },
];

/** Where `process.env` may be read. */
const ENVIRONMENT_ROOMS = ["src/config/", "src/main.ts", "src/cli.ts"];

/** @param sources - text by path relative to the repository, `/` between folders. @returns violations `{file, line, import, rule}`, by file and line */
export function findViolations(sources) {
  const files = Object.entries(sources).map(([file, text]) => ({
    file,
    code: withoutComments(text),
    imports: readImports(file, text),
  }));
  const found = [...files.flatMap(importViolations), ...files.flatMap(ambientViolations), ...findCycles(files)];
  return found.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}

/** Every import and re-export of a file; `typeOnly` ones vanish when compiled. */
export function readImports(file, text) {
  const code = withoutComments(text);
  const pattern =
    /\b(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]*?\bfrom\s*)?["']([^"'\n]+)["']|\bimport\s*\(\s*["']([^"'\n]+)["']/g;
  return [...code.matchAll(pattern)].map((match) => {
    const name = match[2] ?? match[3];
    const line = lineAt(code, match.index + match[0].length);
    return { name, line, typeOnly: match[1] !== undefined, target: name.startsWith(".") ? resolveRelative(file, name) : null };
  });
}

/** The sources of the given folders, by relative path. */
export function readSources(root, folders) {
  const below = (folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((path) => posix.join(folder, String(path).replaceAll("\\", "/")));
  const paths = folders.flatMap(below).filter((path) => path.endsWith(".ts"));
  return Object.fromEntries(paths.sort().map((path) => [path, readFileSync(join(root, path), "utf8")]));
}

export function describeViolation({ file, line, import: imported, rule }) {
  return `${file}:${line}: ${imported}: ${rule}`;
}

function importViolations({ file, imports }) {
  return imports.flatMap(({ name, line, target }) =>
    rulesAgainst(file, name, target).map((rule) => ({ file, line, import: name, rule })),
  );
}

function rulesAgainst(file, name, target) {
  if (target !== null)
    return ROOM_RULES.filter(({ from, to, but = [] }) => isIn(file, from) && isIn(target, to) && !but.includes(file)).map(
      ({ says }) => says,
    );
  if (isBuiltin(name))
    return isIn(file, PURE_ROOMS) && !isIn(file, PURE_BUILTINS[name] ?? [])
      ? ["a pure room takes what it needs as arguments"]
      : [];
  if (!file.startsWith("src/")) return [];
  const welcome = isIn(file, VENDOR_ROOMS) || isIn(file, GUESTS[packageOf(name)] ?? []);
  return welcome ? [] : [`vendor packages live in ${VENDOR_ROOMS.map((room) => room.slice(4)).join(", ")}`];
}

function ambientViolations({ file, code }) {
  const at = (match, rule) => ({ file, line: lineAt(code, match.index), import: match[0].replaceAll(/\s/g, ""), rule });
  const ambient = isIn(file, PURE_ROOMS)
    ? [...code.matchAll(AMBIENT)].map((match) => at(match, "a pure room is given time, chance and the network"))
    : [];
  const guarded = file.startsWith("src/") && !isIn(file, ENVIRONMENT_ROOMS);
  const environment = guarded
    ? [...code.matchAll(/\bprocess\s*\.\s*env\b/g)].map((match) =>
        at(match, "the environment is read in config/, main.ts and cli.ts only"),
      )
    : [];
  return [...ambient, ...environment];
}

/** Every ring of imports once, at the import that closes it. Type-only imports do not count: they vanish. */
function findCycles(files) {
  const graph = new Map(
    files.map(({ file, imports }) => [file, imports.filter(({ typeOnly, target }) => !typeOnly && target !== null)]),
  );
  const done = new Set();
  const found = [];
  const visit = (file, trail) => {
    for (const { target, line, name } of graph.get(file) ?? []) {
      const start = trail.indexOf(target);
      if (start >= 0)
        found.push({ file, line, import: name, rule: `imports go round: ${[...trail.slice(start), target].join(" → ")}` });
      else if (!done.has(target)) visit(target, [...trail, target]);
    }
    done.add(file);
  };
  for (const { file } of files) if (!done.has(file)) visit(file, [file]);
  return found;
}

/** Blanks out comments, keeping strings and line numbers. */
function withoutComments(text) {
  const token = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replaceAll(token, (found) => (found.startsWith("/") ? found.replaceAll(/[^\n]/g, " ") : found));
}

function isIn(path, rooms) {
  return rooms.some((room) => path.startsWith(room));
}

function isBuiltin(name) {
  return name.startsWith("node:") || builtinModules.includes(name);
}

function packageOf(name) {
  return name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");
}

function resolveRelative(file, name) {
  return posix.join(posix.dirname(file), name).replace(/\.js$/, ".ts");
}

function lineAt(text, index) {
  return text.slice(0, index).split("\n").length;
}
