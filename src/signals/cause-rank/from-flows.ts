/** What speaks for or against each service in the additional time and failures along the calls. Pure. */
import type { Point } from "../metric-change.js";
import { median } from "../robust.js";
import type { CallGraph } from "./call-graph.js";
import { shareBlame, viewOfCalls, viewsOf, type Blame, type View } from "./flows.js";
import { groupBy } from "./group.js";
import type { ServiceReason, ServiceEvidence, Stretch } from "./model.js";
import { sayNumber, sayPercent } from "./say.js";

export interface Findings {
  readonly for: readonly ServiceReason[];
  readonly against: readonly ServiceReason[];
}

type Flow = "latency" | "failures";
const WORDS = { latency: "additional time", failures: "additional failures" } as const;
const KINDS = { latency: "time", failures: "failures" } as const;
/** What an outsider is worth when services that we see inside move too: mostly another name for one of them. */
const OUTSIDER = 0.3;
const OTHER_SYMPTOM = 0.5;
/** What figures of pods are worth for time where traces tell of it: they do not see the ways between. */
const BESIDE_TRACES = 0.5;

export function weighFlows(evidence: ServiceEvidence, graph: CallGraph): ReadonlyMap<string, Findings> {
  const { window } = evidence;
  const candidates = evidence.noticedAt === null ? new Set(evidence.services) : graph.dependsOn(evidence.noticedAt);
  const trafficOf = typicalTraffic(evidence, window);
  const flows: readonly Flow[] = ["latency", "failures"];
  const weighed = flows.map((flow) => {
    const views = [
      ...viewsOf(evidence.series, flow, window),
      ...(flow === "latency" && evidence.callSeries.length > 0 ? [viewOfCalls(evidence.callSeries, window)] : []),
    ];
    const symptom = evidence.symptom === null || (evidence.symptom === "latency") === (flow === "latency") ? 1 : OTHER_SYMPTOM;
    const worth = flow === "latency" && evidence.visits.length > 0 ? BESIDE_TRACES : 1;
    return weighViews(views, flow, symptom * worth, { evidence, graph, trafficOf, candidates });
  });
  return new Map(
    [...candidates].map((service) => {
      const found = weighed.flatMap((each) => each.get(service) ?? []);
      return [service, { for: found.flatMap((each) => each.for), against: found.flatMap((each) => each.against) }] as const;
    }),
  );
}

interface Setting {
  readonly evidence: ServiceEvidence;
  readonly graph: CallGraph;
  readonly trafficOf: (service: string) => number | null;
  readonly candidates: ReadonlySet<string>;
}

function weighViews(
  views: readonly View[],
  flow: Flow,
  symptom: number,
  { evidence, graph, trafficOf, candidates }: Setting,
): ReadonlyMap<string, Findings> {
  const blamed = views.map((view) => ({
    view,
    blame: shareBlame(discount(view, evidence, candidates), graph, trafficOf, candidates),
  }));
  const telling = blamed.filter(({ blame }) => blame.size > 0);
  const weights = telling.reduce((sum, { view }) => sum + view.weight, 0);
  return new Map(
    [...candidates].map((service) => {
      const rows = telling.flatMap(({ view, blame }) => {
        const found = blame.get(service);
        return found === undefined ? [] : [{ weight: view.weight, found }];
      });
      const share = rows.reduce((sum, { weight, found }) => sum + weight * found.share, 0) / Math.max(weights, Number.EPSILON);
      const [clearest] = rows.toSorted((a, b) => b.weight * b.found.excess.certainty - a.weight * a.found.excess.certainty);
      return [
        service,
        clearest === undefined ? NOTHING : explain(clearest.found, share * symptom * clearest.found.excess.certainty, flow),
      ] as const;
    }),
  );
}

const NOTHING: Findings = { for: [], against: [] };

function explain({ excess, own, mostly }: Blame, strength: number, flow: Flow): Findings {
  const move = `from ${sayNumber(excess.before)} to ${sayNumber(excess.now)}`;
  const where = excess.onTheWay > excess.amount / 2 ? ", seen by its callers and not by itself: on the way to it" : "";
  const what = `${WORDS[flow]} of its own (${move}${where}); ${sayPercent(strength)} of what no other service accounts for`;
  const kind = KINDS[flow];
  const explained = { kind, what: `${sayPercent(1 - own)} of its ${WORDS[flow]} comes from ${mostly}`, strength: 1 - own };
  return { for: strength > 0.01 ? [{ kind, what, strength }] : [], against: mostly === null ? [] : [explained] };
}

function discount(view: View, { outsiders }: ServiceEvidence, candidates: ReadonlySet<string>): View {
  const seenInside = [...candidates].some(
    (service) => !outsiders.has(service) && (view.excess.get(service)?.certainty ?? 0) > 0.5,
  );
  if (!seenInside || outsiders.size === 0) return view;
  const excess = [...view.excess].map(([service, each]) =>
    outsiders.has(service) ? ([service, { ...each, certainty: each.certainty * OUTSIDER }] as const) : ([service, each] as const),
  );
  return { ...view, excess: new Map(excess) };
}

/** Before the onset where known: a service that is down answers nothing, and would weigh nothing. */
function typicalTraffic({ series }: ServiceEvidence, window: Stretch): (service: string) => number | null {
  const traffic = groupBy(
    series.filter(({ kind, side }) => kind === "traffic" && side === "server"),
    ({ service }) => service,
  );
  const typical = new Map(
    [...traffic].map(([service, [first]]) => [service, first === undefined ? null : usual(first.points, window)] as const),
  );
  return (service) => typical.get(service) ?? null;
}

function usual(points: readonly Point[], { from, to }: Stretch): number | null {
  const before = points.filter(({ at }) => at < from).map(({ value }) => value);
  return median(before) ?? median(points.filter(({ at }) => at <= to).map(({ value }) => value));
}
