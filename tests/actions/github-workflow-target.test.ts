import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { githubWorkflow } from "../../src/actions/github-workflow/github-workflow.js";
import { readHistory } from "../../src/actions/github-workflow/history.js";
import { readAddress, resolveInputs } from "../../src/actions/github-workflow/target.js";
import { CannotObserveError } from "../../src/actions/action.js";
import { history, release } from "../plan/support.js";
import { KEY, placeWith, record } from "./support.js";

const settings = { workflow: "deploy.yml", ref: "main", inputs: { service: "checkout", version: "{after}" } };

describe("the settings of a target", () => {
  it("are kept with their defaults", () => {
    const parsed = githubWorkflow.parseTarget(settings);
    expect(parsed).toEqual({ ok: true, address: release.address });
    expect(parsed.ok && readAddress(parsed.address)).toEqual(release.address);
  });

  it("name the input of our key and the environment that counts", () => {
    const named = { ...settings, correlation: "run-key", "deployment-environment": "live" };
    expect(githubWorkflow.parseTarget(named)).toMatchObject({
      address: { correlation: "run-key", deploymentEnvironment: "live" },
    });
  });

  it.each([
    { name: "no workflow", raw: { ...settings, workflow: undefined }, says: "workflow: " },
    {
      name: "a path instead of a file name",
      raw: { ...settings, workflow: "../deploy.yml" },
      says: "workflow: must be the file name",
    },
    { name: "a file that is no workflow", raw: { ...settings, workflow: "deploy.sh" }, says: "workflow: must be the file name" },
    { name: "a ref with a space", raw: { ...settings, ref: "main or not" }, says: "ref: must be a branch or tag" },
    {
      name: "no input for the version",
      raw: { ...settings, inputs: { service: "checkout" } },
      says: 'one input that holds "{after}"',
    },
    { name: "an input with an odd name", raw: { ...settings, inputs: { "a b": "{after}" } }, says: "inputs" },
    { name: "an unknown key", raw: { ...settings, branch: "main" }, says: "branch" },
    { name: "nothing", raw: {}, says: "workflow: " },
    { name: "no map", raw: "deploy.yml", says: "target: " },
  ])("with $name are refused in the words of the file", ({ raw, says }) => {
    const parsed = githubWorkflow.parseTarget(JSON.parse(JSON.stringify(raw)));
    expect(parsed).toMatchObject({ ok: false });
    expect(!parsed.ok && parsed.problems.join("\n")).toContain(says);
  });

  it("become the inputs of a run: the version wherever it is asked for, and our key", () => {
    const address = {
      ...readAddress(release.address),
      inputs: { version: "{after}", title: "go to {after}, {after}!", service: "x" },
    };
    expect(resolveInputs(address, "v1$&", KEY)).toEqual({
      version: "v1$&",
      title: "go to v1$&, v1$&!",
      service: "x",
      "gatehouse-key": KEY,
    });
  });
});

describe("the release history", () => {
  it.each([
    {
      name: "the newest live one and the last that was live before it",
      records: [record("v142", "live", 10), record("v141", "was-live", 5), record("v140", "was-live", 1)],
      history: { live: "v142", previous: "v141", known: ["v142", "v141", "v140"] },
    },
    {
      name: "no failed or unfinished one",
      records: [
        record("v144", "other", 20),
        record("v143", "failed", 15),
        record("v142", "live", 10),
        record("v141", "failed", 5),
      ],
      history: { live: "v142", previous: null, known: ["v142"] },
    },
    {
      name: "not the same version deployed twice",
      records: [record("v142", "live", 10), record("v142", "was-live", 9), record("v141", "was-live", 5)],
      history: { live: "v142", previous: "v141", known: ["v142", "v141"] },
    },
    {
      name: "what was put back, and not what came after it, as previous",
      records: [record("v143", "was-live", 20), record("v142", "live", 10), record("v141", "was-live", 5)],
      history: { live: "v142", previous: "v141", known: ["v143", "v142", "v141"] },
    },
    {
      name: "nothing of our own gate",
      records: [record("gate", "live", 20, { environment: "production-gate" }), record("v142", "live", 10)],
      history: { live: "v142", previous: null, known: ["v142"] },
    },
  ])("holds $name", ({ records, history: expected }) => {
    expect(readHistory(records, placeWith())).toEqual(expected);
  });

  it("is that of the named environment, even if it is called like the gate", () => {
    const records = [record("s2", "live", 20, { environment: "staging" }), record("v142", "live", 10)];
    expect(readHistory(records, placeWith("staging"))).toMatchObject({ live: "s2" });
  });

  it.each([
    {
      name: "several environments could be meant",
      records: [record("s2", "live", 20, { environment: "staging" }), record("v142", "live", 10)],
      environment: null,
      says: "acme/shop has deployments in staging, production. Set deployment-environment",
    },
    { name: "nothing was ever deployed", records: [], environment: null, says: "must record GitHub deployments" },
    { name: "nothing is live", records: [record("v1", "failed", 1)], environment: null, says: "has no live deployment" },
    {
      name: "nothing is live in the named environment",
      records: [record("v142", "live", 10)],
      environment: "staging",
      says: "has no live deployment in staging",
    },
  ])("cannot be told when $name", ({ records, environment, says }) => {
    expect(() => readHistory(records, placeWith(environment))).toThrow(CannotObserveError);
    expect(() => readHistory(records, placeWith(environment))).toThrow(says);
  });
});

