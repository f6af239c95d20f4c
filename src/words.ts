/** The small words every room shares. No imports, no logic beyond ordering. */

declare const brand: unique symbol;
export type Brand<T, B extends string> = T & { readonly [brand]: B };
export type NonEmpty<T> = readonly [T, ...T[]];
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** SHA-256 of the canonical JSON of a plan, 64 hex characters. Made by the guard's `seal` alone. */
export type Digest = Brand<string, "Digest">;
/** Names one outside effect for ever; looked up before the effect is repeated. */
export type EffectKey = Brand<string, "EffectKey">;
export type ObservationId = `E${number}`;

/** P0 complete outage · P1 more than 20 % of users or a core function · P2 degraded · P3 warning. */
export const SEVERITIES = ["P0", "P1", "P2", "P3"] as const;
export type Severity = (typeof SEVERITIES)[number];

export const RISKS = ["low", "medium", "high"] as const;
export type Risk = (typeof RISKS)[number];

export const PHASES = [
  "opened",
  "triaged",
  "informed",
  "diagnosed",
  "planned",
  "awaiting-approval",
  "approved",
  "remediating",
  "escalated",
  "resolved",
  "closed",
] as const;
export type PhaseName = (typeof PHASES)[number];

/** Repository roles, weakest first. `none`: not a collaborator. */
export const ROLES = ["none", "read", "triage", "write", "maintain", "admin"] as const;
export type Role = (typeof ROLES)[number];

export type Mode = "observe" | "propose" | "act";
export type Verdict = "recovered" | "unchanged" | "worse" | "unknown";

export function hasRole(role: Role, atLeast: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(atLeast);
}

export function maxRisk(...risks: readonly Risk[]): Risk {
  return RISKS[Math.max(0, ...risks.map((risk) => RISKS.indexOf(risk)))] ?? "high";
}

/** First 8 hex characters: what people read and type. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 8);
}
