import { describe, expect, it } from "vitest";
import { catalogue } from "../../src/actions/catalogue.js";
import { resolveCriteria } from "../../src/plan/criteria.js";
import { environmentProblem } from "../../src/plan/rules.js";
import { placeOf, placeOfStep } from "../../src/plan/targets.js";
import * as sample from "../render/sample.js";
import { proposal, release, serviceWith } from "./support.js";

describe("environmentProblem", () => {
  const limited = { name: "production-gate", exists: true, branches: ["main"], requiredReviewers: 0 };
  const strict = { trustWriters: false, defaultBranch: "main" };

  it.each([
    { name: "limited to the default branch", facts: limited, policy: strict, rule: null },
    {
      name: "missing",
      facts: { ...limited, exists: false, branches: null },
      policy: strict,
      rule: "environment-missing",
    },
    { name: "open to any branch", facts: { ...limited, branches: null }, policy: strict, rule: "environment-unprotected" },
    { name: "open to protected branches", facts: { ...limited, branches: [] }, policy: strict, rule: "environment-unprotected" },
    {
      name: "open to one more branch",
      facts: { ...limited, branches: ["main", "release"] },
      policy: strict,
      rule: "environment-unprotected",
    },
    { name: "open to a pattern", facts: { ...limited, branches: ["*"] }, policy: strict, rule: "environment-unprotected" },
    {
      name: "limited to another branch",
      facts: { ...limited, branches: ["dev"] },
      policy: strict,
      rule: "environment-unprotected",
    },
    {
      name: "limited, whatever reviewers it has",
      facts: { ...limited, requiredReviewers: 2 },
      policy: strict,
      rule: null,
    },
    {
      name: "limited to a default branch of another name",
      facts: { ...limited, branches: ["trunk"] },
      policy: { trustWriters: false, defaultBranch: "trunk" },
      rule: null,
    },
    {
      name: "open, where all writers are trusted",
      facts: { ...limited, branches: null },
      policy: { ...strict, trustWriters: true },
      rule: null,
    },
  ])("of an environment $name: $rule", ({ facts, policy, rule }) => {
    expect(environmentProblem(facts, policy)?.rule ?? null).toBe(rule);
  });
});

describe("resolveCriteria", () => {
  const service = serviceWith();
  const criteria = (verify: (typeof proposal)["verify"], of = service) =>
    resolveCriteria({ ...proposal, verify }, { service: of, catalogue });

  it("keeps the wished ones in their order, with the unit of the reviewed signal", () => {
    expect(
      criteria([{ alert: "not-firing" }, { signal: "pool-waiting", above: 2 }, { signal: "error-ratio", below: 0.1 }]),
    ).toEqual({
      criteria: [
        { kind: "alert-not-firing" },
        { kind: "signal", service: "checkout", signal: "pool-waiting", holds: "above", bound: 2, unit: null },
        { kind: "signal", service: "checkout", signal: "error-ratio", holds: "below", bound: 0.1, unit: "ratio" },
      ],
    });
  });

  it("without a wish asks for less than one failed request in twenty", () => {
    expect(criteria([])).toEqual({
      criteria: [{ kind: "signal", service: "checkout", signal: "error-ratio", holds: "below", bound: 0.05, unit: "ratio" }],
    });
  });

  it.each([
    { source: "cloudwatch", isMeasured: true },
    { source: "datadog", isMeasured: true },
    { source: "cloudwatch-logs", isMeasured: false },
    { source: "datadog-logs", isMeasured: false },
  ])("takes a signal of $source for a number: $isMeasured", ({ source, isMeasured }) => {
    const signals = new Map([["errors", { name: "errors", source, query: "x", unit: null }]]);
    expect("criteria" in criteria([{ signal: "errors", below: 1 }], { ...service, signals })).toBe(isMeasured);
  });

  it("names every signal that is not there", () => {
    const found = criteria([
      { signal: "cpu", below: 1 },
      { signal: "error-ratio", below: 1 },
      { signal: "toString", above: 1 },
    ]);
    expect(found).toMatchObject({ findings: [{ message: expect.stringContaining('"cpu"') }, { rule: "unknown-signal" }] });
  });
});

describe("the place of a step", () => {
  const manual = catalogue.get("manual");
  const service = serviceWith();

  it("is the target with its service, repository and gate", () => {
    expect(placeOf({ target: "release" }, service, catalogue.get("github.workflow"))).toEqual({
      repository: "acme/shop",
      service: "checkout",
      gatedEnvironment: "production-gate",
      target: release,
    });
  });

  it.each([
    { name: "a target nobody knows", target: "database", action: "github.workflow", expected: undefined },
    { name: "a name every object has", target: "constructor", action: "github.workflow", expected: undefined },
    { name: "people, whatever the task's target is called", target: "database", action: "manual", expected: "people" },
  ])("for $name is $expected", ({ target, action, expected }) => {
    expect(placeOf({ target }, service, catalogue.get(action))?.target.name).toBe(expected);
  });

  it("keeps the address that was approved, not today's", () => {
    const step = { ...sample.rollback, address: { workflow: "approved.yml" } };
    expect(placeOfStep(step, service).target).toEqual({ ...release, address: { workflow: "approved.yml" } });
  });

  it("of a task for people holds no address", () => {
    expect(placeOf({ target: "people" }, service, manual)?.target).toMatchObject({ action: "manual", address: {} });
  });
});
