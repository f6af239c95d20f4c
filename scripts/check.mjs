/**
 * `npm run check`: everything that can be wrong without running the product. One line a check; all failures are shown, then exit 1.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle, filesBelow } from "./build-dist.mjs";
import { describeViolation, findViolations, readSources } from "./walls.mjs";
import { checkWorkflow } from "./workflows.mjs";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const tool =
  (path, ...rest) =>
  () =>
    runTool([join(root, "node_modules", path), ...rest]);

/** Each returns nothing, or what is wrong. Two of them read `lib/`, which `compile` writes. */
const CHECKS = [
  { name: "types", run: tool("typescript/bin/tsc", "--noEmit", "-p", "tsconfig.json") },
  { name: "compile", run: tool("typescript/bin/tsc", "-p", "tsconfig.build.json") },
  { name: "format", run: tool("@biomejs/biome/bin/biome", "format", ".") },
  { name: "lint", run: tool("oxlint/bin/oxlint", "--type-aware") },
  {
    name: "walls",
    run: () =>
      findViolations(readSources(root, ["src", "lab"]))
        .map(describeViolation)
        .join("\n"),
  },
  { name: "workflows", run: checkWorkflows },
  { name: "dist", run: checkDist },
  { name: "schemas", run: () => runTool([join(root, "scripts/make-schemas.mjs"), "--check"]) },
];

/** Our workflows and actions, and those that the lab's repository has. */
async function checkWorkflows() {
  const folders = [".github", "lab/world/repository/.github"].filter((folder) => existsSync(join(root, folder)));
  const below = folders.flatMap((folder) => filesBelow(join(root, folder)).map((file) => `${folder}/${file}`));
  const paths = ["action.yml", ...below.filter((path) => /(\/workflows\/[^/]+|\/action)\.ya?ml$/.test(path))];
  const found = await Promise.all(paths.map((path) => checkWorkflow(path, readFileSync(join(root, path), "utf8"))));
  return found.flat().join("\n");
}

/** The committed bundle is what the sources give, byte for byte. */
function checkDist() {
  const fresh = mkdtempSync(join(tmpdir(), "gatehouse-check-"));
  try {
    bundle(join(root, "lib/src/main.js"), fresh);
    const committed = join(root, "dist");
    const all = [...new Set([...filesBelow(fresh), ...filesBelow(committed)])];
    const stale = all.filter((file) => !sameBytes(join(fresh, file), join(committed, file)));
    return stale.length === 0
      ? ""
      : `${stale.map((file) => `dist/${file}`).join(", ")}: not what the sources give. Run npm run dist and commit it.`;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function sameBytes(a, b) {
  return existsSync(a) && existsSync(b) && readFileSync(a).equals(readFileSync(b));
}

/** @returns the tool's output when it failed, else nothing */
function runTool(command) {
  return new Promise((done) => {
    const output = [];
    const child = spawn(process.execPath, command, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => output.push(chunk));
    child.on("error", (error) => done(error.message));
    child.on("close", (code) =>
      done(code === 0 ? "" : Buffer.concat(output).toString("utf8").trim() || `${command[0]} ended with ${code}.`),
    );
  });
}

let failures = 0;
for (const { name, run } of CHECKS) {
  const begun = performance.now();
  const wrong = await Promise.resolve()
    .then(run)
    .catch((error) => error.message);
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
  console.log(`${wrong === "" ? "ok  " : "FAIL"} ${name} (${seconds} s)`);
  if (wrong !== "") {
    failures += 1;
    console.log(wrong.replaceAll(/^/gm, "     "));
  }
}
console.log(failures === 0 ? "All checks passed." : `${failures} of ${CHECKS.length} checks failed.`);
process.exitCode = failures === 0 ? 0 : 1;
