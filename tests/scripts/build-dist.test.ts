import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bundle, filesBelow } from "../../scripts/build-dist.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bundle-test-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A small program of two files, the second one loaded only when used. */
function writeProgram(name: string, loaded = "export const word = 'loaded';\n"): string {
  const at = join(folder, name);
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, "package.json"), '{"type": "module"}\n');
  writeFileSync(join(at, "later.js"), loaded);
  writeFileSync(
    join(at, "main.js"),
    'import { basename } from "node:path";\nconst { word } = await import("./later.js");\nconsole.log(basename("a/b"), word);\n',
  );
  return join(at, "main.js");
}

describe("bundle", () => {
  it("gives a folder that runs on its own", () => {
    bundle(writeProgram("program"), join(folder, "dist"));
    expect(filesBelow(join(folder, "dist"))).toEqual(expect.arrayContaining(["index.js", "package.json"]));
    expect(execFileSync(process.execPath, [join(folder, "dist/index.js")], { encoding: "utf8" })).toBe("b loaded\n");
  });

  it("gives the same bytes twice", () => {
    const entry = writeProgram("program");
    bundle(entry, join(folder, "one"));
    bundle(entry, join(folder, "two"));
    const read = (out: string) =>
      filesBelow(join(folder, out)).map((file) => [file, readFileSync(join(folder, out, file), "utf8")]);
    expect(read("one")).toEqual(read("two"));
  });

  it("names the licence of a CommonJS package in a chunk of its own", () => {
    const tunnel = JSON.stringify(join(root, "node_modules/tunnel/index.js"));
    bundle(writeProgram("licensed", `import tunnel from ${tunnel};\nexport const word = typeof tunnel;\n`), join(folder, "dist"));
    expect(readFileSync(join(folder, "dist/licenses.txt"), "utf8")).toMatch(/^tunnel\nMIT\nThe MIT License/m);
  });

  it("leaves nothing of an earlier build", () => {
    mkdirSync(join(folder, "dist"));
    writeFileSync(join(folder, "dist", "999.index.js"), "old");
    bundle(writeProgram("program"), join(folder, "dist"));
    expect(filesBelow(join(folder, "dist"))).not.toContain("999.index.js");
  });

  it("refuses a bundle that holds a path of this machine, and keeps the earlier one", () => {
    mkdirSync(join(folder, "dist"));
    writeFileSync(join(folder, "dist", "index.js"), "earlier");
    const leaking = writeProgram("leaking", `export const word = ${JSON.stringify(`of ${root}`)};\n`);
    expect(() => bundle(leaking, join(folder, "dist"))).toThrow("holds a path of this machine");
    expect(readFileSync(join(folder, "dist", "index.js"), "utf8")).toBe("earlier");
  });

  it("refuses files that a string in the sources happens to name", () => {
    const naming = writeProgram("naming", `export const word = ${JSON.stringify(join(root, "tests/scripts"))};\n`);
    expect(() => bundle(naming, join(folder, "dist"))).toThrow("is no part of a bundle");
  });

  it("refuses a program that misses one of its files", () => {
    const entry = writeProgram("broken");
    rmSync(join(folder, "broken", "later.js"));
    expect(() => bundle(entry, join(folder, "dist"))).toThrow("imports ./later.js, which does not exist");
  });
});
