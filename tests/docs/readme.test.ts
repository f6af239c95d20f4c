import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { parseConfig } from "../../src/config/parse.js";
import { COMMANDS, INPUTS, OUTPUTS } from "../../src/config/inputs.js";
import { VERB_RULES, VERBS } from "../../src/gate/commands.js";
import { generateKeys } from "../../src/incident/signature.js";
import { PHASES } from "../../src/words.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const readText = (path: string) => readFileSync(join(root, path), "utf8");
const readme = readText("README.md");

const Action = z.object({
  inputs: z.record(z.string(), z.object({ required: z.boolean(), default: z.string().default("") })),
  outputs: z.record(z.string(), z.object({ description: z.string() })),
});
const action = Action.parse(parse(readText("action.yml")));

describe("the tables of the README", () => {
  it("name the inputs of action.yml, with what is required and the defaults", () => {
    const told = readTable("inputs").map(([name = "", required, value = ""]) => ({
      name: plain(name),
      required: required === "yes",
      default: plain(value),
    }));
    expect(told).toEqual(Object.entries(action.inputs).map(([name, input]) => ({ name, ...input })));
    expect(told.map(({ name }) => name)).toEqual(INPUTS.map(({ name }) => name));
  });

  it("name the outputs of action.yml", () => {
    const told = readTable("outputs").map(([name = ""]) => plain(name));
    expect(told).toEqual(Object.keys(action.outputs));
    expect(told).toEqual([...OUTPUTS]);
  });

  it("name every command a job can be given, and every phase", () => {
    const [first = []] = readTable("inputs");
    expect(codeIn(first.at(-1) ?? "")).toEqual([...COMMANDS]);
    const phase = readTable("outputs").find(([name]) => name === "`phase`") ?? [];
    expect(codeIn(phase.at(-1) ?? "")).toEqual([...PHASES]);
  });

  it("name every command of a comment, with the role that it needs", () => {
    const told = readTable("commands").map(([written = "", role = ""]) => `${/`\/([a-z]+)/.exec(written)?.[1]}: ${role}`);
    const approve = told.find((row) => row.startsWith("approve: ")) ?? "";
    const ruled = VERBS.map((verb) => (verb === "approve" ? approve : `${verb}: ${VERB_RULES[verb].atLeast}`));
    expect(new Set(told)).toEqual(new Set(ruled));
    expect(told).toHaveLength(VERBS.length);
    expect(approve).toContain("`gate.approvers`");
  });

  it("say which commands an edited comment can still give", () => {
    const line = readme.split("\n").find((text) => text.includes("can still stop something")) ?? "";
    const stopping = VERBS.filter((verb) => VERB_RULES[verb].stops && verb !== "status" && verb !== "help");
    expect(new Set(codeIn(line))).toEqual(new Set(stopping.map((verb) => `/${verb}`)));
  });
});

describe("what the README gives to copy", () => {
  it("is the workflow of the hands, byte for byte", () => {
    expect(readme).toContain(`\`\`\`yaml\n${readText(".github/workflows/remediate.yml").trimEnd()}\n\`\`\``);
  });

  it("is a config that is accepted once the keys are filled in", () => {
    const block = /```yaml\n( {3}version: 1\n[\s\S]*?)```/.exec(readme)?.[1] ?? "";
    const text = block.replace(/^ {3}/gm, "").replace(/<the [\w']+ public key>/g, () => generateKeys().public);
    const parsed = parseConfig({ path: ".github/gatehouse.yml", text, sha: "0".repeat(40) });
    expect(parsed.ok ? "" : parsed.message).toBe("");
  });
});

const pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", ...markdownBelow("docs"), ...markdownBelow("lab")];

describe("the documentation", () => {
  it.each(pages)("%s links only to what exists", (page) => {
    const broken = linksOf(readText(page)).filter((link) => !leadsSomewhere(link, page));
    expect(broken).toEqual([]);
  });

  it("is reached from the README: no page stands alone", () => {
    const linked = new Set(["README.md", "docs/decisions/README.md"].flatMap((page) => targetsOf(page)));
    const alone = markdownBelow("docs").filter((page) => !linked.has(page));
    expect(alone).toEqual([]);
  });
});

/** The rows of the table between `<!-- name:begin -->` and `<!-- name:end -->`, without its head. */
function readTable(name: string): string[][] {
  const between = new RegExp(`<!-- ${name}:begin -->\\n([\\s\\S]*?)<!-- ${name}:end -->`).exec(readme)?.[1];
  if (between === undefined) throw new Error(`README.md has no table ${name}.`);
  return between
    .trim()
    .split("\n")
    .slice(2)
    .map((row) =>
      row
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

function plain(cell: string): string {
  return cell.replaceAll("`", "");
}

function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

function markdownBelow(folder: string): string[] {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
    .map((entry) => posix.relative(root, posix.join(entry.parentPath, entry.name)))
    .sort();
}

/** Targets of links and pictures outside code, web addresses left out. */
function linksOf(markdown: string): string[] {
  const text = markdown.replace(/^ *```[\s\S]*?^ *```/gm, "").replace(/`[^`\n]*`/g, "");
  const found = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)].map(([, link, source]) => link ?? source ?? "");
  return found.filter((link) => !/^[a-z]+:/.test(link));
}

function targetsOf(page: string): string[] {
  return linksOf(readText(page)).map((link) => posix.join(dirname(page), link.split("#")[0] ?? ""));
}

function leadsSomewhere(link: string, page: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : posix.join(dirname(page), path);
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || !target.endsWith(".md") || anchorsOf(readText(target)).has(anchor);
}

/** Headings as GitHub names them. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const headings = [...markdown.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => heading.toLowerCase());
  return new Set(headings.map((heading) => heading.replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")));
}
