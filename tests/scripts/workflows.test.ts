import { describe, expect, it } from "vitest";
import { checkWorkflow, findRuleBreaks } from "../../scripts/workflows.mjs";

const commit = "08c6903cd8c0fde910a37f88322edcfb5dd907a8";
const good = `name: x
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@${commit}
      - uses: ./.github/actions/local
      - run: echo "$TITLE"
        env: {TITLE: "\${{ github.event.head_commit.message }}"}
`;

describe("findRuleBreaks", () => {
  it("accepts pinned actions, local ones, and outside values in env", () => {
    expect(findRuleBreaks("x.yml", good)).toEqual([]);
  });

  it.each([
    ["an action at a tag", good.replace(commit, "v5"), "x.yml:8: actions/checkout@v5 is not pinned."],
    ["an action at a short commit", good.replace(commit, commit.slice(0, 12)), "is not pinned."],
    ["an image at a tag", good.replace(`actions/checkout@${commit}`, "docker://alpine:3"), "docker://alpine:3 is not pinned."],
    ["no permissions at the top", good.replace("permissions: {}\n", ""), "write `permissions: {}` at the top"],
    [
      "permissions for every job",
      good.replace("permissions: {}", "permissions: {contents: read}"),
      "x.yml:3: write `permissions: {}` at the top",
    ],
    [
      "an expression inside a script",
      good.replace("$TITLE", "${{ github.event.head_commit.message }}"),
      "x.yml:10: a script must not contain ${{ … }}",
    ],
    [
      "an input inside a script of several lines",
      good.replace('echo "$TITLE"', "|\n          true\n          echo ${{ inputs.x }}"),
      "a script must not contain",
    ],
  ])("finds %s", (_, text, expected) => {
    const found = findRuleBreaks("x.yml", text);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  it("asks an action for no permissions, but for pinned steps", () => {
    const action = "name: x\nruns:\n  using: composite\n  steps: [{uses: a/b@main}]\n";
    expect(findRuleBreaks("action.yml", action)).toEqual([
      "action.yml:4: a/b@main is not pinned. Write the full commit of a release, 40 hex characters",
    ]);
  });
});

describe("checkWorkflow", () => {
  it("finds nothing in a workflow that is in order", async () => {
    expect(await checkWorkflow("x.yml", good)).toEqual([]);
  });

  it.each([
    ["an unknown event", good.replace("on: push", "on: [psh]"), "x.yml:2: Unexpected value 'psh'"],
    ["an unknown key of a job", good.replace("runs-on", "stepz: []\n    runs-on"), "x.yml:6: Unexpected value 'stepz'"],
    ["an unknown function", good.replace("- run:", "- if: nothing()\n        run:"), "Unrecognized function: 'nothing'"],
    ["YAML that ends early", "jobs: [", "x.yml:1: Flow sequence in block collection must be sufficiently indented"],
  ])("finds %s, even where the same file was fine before", async (_, text, expected) => {
    expect((await checkWorkflow("x.yml", text)).join("\n")).toContain(expected);
  });

  it("knows the newest runtime of actions, and no other", async () => {
    const action = "name: x\ndescription: y\nruns: {using: node24, main: dist/index.js}\n";
    expect(await checkWorkflow("action.yml", action)).toEqual([]);
    expect(await checkWorkflow("action.yml", action.replace("node24", "node7"))).toEqual([
      "action.yml:3: Unexpected value 'node7'",
    ]);
  });
});
