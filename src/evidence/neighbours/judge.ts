/** Where along the calls a trouble begins, as statements about neighbours. Pure. */
import { rankServices } from "../../signals/cause-rank/rank-services.js";
import type { RankedService, ServiceSeries } from "../../signals/cause-rank/model.js";
import { MAX_LEAD_MS } from "../../signals/metric-change.js";
import type { Said } from "../statement.js";
import type { Neighbourhood } from "./neighbourhood.js";

export interface Measured {
  readonly neighbourhood: Neighbourhood;
  readonly series: readonly ServiceSeries[]; // of all of its services
  readonly onset: Date;
  readonly until: Date;
}

/** A neighbour is called the beginning from here on, and only when it stands this far above the service itself. */
const LEAST_SCORE = 0.3;
const LEAD = 1.5;
/** Below it a neighbour did not move. */
const MOVED = 0.05;
const MOST_MOVED = 3;

/**
 * At most one neighbour is said to be where it begins (`Failing`, `Slow` or `Busy`); others that moved are `Changed`. When the service
 * itself stands first, or nobody moved, its neighbours are `Well`: then the cause is not to be looked for there.
 */
export function judgeNeighbours({ neighbourhood, series, onset, until }: Measured): readonly Said[] {
  const [own, ...neighbours] = neighbourhood.services.map(({ name }) => name);
  const measured = new Set(series.map(({ service }) => service));
  const known = neighbours.filter((name) => measured.has(name));
  if (own === undefined || known.length === 0) return [];
  const ranked = rankServices({
    services: [own, ...known],
    outsiders: new Set(),
    calls: neighbourhood.calls,
    noticedAt: own,
    window: { from: onset.getTime() - MAX_LEAD_MS, to: until.getTime() },
    symptom: null,
    series,
    callSeries: [],
    logs: [],
    visits: [],
    ways: [],
  });
  const ownScore = ranked.find(({ service }) => service === own)?.score ?? 0;
  const others = ranked.filter(({ service, score }) => service !== own && score >= MOVED);
  const [first] = others;
  const origin = first !== undefined && first.score >= LEAST_SCORE && first.score >= LEAD * ownScore ? first : null;
  const changed = others.filter((each) => each !== origin).slice(0, MOST_MOVED);
  if (origin === null && changed.length === 0) return [wellNeighbours(own, known.length, onset)];
  return [
    ...(origin === null ? [] : [sayOrigin(origin, onset)]),
    ...changed.map((each) => say(each.service, "Changed", reasonOf(each), 0.3, onset)),
  ];
}

function sayOrigin(origin: RankedService, onset: Date): Said {
  const [strongest] = origin.for;
  return say(origin.service, wordFor(strongest?.kind), reasonOf(origin), Math.min(0.9, 0.4 + origin.score / 2), onset);
}

function wordFor(kind: RankedService["for"][number]["kind"] | undefined): string {
  switch (kind) {
    case "failures":
      return "Failing";
    case "time":
      return "Slow";
    default:
      return "Busy";
  }
}

function reasonOf({ for: reasons, against }: RankedService): string {
  const [pro, contra] = [reasons[0]?.what, against[0]?.what];
  return [pro, contra].filter((part) => part !== undefined).join("; ");
}

function wellNeighbours(own: string, count: number, onset: Date): Said {
  const message = `nothing that it depends on stands out (measured: ${count})`;
  return say(own, "Well", message, 0.2, onset);
}

function say(service: string, reason: string, message: string, score: number, at: Date): Said {
  return { kind: "state", of: "dependency", reason, object: `service/${service}`, message, at, score };
}
