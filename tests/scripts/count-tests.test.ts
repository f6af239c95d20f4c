import { expect, it } from "vitest";
import { countTests } from "../../scripts/count-tests.mjs";

const passed = { status: "passed", assertionResults: [{ status: "passed" }] };
const failed = { status: "failed", assertionResults: [{ status: "passed" }, { status: "failed" }] };
const broken = { status: "failed", assertionResults: [] };

it.each([
  [
    "everything passed",
    { numPassedTests: 12, numFailedTests: 0, testResults: [passed] },
    { line: "12 passed, 0 failed", passed: true },
  ],
  [
    "a test failed",
    { numPassedTests: 12, numFailedTests: 1, testResults: [passed, failed] },
    { line: "12 passed, 1 failed", passed: false },
  ],
  [
    "a file could not run",
    { numPassedTests: 12, numFailedTests: 1, testResults: [failed, broken] },
    { line: "12 passed, 2 failed", passed: false },
  ],
  ["nothing ran", { numPassedTests: 0, numFailedTests: 0, testResults: [] }, { line: "0 passed, 0 failed", passed: false }],
])("says so when %s", (_, report, expected) => {
  expect(countTests(report)).toEqual(expected);
});
