/** Questions to a cluster, a few at a time; what was refused or left out is kept for the report. */
import pLimit from "p-limit";
import type { Kubectl } from "./kubectl.js";

export interface Questions {
  /** null when it was refused; that is kept for the report. */
  text(args: readonly string[]): Promise<string | null>;
  /** The same, for a question that has another way round. */
  attempt(args: readonly string[]): Promise<string | null>;
  /** As many as are looked at; that there were more is kept for the report. */
  first<T>(most: number, all: readonly T[], what: string): readonly T[];
  unanswered(): readonly string[];
}

export function createQuestions(kubectl: Kubectl, atOnce: number): Questions {
  const limit = pLimit(atOnce);
  const refused: string[] = [];
  const attempt = async (args: readonly string[], isReported = false): Promise<string | null> => {
    const answer = await limit(() => kubectl.ask(args));
    const name = `kubectl ${args.slice(0, 2).join(" ")}`;
    if (answer.ok && answer.isCut) refused.push(`${name}: the answer was cut`);
    if (!answer.ok && isReported) refused.push(`${name}: ${answer.why}`);
    return answer.ok ? answer.text : null;
  };
  return {
    text: (args) => attempt(args, true),
    attempt: (args) => attempt(args),
    first: (most, all, what) => {
      if (all.length > most) refused.push(`${what}: ${most} of ${all.length} were read`);
      return all.slice(0, most);
    },
    unanswered: () => [...new Set(refused)],
  };
}
