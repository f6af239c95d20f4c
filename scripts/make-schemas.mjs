/**
 * Writes what is published about the formats people write: JSON Schemas for editors, and the tables of `docs/configuration.md` and
 * `docs/query-packs.md`.
 *
 *   npm run compile && node scripts/make-schemas.mjs [--check]
 *
 * `--check` writes nothing and fails when something would change.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { z } from "zod";
import { toClusterTable, toPackTables } from "./pack-tables.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Draft 2020-12, as people write the file: defaults are optional. */
export function toJsonSchema(schema, title) {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input", target: "draft-2020-12" });
  return format(JSON.stringify({ $schema, title, ...rest }, null, 2));
}

/** As the repository's formatter writes it. */
function format(json) {
  const biome = `${root}node_modules/@biomejs/biome/bin/biome`;
  return execFileSync(process.execPath, [biome, "format", "--stdin-file-path=schema.json"], {
    cwd: root,
    input: json,
    encoding: "utf8",
  });
}

/** One table for each section: key, default, what may be written, meaning. */
export function toTables(jsonSchema) {
  const sections = sectionsOf({ ...JSON.parse(jsonSchema), description: "The whole file." }, "");
  return sections.map(({ path, schema }) => table(path, schema)).join("\n\n");
}

/** Puts the tables between the two markers of this name. */
export function fillPage(page, name, tables) {
  const marked = new RegExp(`(<!-- ${name}:begin[^>]*-->)[\\s\\S]*?(<!-- ${name}:end -->)`);
  if (!marked.test(page)) throw new Error(`A page has lost its markers <!-- ${name}:begin --> and <!-- ${name}:end -->.`);
  return page.replace(marked, (_, begin, end) => `${begin}\n\n${tables}\n\n${end}`);
}

/** Maps with keys of their own, in the order of the file. */
function sectionsOf(schema, path) {
  const here = schema.properties ? [{ path, schema }] : [];
  const inside = Object.entries(schema.properties ?? {}).flatMap(([key, child]) =>
    sectionsOf(child, path === "" ? key : `${path}.${key}`),
  );
  const named = typeof schema.additionalProperties === "object" ? sectionsOf(schema.additionalProperties, `${path}.<name>`) : [];
  const listed = schema.items ? sectionsOf(schema.items, `${path}[]`) : [];
  const options = (schema.oneOf ?? []).flatMap((option) => sectionsOf(option, `${path} (${option.properties.kind.const})`));
  const either = (schema.anyOf ?? []).flatMap((option) => sectionsOf(option, path));
  return [...here, ...inside, ...named, ...listed, ...options, ...either];
}

function table(path, schema) {
  const rows = Object.entries(schema.properties).map(
    ([key, child]) => `| \`${key}\` | ${presetOf(key, child, schema)} | ${boundsOf(child)} | ${child.description ?? ""} |`,
  );
  const title = path === "" ? "### The file" : `### \`${path}\``;
  return [title, "", "| key | default | write | meaning |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function presetOf(key, child, parent) {
  if (parent.required?.includes(key)) return "*required*";
  const isSection = [child, ...(child.anyOf ?? [])].some(({ properties }) => properties !== undefined);
  return isSection && child.default !== null ? "see below" : `\`${JSON.stringify(child.default).replaceAll('"', "")}\``;
}

function boundsOf(child) {
  if (child.const !== undefined) return `\`${child.const}\``;
  if (child.enum) return child.enum.map((word) => `\`${word}\``).join(", ");
  if (child.anyOf) return child.anyOf.map(boundsOf).join(", or ");
  if (child.patternErrorMessage) return child.patternErrorMessage.replace(/^Write /, "").replace(/\.$/, "");
  if (child.minimum !== undefined)
    return `${child.type === "integer" ? "a whole number" : "a number"} from ${child.minimum} to ${child.maximum}`;
  if (child.type === "array")
    return `a list${child.minItems ? `, at least ${child.minItems}` : ""}${child.maxItems ? `, at most ${child.maxItems}` : ""}${child.items.type === "object" || child.items.oneOf ? "" : `: ${boundsOf(child.items)}`}`;
  if (child.propertyNames?.enum) return `a map with any of ${child.propertyNames.enum.map((word) => `\`${word}\``).join(", ")}`;
  if (child.type === "object") return child.properties ? "a map, see below" : "a map of names, see below";
  if (child.type === "boolean") return "`true`, `false`";
  if (child.format === "date-time") return "a time with its zone";
  return child.type === "null" ? "`null`" : "text";
}

/** What the files should hold now, by path. `load` gives the exports of a source. */
export async function drawAll(load, readPage) {
  const { ConfigFile } = await load("src/config/schema.js");
  const { RunbookFile } = await load("src/diagnosis/runbook/schema.js");
  const config = toJsonSchema(ConfigFile, "Gatehouse configuration");
  return {
    "schema/gatehouse.schema.json": config,
    "schema/runbook.schema.json": toJsonSchema(RunbookFile, "Front matter of a Gatehouse runbook"),
    "docs/configuration.md": fillPage(readPage("docs/configuration.md"), "keys", toTables(config)),
    "docs/query-packs.md": await drawPacks(load, readPage("docs/query-packs.md")),
  };
}

async function drawPacks(load, page) {
  const pack = await load("src/evidence/packs/pack.js");
  const packs = toPackTables(await load("src/evidence/packs/catalogue.js"), pack);
  const cluster = toClusterTable(
    await load("src/evidence/packs/cluster-metrics.js"),
    pack,
    await load("src/evidence/packs/matchers.js"),
  );
  return fillPage(fillPage(page, "packs", packs), "cluster", cluster);
}

async function main() {
  const load = (path) => import(pathToFileURL(`${root}lib/${path}`).href);
  const drawn = await drawAll(load, (path) => readFileSync(root + path, "utf8"));
  const stale = Object.entries(drawn).filter(
    ([path, text]) => !existsSync(root + path) || readFileSync(root + path, "utf8") !== text,
  );
  if (process.argv.includes("--check")) {
    if (stale.length > 0)
      console.error(
        `${stale.map(([path]) => path).join(", ")}: out of date. Run npm run compile && node scripts/make-schemas.mjs.`,
      );
    process.exitCode = stale.length > 0 ? 1 : 0;
    return;
  }
  for (const [path, text] of stale) writeFileSync(root + path, text);
  console.log(stale.length === 0 ? "nothing to change" : `written: ${stale.map(([path]) => path).join(", ")}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
