import { z } from "zod";
import { RISKS, type Brand, type Digest as DigestWord } from "../words.js";

const Hex64 = z.string().regex(/^[0-9a-f]{64}$/);
export const Digest = Hex64.transform((hex) => hex as DigestWord);
const Moment = z.iso.datetime().transform((text) => new Date(text));
const AnyJson = z.json();

export const PlanStep = z.strictObject({
  number: z.int().positive(), // 1, 2 …
  action: z.string(),
  actionVersion: z.int().positive(),
  service: z.string(),
  target: z.string(), // key in the service's targets
  address: AnyJson, // the target's settings as the config has them
  resolved: AnyJson, // what will be sent: endpoints and bodies with every placeholder filled in, but the key
  before: AnyJson, // must still be true when the step starts
  after: AnyJson,
  undo: z.enum(["to-before", "none"]),
  onUnchanged: z.enum(["keep", "undo"]), // the action's rule when it did not help
  risk: z.enum(RISKS),
  when: z.enum(["always", "if-not-recovered"]), // a fallback approved together with the plan
  limitMs: z.int().positive(),
  says: z.string(), // one line for people, made by the action
  undoSays: z.string().nullable(),
});
export type PlanStep = z.infer<typeof PlanStep>;

export const Criterion = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("signal"),
    service: z.string(),
    signal: z.string(),
    holds: z.enum(["below", "above"]),
    bound: z.number(),
    unit: z.string().nullable(),
  }),
  z.strictObject({ kind: z.literal("alert-not-firing") }),
]);
export type Criterion = z.infer<typeof Criterion>;

/** Verification ends at the latest after this many soak times. */
export const VERIFY_LIMIT_IN_SOAKS = 4;

/** All that an approval covers is in here, and so inside the digest. */
export const Plan = z.strictObject({
  schema: z.literal(1),
  repositoryId: z.int().positive(), // ids: an approval cannot travel
  incident: z.int().positive(),
  attempt: z.int().positive(),
  sequence: z.int().positive(), // the n-th plan of this incident
  service: z.string(),
  environment: z.string(), // the gated environment
  cause: z.string(), // our rendering of the diagnosis, safe text
  runbook: z.strictObject({ id: z.string(), sha: z.string() }).nullable(),
  steps: z.array(PlanStep).nonempty(),
  risk: z.enum(RISKS), // the maximum of computed and claimed
  reversible: z.boolean(),
  touchesProduction: z.boolean(),
  carriedOutBy: z.enum(["hands", "people"]), // people: mode propose, or manual steps only
  quorum: z.int().positive(),
  verify: z.strictObject({ criteria: z.array(Criterion).nonempty(), soakMs: z.int().positive(), stepMs: z.int().positive() }),
  configSha: z.string(),
  createdAt: Moment,
  expiresAt: Moment,
});
export type Plan = z.infer<typeof Plan>;

/** Only the guard seals: a `SealedPlan` has passed every rule of the policy. */
export type SealedPlan = Brand<{ readonly plan: Plan; readonly digest: DigestWord }, "SealedPlan">;
