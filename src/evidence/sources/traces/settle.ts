import { canHeal, PartialAnswerError } from "../../unavailable.js";
import type { Finding } from "../../../ports.js";

export interface Settled<T> {
  readonly answers: readonly T[]; // in the order of the questions
  readonly failure: unknown; // the first one; null: all were answered
}

/** The answers that came, and a stand-in for each that did not. @throws the first failure when none came */
export async function settle<T>(questions: readonly Promise<T>[], standIn: T): Promise<Settled<T>> {
  const settled = await Promise.allSettled(questions);
  const failures = settled.flatMap((each) => (each.status === "rejected" ? [each.reason as unknown] : []));
  if (failures.length === settled.length) throw failures[0];
  return {
    answers: settled.map((each) => (each.status === "fulfilled" ? each.value : standIn)),
    failure: failures[0] ?? null,
  };
}

/** @throws {PartialAnswerError} with the findings, when there was a failure */
export function keepUnless(failure: unknown, what: string, findings: readonly Finding[]): readonly Finding[] {
  if (failure === null) return findings;
  const why = failure instanceof Error ? failure.message : "unknown failure";
  throw new PartialAnswerError(`${what}: ${why}`, findings, canHeal(failure));
}
