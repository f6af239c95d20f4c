import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { describeViolation, findViolations, readImports, readSources } from "../scripts/walls.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

describe("the walls of this repository", () => {
  it("stand", () => {
    const sources = readSources(root, ["src", "lab"]);
    expect(Object.keys(sources).length).toBeGreaterThan(20);
    expect(findViolations(sources).map(describeViolation)).toEqual([]);
  });
});

describe("findViolations", () => {
  it.each([
    [
      "a vendor package in a pure room",
      "src/plan/guard.ts",
      'import { Octokit } from "@octokit/rest";',
      "vendor packages live in",
    ],
    [
      "a vendor's type in a room that has none",
      "src/intake/open.ts",
      'import type { Octokit } from "@octokit/rest";',
      "vendor packages live in",
    ],
    ["yaml outside the rooms that read it", "src/gate/commands.ts", 'import { parse } from "yaml";', "vendor packages live in"],
    [
      "a file system in a pure room",
      "src/render/issue.ts",
      'import { readFileSync } from "node:fs";',
      "takes what it needs as arguments",
    ],
    ["a builtin without its prefix", "src/signals/log.ts", 'import { request } from "http";', "takes what it needs as arguments"],
    [
      "a random source in rendering",
      "src/render/issue.ts",
      'import { randomUUID } from "node:crypto";',
      "takes what it needs as arguments",
    ],
    ["the lab in the product", "src/lifecycle.ts", 'import { startLab } from "../lab/lab.js";', "never imports the lab"],
    ["tests in the product, on demand", "src/lifecycle.ts", 'await import("../tests/fakes/clock.js");', "never imports the lab"],
    [
      "diagnosis in remediation",
      "src/remediation/apply.ts",
      'import { x } from "../diagnosis/confidence.js";',
      "who touches does not think",
    ],
    [
      "remediation in evidence",
      "src/evidence/gather.ts",
      'import type { X } from "../remediation/apply.js";',
      "who thinks cannot touch",
    ],
    [
      "remediation re-exported by diagnosis",
      "src/diagnosis/a.ts",
      'export { x } from "../remediation/apply.js";',
      "who thinks cannot touch",
    ],
    ["GitHub in post-mortems", "src/postmortem/draft.ts", 'import { x } from "../github/client.js";', "drafted without GitHub"],
    ["an adapter in a pure room", "src/incident/fold.ts", 'import { x } from "../pager/pager.js";', "knows no adapter"],
    ["the environment", "src/intake/open.ts", "const t = process.env.TOKEN;", "the environment is read in"],
    ["the clock in a pure room", "src/gate/approval.ts", "const now = new Date();", "is given time"],
    ["the network in a pure room", "src/signals/a.ts", 'await fetch("x");', "is given time"],
  ])("finds %s", (_, file, line, rule) => {
    const violations = findViolations({ [file]: `// first line\n${line}\n` });
    expect(violations).toHaveLength(1);
    expect(violations[0]).toMatchObject({ file, line: 2 });
    expect(violations[0]?.rule).toContain(rule);
  });

  it.each([
    ["zod anywhere", "src/intake/alert.ts", 'import { z } from "zod";'],
    [
      "hashes in the journal",
      "src/incident/codec.ts",
      'import { createHash } from "node:crypto";\nimport { deflate } from "node:zlib";',
    ],
    ["Octokit in its adapter", "src/github/client.ts", 'import { Octokit } from "@octokit/rest";'],
    ["the terminal's way into the lab", "src/cli.ts", 'await import("../lab/main.js");'],
    ["what only a comment says", "src/plan/guard.ts", '/* import "@octokit/rest" */ // process.env fetch(x)\nconst a = 1;'],
    ["a date that is given", "src/gate/approval.ts", "const due = new Date(now.getTime() + 1);"],
  ])("accepts %s", (_, file, text) => {
    expect(findViolations({ [file]: text })).toEqual([]);
  });

  it("finds imports that go round, once, and not those of types", () => {
    const ring = {
      "src/a.ts": 'import "./b.js";',
      "src/b.ts": 'import "./c.js";',
      "src/c.ts": 'import "./a.js";',
      "src/d.ts": 'import type { A } from "./a.js";',
    };
    const violations = findViolations(ring);
    expect(violations.map(({ rule }) => rule)).toEqual(["imports go round: src/a.ts → src/b.ts → src/c.ts → src/a.ts"]);
  });
});

describe("readImports", () => {
  it("sees imports over several lines, re-exports, effects and dynamic ones", () => {
    const text =
      'import {\n  a,\n  type B,\n} from "./a.js";\nexport * from "./b.js";\nimport "./c.js";\nconst d = await import("./d.js");\nimport e, { f } from "node:fs";\n';
    expect(readImports("src/x/y.ts", text).map(({ name, line }) => `${name}:${line}`)).toEqual([
      "./a.js:4",
      "./b.js:5",
      "./c.js:6",
      "./d.js:7",
      "node:fs:8",
    ]);
  });

  it("resolves a relative import to the source it means", () => {
    expect(readImports("src/x/y.ts", 'import "../z.js";')[0]?.target).toBe("src/z.ts");
  });
});
