/**
 * Checks workflow files: GitHub's own validator, and our rules on top of it.
 * The validator's package imports JSON in a way that plain Node refuses, so it is bundled once and kept in `node_modules/.cache`.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isMap, isScalar, LineCounter, parseDocument, visit } from "yaml";

const root = fileURLToPath(new URL("..", import.meta.url));

/** @returns problems `path:line: what is wrong` of one workflow or action file; empty when it is in order */
export async function checkWorkflow(path, text) {
  const { validate, TextDocument } = await loadValidator();
  const digest = createHash("sha256").update(text).digest("hex"); // the validator remembers what it parsed by address alone
  const diagnostics = await validate(TextDocument.create(`file:///${digest}/${path}`, "yaml", 0, text), {});
  const said = diagnostics
    .filter(isError)
    .map(({ range, message }) => `${path}:${range.start.line + 1}: ${message.split(" at line ")[0]}`);
  return [...said, ...findRuleBreaks(path, text)];
}

/** Our own rules: actions pinned to commits, no permission by default, nothing from outside inside a script. */
export function findRuleBreaks(path, text) {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const found = [];
  const say = (node, what) => found.push(`${path}:${lines.linePos(node?.range?.[0] ?? 0).line}: ${what}`);

  const permissions = document.get("permissions", true);
  const isWorkflow = document.has("jobs");
  if (isWorkflow && !(isMap(permissions) && permissions.items.length === 0))
    say(permissions, "write `permissions: {}` at the top, and what a job needs in the job");
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || !isScalar(value) || typeof value.value !== "string") return;
      if (key.value === "uses" && !isPinned(value.value))
        say(value, `${value.value} is not pinned. Write the full commit of a release, 40 hex characters`);
      if (key.value === "run" && value.value.includes("${{"))
        say(value, "a script must not contain ${{ … }}: text from outside would become code. Hand it over in env:");
    },
  });
  return found;
}

/** Unknown severity counts as an error; the rest are warnings and hints. */
function isError({ severity = 1 }) {
  return severity === 1;
}

function isPinned(uses) {
  return (
    uses.startsWith("./") || /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(uses) || /^docker:\/\/.+@sha256:[0-9a-f]{64}$/.test(uses)
  );
}

let loading = null;
function loadValidator() {
  loading ??= import(pathToFileURL(bundledValidator()).href);
  return loading;
}

function bundledValidator() {
  const { version } = JSON.parse(readFileSync(join(root, "node_modules/@actions/languageservice/package.json"), "utf8"));
  const folder = join(root, "node_modules/.cache/gatehouse", `languageservice-${version}`);
  const bundle = join(folder, "index.js");
  if (existsSync(bundle)) return bundle;
  const fresh = `${folder}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  try {
    const entry = join(fresh, "entry.js");
    writeFileSync(
      entry,
      'export { validate } from "@actions/languageservice";\nexport { TextDocument } from "vscode-languageserver-textdocument";\n',
    );
    const ncc = join(root, "node_modules/@vercel/ncc/dist/ncc/cli.js");
    execFileSync(process.execPath, [ncc, "build", entry, "--out", fresh, "--no-cache", "--quiet"], {
      cwd: root,
      stdio: ["ignore", "ignore", "inherit"],
    });
    if (!existsSync(folder)) renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return bundle;
}
