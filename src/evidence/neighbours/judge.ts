/** Where along the calls a trouble begins, as statements about neighbours. Pure. */
import { measureDeviation, type Deviation } from "../../signals/cause-rank/deviation.js";
import type { RankedService, ServiceReason, ServiceSeries, Stretch } from "../../signals/cause-rank/model.js";
import { rankServices } from "../../signals/cause-rank/rank-services.js";
import { MAX_LEAD_MS } from "../../signals/metric-change.js";
import { quantity } from "../phrases.js";
import type { Said } from "../statement.js";
import type { Neighbourhood } from "./neighbourhood.js";

export interface NeighbourSeries extends ServiceSeries {
  readonly unit: string | null; // of its points; times are in seconds
}
export interface Measured {
  readonly neighbourhood: Neighbourhood;
  readonly series: readonly NeighbourSeries[]; // of all of its services
  readonly onset: Date;
  readonly until: Date;
}

/** A neighbour is called the beginning from here on, and only when it stands this far above the service itself. */
const LEAST_SCORE = 0.3;
const LEAD = 1.5;
/** Below it a neighbour did not move. */
const MOVED = 0.05;
/** A series that left its band by less than the band is wide says nothing worth reading. */
const CLEARLY = 0.5;
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
  const window = { from: onset.getTime() - MAX_LEAD_MS, to: until.getTime() };
  const ranked = rankServices({
    services: [own, ...known],
    outsiders: new Set(),
    calls: neighbourhood.calls,
    noticedAt: own,
    window,
    symptom: null,
    series,
    callSeries: [],
    logs: [],
    visits: [],
    ways: [],
  });
  const ownScore = ranked.find(({ service }) => service === own)?.score ?? 0;
  const moveOf = (each: RankedService): Move | null => clearestMove(each, series, window);
  const others = ranked.filter((each) => each.service !== own && each.score >= MOVED && moveOf(each) !== null);
  const [first] = others;
  const origin = first !== undefined && first.score >= LEAST_SCORE && first.score >= LEAD * ownScore ? first : null;
  const changed = others.filter((each) => each !== origin).slice(0, MOST_MOVED);
  if (origin === null && changed.length === 0) return [wellNeighbours(own, known.length, onset)];
  return [
    ...(origin === null ? [] : [sayOrigin(origin, moveOf(origin), onset)]),
    ...changed.map((each) => say(each.service, "Changed", describe(moveOf(each), explainedBy(each)), 0.3, onset)),
  ];
}

function sayOrigin(origin: RankedService, move: Move | null, onset: Date): Said {
  const [strongest] = origin.for;
  const what = describe(move, explainedBy(origin) ?? "more than what it calls accounts for");
  return say(origin.service, wordFor(strongest?.kind), what, Math.min(0.9, 0.4 + origin.score / 2), onset);
}

/** What another service accounts for, of the same trouble. */
function explainedBy({ for: [reason], against }: RankedService): string | null {
  return against.find(({ kind }) => kind === reason?.kind)?.what ?? null;
}

interface Move extends Pick<Deviation, "before" | "now" | "delta" | "certainty"> {
  readonly series: NeighbourSeries;
}

/** Of the series that its strongest reason comes from, the one that left its band furthest; null when none did clearly. */
function clearestMove({ service, for: [reason] }: RankedService, all: readonly NeighbourSeries[], window: Stretch): Move | null {
  const moves = all
    .filter((series) => series.service === service && (reason === undefined || SPEAKS[reason.kind].includes(series.kind)))
    .flatMap((series): readonly Move[] => {
      const found = measureDeviation(series.points, window);
      return found === null || found.certainty < CLEARLY ? [] : [{ ...found, series }];
    });
  return moves.toSorted((a, b) => b.certainty - a.certainty)[0] ?? null;
}

const SPEAKS: Readonly<Record<ServiceReason["kind"], readonly ServiceSeries["kind"][]>> = {
  time: ["latency"],
  failures: ["errors", "availability"],
  machine: ["cpu", "memory", "io", "network"],
  lines: [],
};

function describe(move: Move | null, rest: string | null): string {
  if (move === null) return rest ?? "";
  const { series, before, now, delta } = move;
  const [from, to] = [before, now].map((value) => quantity(value, series.unit));
  return `${series.name} ${delta > 0 ? "rose" : "fell"} from ${from} to ${to}${rest === null ? "" : `; ${rest}`}`;
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

function wellNeighbours(own: string, count: number, onset: Date): Said {
  const message = `nothing that it depends on stands out (measured: ${count})`;
  return say(own, "Well", message, 0.2, onset);
}

function say(service: string, reason: string, message: string, score: number, at: Date): Said {
  return { kind: "state", of: "dependency", reason, object: `service/${service}`, message, at, score };
}
