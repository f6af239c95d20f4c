import { Observation } from "../incident/facts.js";
import { oneLine } from "../outside/clean.js";
import { readForMatching } from "../outside/match.js";
import { redact } from "../outside/redact.js";
import type { Finding } from "../ports.js";

/** Longer than names of services and of most objects, in characters. */
const MAX_SUBJECT = 120;
/** Longer addresses are not shown anyway. */
const MAX_LINK = 500;

/**
 * The finding as it is kept: named, and without what was only read for it. Its subject and its link may come from outside, a label of
 * an alert, the service of a span, the log of a deployment, and are kept like all such text.
 */
export function toObservation(id: Observation["id"], { material: _material, ...kept }: Finding): Observation {
  const { subject, link } = kept;
  return {
    id,
    ...kept,
    subject: readForMatching(redact(oneLine(subject), MAX_SUBJECT)),
    link: link !== null && isFit(link) ? link : null,
  };
}

function isFit(link: string): boolean {
  return link.length <= MAX_LINK && readForMatching(redact(link)) === link;
}

/**
 * Whether it can be read again once it was written. A time beyond the year 9999 or a figure that is none, which a source may well
 * answer, would break the whole journal.
 */
export function isKeepable(finding: Finding): boolean {
  return Observation.safeParse(JSON.parse(JSON.stringify(toObservation("E1", finding)))).success;
}
