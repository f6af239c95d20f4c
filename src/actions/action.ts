/**
 * An action moves one target of the catalogue to one absolute state: observe, aim, apply. Undo is `apply(before)`.
 * One file each in this folder; `catalogue.ts` lists them.
 */
import type { Target } from "../config/config.js";
import type { EffectClass, ReadWorld, World } from "../ports.js";
import type { EffectKey, Json, Risk } from "../words.js";

export interface Aim {
  readonly before: Json; // what must still be true when the step starts; what an undo goes back to
  readonly after: Json;
  readonly resolved: Json; // what will be sent, for people to read and for the digest
  readonly risk: Risk;
  readonly undo: "to-before" | "none";
  readonly says: string; // one line for people, safe markdown
  readonly undoSays: string | null;
}
/** The settings of a target plus where it lives. */
export interface Place {
  readonly repository: string;
  readonly service: string;
  readonly gatedEnvironment: string;
  readonly target: Target;
}
export interface Applied {
  readonly outcome: "ok" | "failed" | "ambiguous";
  readonly detail: string | null; // unredacted; the caller redacts
  readonly url: string | null;
}
export interface ApplyRequest {
  readonly place: Place;
  readonly state: Json;
  readonly key: EffectKey;
  readonly intendedAt: Date;
  readonly limitMs: number;
  /** Nothing of this plan can have happened before. */
  readonly lookSince: Date;
  /**
   * What an earlier process may have done: `no` – nothing; `perhaps` – it left no intent, look once before acting;
   * `intended` – it wrote this very intent, so the effect may have happened.
   */
  readonly earlier: "no" | "perhaps" | "intended";
}
export interface Action {
  readonly name: string; // "github.workflow"
  readonly version: number;
  readonly effect: EffectClass;
  readonly limitMs: number;
  readonly onUnchanged: "keep" | "undo";
  /** Carried out by people: nothing for the hands to do. */
  readonly byPeople: boolean;
  /** @returns the address to keep, or problems in the words of the config file. */
  parseTarget(
    raw: Json,
  ): { readonly ok: true; readonly address: Json } | { readonly ok: false; readonly problems: readonly string[] };
  /** What is there now, in more detail than a plan keeps; read-only. @throws {CannotObserveError} when it cannot be told. */
  observe(place: Place, read: ReadWorld): Promise<Json>;
  /** Where the move leads; pure. Bounds of parameters live here. */
  aim(params: Readonly<Record<string, Json>>, seen: Json, place: Place): Aim | { readonly refused: string };
  apply(request: ApplyRequest, world: World, clock: { now(): Date; sleep(ms: number): Promise<void> }): Promise<Applied>;
  /** Whether what was seen is this `before` or `after`. */
  holds(wanted: Json, seen: Json): boolean;
}

export class CannotObserveError extends Error {
  override readonly name = "CannotObserveError";
}
