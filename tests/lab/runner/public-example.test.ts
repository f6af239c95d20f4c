import { expect, it } from "vitest";
import { conclusions, jobOf, octocat, stage } from "./fake-host.js";

// A workflow as a public project might have it; nothing in it is made for this runner.
const workflow = `
name: CI
run-name: CI for \${{ github.ref_name }} by @\${{ github.actor }}
on:
  push:
    branches: [main, "release/**"]
    paths-ignore: ["docs/**"]
env:
  GREETING: hello
jobs:
  build:
    name: Build
    runs-on: ubuntu-latest
    permissions: {contents: read}
    outputs:
      version: \${{ steps.version.outputs.version }}
      modules: \${{ steps.modules.outputs.list }}
    steps:
      - uses: actions/checkout@v5
      - id: version
        run: echo "version=$(cat VERSION)" >> "$GITHUB_OUTPUT"
      - id: modules
        run: |
          {
            echo "list<<END"
            echo '["api", "web"]'
            echo "END"
          } >> "$GITHUB_OUTPUT"
  test:
    needs: build
    runs-on: ubuntu-latest
    strategy:
      fail-fast: false
      matrix:
        module: \${{ fromJSON(needs.build.outputs.modules) }}
        node: [20, 24]
        exclude: [{module: web, node: 20}]
    env:
      MODULE: \${{ matrix.module }}
    steps:
      - uses: actions/checkout@v5
        with: {fetch-depth: 0, persist-credentials: false}
      - name: Test \${{ matrix.module }}
        run: |
          echo "$GREETING from $MODULE on \${{ matrix.node }}, version \${{ needs.build.outputs.version }}"
          git log --oneline | wc -l
          test "$MODULE" != web
      - name: Explain
        if: failure()
        run: echo "why $MODULE failed"
  publish:
    needs: [build, test]
    runs-on: ubuntu-latest
    steps: [{run: echo never}]
  notify:
    needs: [build, test, publish]
    if: always() && contains(needs.*.result, 'failure')
    runs-on: ubuntu-latest
    steps:
      - run: echo "\${{ needs.test.result }} \${{ needs.publish.result }} \${{ toJSON(needs.build.outputs.version) }}"
`;

it("runs an ordinary CI workflow on a push, with matrix, checkout, outputs and conditions", async () => {
  const { host, engine } = stage({ ".github/workflows/ci.yml": workflow, VERSION: "1.2.3\n" });
  const before = host.commit({ "README.md": "one\n" });
  const after = host.commit({ "README.md": "two\n" });
  host.raise({ name: "push", payload: { ref: "refs/heads/main", before, after }, actor: octocat });
  expect(host.runs).toHaveLength(1);
  await engine.idle();

  const [run] = host.runs;
  if (!run) throw new Error("the push started no run");
  expect(run).toMatchObject({ name: "CI for main by @octocat", event: "push", headSha: after, conclusion: "failure" });
  expect(conclusions(run)).toEqual({
    Build: "success",
    "test (api, 20)": "success",
    "test (api, 24)": "success",
    "test (web, 24)": "failure",
    publish: "skipped",
    notify: "success",
  });
  const failed = run.jobs.find((job) => job.name === "test (web, 24)");
  expect(failed?.log).toContain("hello from web on 24, version 1.2.3\n3\n");
  expect(failed?.log).toContain("why web failed");
  expect(failed?.steps.map((step) => [step.name, step.conclusion])).toEqual([
    ["Set up job", "success"],
    ["Run actions/checkout@v5", "success"],
    ["Test web", "failure"],
    ["Explain", "success"],
    ["Complete job", "success"],
  ]);
  expect(jobOf(run, "notify").log).toContain('failure skipped "1.2.3"');
});

it.each([
  { name: "another branch", ref: "refs/heads/topic", files: { "README.md": "x" }, runs: 0 },
  { name: "a branch below a matching folder", ref: "refs/heads/release/1.x/fix", files: { "README.md": "x" }, runs: 1 },
  { name: "only ignored paths", ref: "refs/heads/main", files: { "docs/guide.md": "x" }, runs: 0 },
  { name: "ignored and other paths", ref: "refs/heads/main", files: { "docs/guide.md": "x", "src/a.js": "x" }, runs: 1 },
  { name: "a tag, where only branches are named", ref: "refs/tags/v1", files: { "README.md": "x" }, runs: 0 },
])("starts $runs run for a push of $name", async ({ ref, files, runs }) => {
  const { host, engine } = stage({ ".github/workflows/ci.yml": workflow.replaceAll("needs: build", "if: false") });
  const before = host.commit({ VERSION: "1\n" });
  const after = host.commit(files);
  host.raise({ name: "push", payload: { ref, before, after } });
  expect(host.runs).toHaveLength(runs);
  await engine.stop();
});
