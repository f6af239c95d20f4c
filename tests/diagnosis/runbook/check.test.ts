import { describe, expect, it } from "vitest";
import { checkRunbooks } from "../../../src/diagnosis/runbook/check.js";
import type { TrustedFile } from "../../../src/ports.js";
import { shippedFiles } from "../support/shipped.js";

const actions = new Set(["github.workflow", "manual"]);

function aFile(id: string, more: readonly string[] = [], name = id): TrustedFile {
  const text = [
    "---",
    `id: ${id}`,
    `title: About ${id}`,
    'cause: "{service} is unwell: {why}"',
    "signals:",
    "  - {kind: log, match: 'no space left'}",
    ...more,
    "---",
    "Prose.",
  ].join("\n");
  return { path: `runbooks/${name}.md`, text, sha: "a".repeat(40) };
}

function check(files: readonly TrustedFile[], shipped: readonly TrustedFile[] = []): readonly string[] {
  return checkRunbooks({ files, shipped, actions });
}

describe("checkRunbooks", () => {
  it("has nothing to say about the library", () => {
    expect(check(shippedFiles())).toEqual([]);
  });

  it("tells every problem of every file in one go, each with its place", () => {
    const wrong = { ...aFile("disk-full", ["color: red"]), text: aFile("disk-full", ["color: red", "any: maybe"]).text };
    const problems = check([wrong, { path: "runbooks/b.md", text: "No front matter", sha: "b".repeat(40) }]);
    expect(problems.map((line) => line.split(" ")[0])).toEqual([
      "runbooks/disk-full.md:7:1:",
      "runbooks/disk-full.md:8:6:",
      "runbooks/b.md:1:1:",
    ]);
  });

  it.each([
    {
      name: "an id that is not the file's name",
      files: [aFile("disk-full", [], "disk-fill")],
      says: [/^runbooks\/disk-fill\.md:2:5: id is "disk-full"\. Write "disk-fill"/],
    },
    {
      name: "a look-alike that does not exist, with the one that is meant",
      files: [aFile("disk-full", ["look-alikes:", "  disk-sloww: look at iowait"]), aFile("disk-slow")],
      says: [/^runbooks\/disk-full\.md:8:3: .*"disk-sloww", which does not exist\. Did you mean "disk-slow"\?$/],
    },
    {
      name: "a look-alike that does not look back",
      files: [aFile("disk-full", ["look-alikes:", "  disk-slow: look at iowait"]), aFile("disk-slow")],
      says: [/^runbooks\/disk-full\.md:8:3: disk-slow does not name disk-full/],
    },
    {
      name: "a look-alike that is itself",
      files: [aFile("disk-full", ["look-alikes:", "  disk-full: look again"])],
      says: [/^runbooks\/disk-full\.md:8:3: look-alikes names "disk-full" itself/],
    },
    {
      name: "a name that two causes share, in both",
      files: [aFile("disk-full"), aFile("no-space", ["also-known-as: [disk_full]"])],
      says: [/^runbooks\/disk-full\.md:2:5: "disk-full" is also a name of no-space/, /^runbooks\/no-space\.md:7:17: "disk_full"/],
    },
    {
      name: "an action that is not in the catalogue",
      files: [aFile("disk-full", ["actions:", "  - {action: github.workflows, target: release}"])],
      says: [/^runbooks\/disk-full\.md:8:14: .*"github\.workflows"\)\. Did you mean "github\.workflow"\?$/],
    },
  ])("finds $name", ({ files, says }) => {
    const problems = check(files);
    expect(problems).toHaveLength(says.length);
    for (const [index, pattern] of says.entries()) expect(problems[index]).toMatch(pattern);
  });

  it("lets a look-alike name a shipped runbook, which need not look back", () => {
    expect(check([aFile("disk-full", ["look-alikes:", "  disk-slow: look at iowait"])], [aFile("disk-slow")])).toEqual([]);
  });

  it("takes a file for the one it replaces in the library, not for a second one of that name", () => {
    expect(check([aFile("disk-full")], [aFile("disk-full", ["also-known-as: [no_space]"])])).toEqual([]);
  });

  it("tells a file that cannot be read once, not again at those that name it", () => {
    const broken = { ...aFile("disk-slow"), text: "no front matter" };
    expect(check([aFile("disk-full", ["look-alikes:", "  disk-slow: look at iowait"]), broken])).toHaveLength(1);
  });
});
