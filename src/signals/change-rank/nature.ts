/** Whether a change can do anything to what runs. Pure. */
import { readDiff, realChange } from "./diff.js";
import type { Change } from "./model.js";
import { isManifest } from "./package-mechanisms.js";

export interface Inertness {
  readonly factor: number; // what is left of its suspicion, 0…1
  readonly why: string | null; // null: nothing speaks against it
}

const DOCUMENT =
  /\.(?:md|mdx|rst|adoc|txt)$|(?:^|\/)(?:docs?|documentation)\/|(?:^|\/)(?:CODEOWNERS|LICENSE|CHANGELOG|README)\b/i;
const TEST = /(?:^|\/)(?:tests?|testdata|__tests__|spec|fixtures)\/|[._-](?:test|spec)\.\w+$|_test\.\w+$|\/test_\w+\.py$/i;
const PIPELINE =
  /(?:^|\/)\.(?:github|circleci|gitlab|vscode)\/|(?:^|\/)\.?(?:golangci|eslint|prettier|editorconfig|pre-commit)[\w.-]*$|Jenkinsfile$/i;
const LOOKS = /\.(?:css|scss|less|svg|png|jpe?g|ico|woff2?|html?|tmpl)$|(?:^|\/)(?:theme|styles?|palette|colors?|icons?)\.\w+$/i;
const ELSEWHERE = /(?:^|\/)(?:staging|stage|dev|sandbox|preview|qa)\//i;

const PATHS: readonly (readonly [RegExp, string, number])[] = [
  [DOCUMENT, "only documents", 0.02],
  [TEST, "only tests", 0.02],
  [PIPELINE, "only how it is built and checked", 0.03],
  [ELSEWHERE, "only another environment", 0.05],
  [LOOKS, "only how it looks", 0.04],
];
const SAYS_MORE =
  /\blog(?:ger)?\b.*\(|\bLOG_\w+\(|console\.\w+\(|\bprint(?:f|ln)?\(|\.(?:Inc|Observe|increment|incr|gauge|histogram|counter)\(|prometheus\.|Span|span\.|SetAttribut|\.Str\(|metric/i;

export function judgeNature({ files, diff }: Pick<Change, "files" | "diff">): Inertness {
  const byPath = PATHS.find(([path]) => files.length > 0 && files.every((file) => isInert(path, file)));
  if (byPath !== undefined) return { factor: byPath[2], why: `touches ${byPath[1]}` };
  const harmless = files.every((file) => PATHS.some(([path]) => isInert(path, file)));
  if (files.length > 0 && harmless) return { factor: 0.04, why: "touches nothing that runs" };
  return diff === null ? { factor: 1, why: null } : judgeLines(diff, files);
}

/** `requirements.txt` ends like a document and is none. */
function isInert(path: RegExp, file: string): boolean {
  return path.test(file) && !(path === DOCUMENT && isManifest(file));
}

function judgeLines(diff: string, files: readonly string[]): Inertness {
  const real = readDiff(diff, files).map(realChange);
  const lines = real.flatMap(({ removed, added }) => [...removed, ...added]).filter((line) => /\w/.test(line));
  if (lines.length === 0) return { factor: 0.02, why: "changes only comments or layout" };
  if (lines.every((line) => SAYS_MORE.test(line))) return { factor: 0.1, why: "changes only what is logged or counted" };
  return { factor: 1, why: null };
}
