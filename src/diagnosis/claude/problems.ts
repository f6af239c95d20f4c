/** What is wrong with an answer, in our words alone: what the model wrote is not repeated where instructions stand. */
import type { z } from "zod";

const MOST = 6;

export function describeProblems({ issues }: z.ZodError): readonly string[] {
  return issues.slice(0, MOST).map((issue) => `${describePlace(issue.path)}: ${describeIssue(issue)}`);
}

/** Keys of the path are the schema's own, because unknown keys are reported at their parent. */
function describePlace(path: readonly PropertyKey[]): string {
  const parts = path.map((part) =>
    typeof part === "number"
      ? `[${part}]`
      : `.${String(part)
          .replace(/[^\w-]/g, "")
          .slice(0, 30)}`,
  );
  return parts.length === 0 ? "the answer" : parts.join("").replace(/^\./, "");
}

function describeIssue(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be of type ${issue.expected}`;
    case "too_big":
      return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
    case "too_small":
      return `must be at least ${issue.minimum}${unitOf(issue.origin)}`;
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    case "unrecognized_keys":
      return "has keys that are not asked for";
    case "custom":
      return issue.message;
    default:
      return "does not fit the schema";
  }
}

function unitOf(origin: string): string {
  if (origin === "string") return " characters long";
  return origin === "array" ? " entries long" : "";
}
