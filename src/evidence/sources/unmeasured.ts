/** Reviewed queries that nothing answers: a wrong label or name in the config looks like this, and would otherwise go unnoticed. Pure. */
import type { SignalQuery } from "../../config/config.js";
import type { Finding, SourceRequest } from "../../ports.js";
import { toFinding } from "../statement.js";

const MOST_NAMED = 5;
const SCORE = 0.05; // a remark about the config: below everything that was measured

/**
 * One remark, or none: the service's own queries without any data, and packs of which no query has any. Single queries of a pack may
 * well be empty; what an exporter does not expose is not there.
 * @param silent - asked, answered, and without a single series in the window
 */
export function describeUnmeasured(
  asked: readonly SignalQuery[],
  silent: ReadonlySet<SignalQuery>,
  { service, onset }: Pick<SourceRequest, "service" | "onset">,
): readonly Finding[] {
  if (silent.size === asked.length) return []; // then the source as a whole had nothing to say
  const own = asked.filter((signal) => signal.pack === undefined && silent.has(signal)).map(({ name }) => name);
  const packs = [...new Set(asked.flatMap(({ pack }) => pack ?? []))].filter((pack) =>
    asked.every((signal) => signal.pack !== pack || silent.has(signal)),
  );
  const empty = [...own, ...packs.map((pack) => `the pack ${pack}`)];
  if (empty.length === 0) return [];
  const named =
    empty.slice(0, MOST_NAMED).join(", ") + (empty.length > MOST_NAMED ? ` and ${empty.length - MOST_NAMED} more` : "");
  const message = `no data at all for ${named}: check the query, or its labels, in the config`;
  return [
    toFinding("prometheus", {
      kind: "state",
      of: "signal",
      reason: "NoData",
      object: service.name,
      message,
      at: onset,
      score: SCORE,
    }),
  ];
}