describe("the aim", () => {
  const aim = (params: Record<string, string | boolean | number | null>, seen: object = history) =>
    githubWorkflow.aim(params, JSON.parse(JSON.stringify(seen)), placeWith());

  it.each([
    { to: "previous", after: "v141" },
    { to: "v140", after: "v140" },
    { to: "v142", after: "v142" },
  ])("to $to leads to $after and back", ({ to, after }) => {
    expect(aim({ to })).toMatchObject({ before: "v142", after, undo: "to-before", risk: "low" });
  });

  it("says in one line where it leads and how it is undone", () => {
    expect(aim({ to: "previous" })).toMatchObject({
      says: "deploy v141 of checkout again (live now: v142) with deploy.yml",
      undoSays: "deploy v142 again",
    });
  });

  it.each([
    { name: "no version", params: {}, says: "it needs to=previous or to=<version>" },
    { name: "a number", params: { to: 142 }, says: "it needs to=" },
    { name: "an empty version", params: { to: "" }, says: "it needs to=" },
    { name: "a shell command", params: { to: "v1; rm -rf /" }, says: "it needs to=" },
    { name: "an option", params: { to: "--force" }, says: "it needs to=" },
    { name: "a second line", params: { to: "v141\nv140" }, says: "it needs to=" },
    { name: "a line feed at the end", params: { to: "v141\n" }, says: "it needs to=" },
    { name: "an endless version", params: { to: "v".repeat(101) }, says: "it needs to=" },
    { name: "a version that was never live", params: { to: "v143" }, says: "v143 was never live; known are v142, v141, v140" },
    { name: "another parameter", params: { to: "previous", ref: "evil" }, says: 'takes only "to", not ref' },
  ])("refuses $name", ({ params, says }) => {
    expect(aim(params)).toEqual({ refused: expect.stringContaining(says) });
  });

  it("refuses to go back where nothing was before", () => {
    expect(aim({ to: "previous" }, { live: "v1", previous: null, known: ["v1"] })).toEqual({
      refused: "nothing was live before v1",
    });
  });

  it.each([
    { name: "previous", seen: { live: "v2", previous: "v1$(curl evil.example)", known: ["v2", "v1$(curl evil.example)"] } },
    { name: "live", seen: { live: "v2;ls", previous: "v1", known: ["v2;ls", "v1"] } },
  ])("refuses a $name version whose name no workflow should be handed: it would be deployed or undone by it", ({ seen }) => {
    expect(aim({ to: "previous" }, seen)).toMatchObject({ refused: expect.stringContaining("cannot be deployed by name") });
  });

  it("never leads anywhere but to a version that was live", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("to", "ref"), fc.oneof(fc.string(), fc.constantFrom("previous", "v140"))),
        (params) => {
          const answer = aim(params);
          expect("refused" in answer || history.known.some((known) => known === answer.after)).toBe(true);
        },
      ),
    );
  });

  it.each([
    { wanted: "v142", seen: history, holds: true },
    { wanted: "v141", seen: history, holds: false },
    { wanted: null, seen: history, holds: false },
    { wanted: "v142", seen: null, holds: false },
    { wanted: "v142", seen: { live: "v142" }, holds: false },
  ])("holds $wanted: $holds", ({ wanted, seen, holds }) => {
    expect(githubWorkflow.holds(wanted, seen)).toBe(holds);
  });
});
