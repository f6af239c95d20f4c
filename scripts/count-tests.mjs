/**
 * Says how the tests ended, from the JSON report of vitest: `12 passed, 0 failed`. A test file that could not run counts as one failure.
 *
 *   node scripts/count-tests.mjs <report.json>
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** @returns the line, and whether everything passed: at least one test, none failed */
export function countTests(report) {
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  );
  const failed = report.numFailedTests + broken.length;
  return { line: `${report.numPassedTests} passed, ${failed} failed`, passed: failed === 0 && report.numPassedTests > 0 };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { line, passed } = countTests(JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")));
  console.log(line);
  process.exitCode = passed ? 0 : 1;
}
