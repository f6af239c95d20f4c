import type { Digest } from "../words.js";
import { canonicalJson, sha256 } from "./canonical.js";
import type { Plan } from "./plan.js";

/** What people approve: SHA-256 of the plan's canonical JSON. */
export function digestOf(plan: Plan): Digest {
  return sha256(canonicalJson(plan)) as Digest;
}
