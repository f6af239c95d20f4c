/**
 * Builds the bundle that `action.yml` names: TypeScript to `lib/`, then `lib/src/main.js` and all it needs into one folder.
 *
 *   node scripts/build-dist.mjs [--out dist] [--entry lib/src/main.js] [--no-compile]
 *
 * The same sources give the same bytes in any folder: nothing is minified, nothing holds a path of this machine. Files of an earlier
 * build do not survive.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/** What a bundle consists of: the entry, chunks for what is loaded on demand, and what goes with them. */
const EXPECTED = /^(?:(?:\d+\.)?index\.js|package\.json|licenses\.txt)$/;

/** Compiles `src`, `lab` and `bench` to `lib/`. @throws with the compiler's own words */
export function compile() {
  run([join(root, "node_modules/typescript/bin/tsc"), "-p", join(root, "tsconfig.build.json")]);
}

/** Bundles a compiled entry into `out`, which is emptied first. @throws when the result would not be the same, or whole, elsewhere */
export function bundle(entry, out) {
  const fresh = mkdtempSync(join(tmpdir(), "gatehouse-dist-"));
  try {
    const ncc = join(root, "node_modules/@vercel/ncc/dist/ncc/cli.js");
    const stats = join(fresh, "stats.json");
    run([ncc, "build", entry, "--out", fresh, "--no-cache", "--quiet", "--target", "es2022", "--stats-out", stats]);
    const modules = readFileSync(stats, "utf8");
    rmSync(stats);
    writeFileSync(join(fresh, "licenses.txt"), collectLicences(modules));
    writeFileSync(join(fresh, "package.json"), `${JSON.stringify({ type: "module" })}\n`);
    refuseFlaws(fresh);
    replaceFolder(fresh, out);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** The licence of every package with a module in some chunk, as the bundler counts them; the same text once, its packages above it. */
function collectLicences(modules) {
  const named = [...modules.matchAll(/node_modules\/((?:@[a-z0-9._-]+\/)?[a-z0-9._-]+)\//g)].map((match) => match[1]);
  const installed = [...new Set(named)]
    .filter((name) => existsSync(join(root, "node_modules", name, "package.json")))
    .sort((a, b) => (a < b ? -1 : 1));
  const packages = new Map();
  for (const name of installed) {
    const licence = readLicence(name);
    packages.set(licence, [...(packages.get(licence) ?? []), name]);
  }
  return `${[...packages].map(([licence, names]) => `${names.join("\n")}\n${licence}`).join("\n\n")}\n`;
}

function readLicence(name) {
  const place = join(root, "node_modules", name);
  const { license } = JSON.parse(readFileSync(join(place, "package.json"), "utf8"));
  const file = readdirSync(place).find((entry) => /^licen[cs]e(?:[.-].*)?$/i.test(entry));
  const text = file === undefined ? "" : `\n${readFileSync(join(place, file), "utf8").trim()}`;
  return `${typeof license === "string" ? license : "see its text"}${text}`;
}

/** Every file below a folder, as sorted relative paths. */
export function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
}

/** The bundler says nothing of a file it does not find, and copies files that a string happens to name. */
function refuseFlaws(folder) {
  const flaws = filesBelow(folder).flatMap((file) => {
    if (!EXPECTED.test(file)) return [`${file} is no part of a bundle: some string or URL in the sources names it`];
    const text = readFileSync(join(folder, file), "utf8");
    const missing = /eval\("require"\)\("(\.[^"]*)"\)/.exec(text)?.[1];
    return [
      ...(text.includes(root) ? [`${file} holds a path of this machine and would differ elsewhere`] : []),
      ...(missing === undefined ? [] : [`${file} imports ${missing}, which does not exist`]),
    ];
  });
  if (flaws.length > 0) throw new Error(`Not bundled: ${flaws.slice(0, 5).join("; ")}.`);
}

function replaceFolder(from, to) {
  rmSync(to, { recursive: true, force: true });
  for (const file of filesBelow(from)) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    writeFileSync(join(to, file), readFileSync(join(from, file)));
  }
}

function run(command) {
  try {
    execFileSync(process.execPath, command, { cwd: root, stdio: "pipe", encoding: "utf8" });
  } catch (error) {
    throw new Error(`${[error.stdout, error.stderr].join("\n").trim()}\n${command.slice(0, 2).join(" ")} failed.`, {
      cause: error,
    });
  }
}

function main() {
  const { values } = parseArgs({
    options: {
      out: { type: "string", default: "dist" },
      entry: { type: "string", default: "lib/src/main.js" },
      "no-compile": { type: "boolean" },
    },
  });
  if (!values["no-compile"]) compile();
  bundle(resolve(root, values.entry), resolve(root, values.out));
  console.log(`${values.out}: ${filesBelow(resolve(root, values.out)).join(", ")}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
