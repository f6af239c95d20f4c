import type { AlertDraft } from "../draft-alert.js";

/** Turns a monitor's body into alerts; null when the body is not of this monitor's form. Pure, never throws. */
export type ReadPayload = (body: unknown) => readonly AlertDraft[] | null;
