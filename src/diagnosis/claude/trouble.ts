/** Why a model did not answer a question: one closed word each, so that the journal and the issue can say it. */

export const TROUBLES = {
  "no-budget": "what this incident may spend is used up",
  refused: "it declined to answer",
  truncated: "its answer was cut off",
  overloaded: "it is overloaded",
  "rate-limited": "the account is rate-limited",
  "timed-out": "it did not answer in time",
  unreachable: "the connection failed",
  "not-the-api": "something else than the API answered",
  unauthorised: "the key is not accepted",
  "bad-request": "the API did not accept the request",
  "invalid-answer": "its answer did not fit, also at the second attempt",
  failed: "the API failed",
} as const;
export type Trouble = keyof typeof TROUBLES;

/** Thrown by everything between the question and its parsed answer; the analyst catches it and falls back. */
export class ModelTroubleError extends Error {
  override readonly name = "ModelTroubleError";
  constructor(
    readonly trouble: Trouble,
    /** For the log: the status or what was wrong with the answer, without any text of the model or from outside. */
    readonly detail: string,
    readonly more: {
      /** The tokens may be on the bill although no usage was told. */
      readonly perhapsBilled?: boolean;
      readonly retryAfterMs?: number | null;
    } = {},
  ) {
    super(`The model gave no usable answer: ${TROUBLES[trouble]} (${detail}).`);
  }
}

/** Troubles that may be over in a moment. */
export function isPassing(trouble: Trouble): boolean {
  return trouble === "overloaded" || trouble === "rate-limited" || trouble === "failed" || trouble === "unreachable";
}

/** Asking again within this process cannot help. */
export function isLasting(trouble: Trouble): boolean {
  return trouble === "unauthorised" || trouble === "bad-request";
}
