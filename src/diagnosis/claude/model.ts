/** The Messages API as this folder needs it. The vendor's client is one implementation; tests have others. */
import type { Usage } from "./prices.js";

export interface ModelRequest {
  readonly model: string;
  /** Ours and reviewed; the same for every call of this kind, so that it can be cached. */
  readonly system: string;
  readonly user: string;
  readonly schema: Readonly<Record<string, unknown>>; // JSON Schema of the answer
  readonly maxTokens: number;
  readonly signal: AbortSignal;
}
export interface ModelAnswer {
  readonly text: string;
  readonly stop: "end" | "refused" | "truncated" | "other";
  readonly usage: Usage;
}
export interface MessagesModel {
  /** One attempt. @throws {ModelTroubleError} for everything but an answer */
  send(request: ModelRequest): Promise<ModelAnswer>;
}
