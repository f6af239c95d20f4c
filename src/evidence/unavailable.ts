/** How a source says that it could not answer. The messages reach the issue: a host and a status, never a token or a body in full. */
import type { Finding } from "../ports.js";

export class SourceUnavailableError extends Error {
  override readonly name = "SourceUnavailableError";
  constructor(
    message: string,
    /** Asking again soon may help: too many requests, a server's own failure, a lost connection. */
    readonly mayHeal: boolean,
    /** What the source asked us to wait, ms; null: it did not say. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }
}

/** Some of the questions were answered and some were not: what was found counts, and the source counts as unavailable. */
export class PartialAnswerError extends Error {
  override readonly name = "PartialAnswerError";
  constructor(
    message: string,
    readonly findings: readonly Finding[],
    readonly mayHeal: boolean,
  ) {
    super(message);
  }
}

/** Findings of several questions to one source, with those of questions answered in part. @throws when any of them failed */
export function collectAnswers(answers: readonly PromiseSettledResult<readonly Finding[]>[]): readonly Finding[] {
  const failures = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason as unknown] : []));
  const findings = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : findingsOf(answer.reason)));
  const [first] = failures;
  if (failures.length === 0) return findings;
  const isSilent = failures.length === answers.length && !failures.some((failure) => failure instanceof PartialAnswerError);
  if (isSilent || answers.length === 1) throw first;
  const why = first instanceof Error ? first.message : "unknown failure";
  throw new PartialAnswerError(`${failures.length} of ${answers.length} queries failed: ${why}`, findings, canHeal(first));
}

function findingsOf(failure: unknown): readonly Finding[] {
  return failure instanceof PartialAnswerError ? failure.findings : [];
}

export function canHeal(error: unknown): boolean {
  return (error instanceof SourceUnavailableError || error instanceof PartialAnswerError) && error.mayHeal;
}
