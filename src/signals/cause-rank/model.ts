/** What is known of services when one asks which of them is the cause. Our own words: every source is brought into these. */
import type { Point } from "../metric-change.js";

/**
 * What a series measures. `latency` is time for one call or request, `errors` failed ones (a share or a rate), `availability` the share
 * that succeeded, `traffic` how many there were; the rest are what a process uses of its machine.
 */
export type MetricKind = "latency" | "errors" | "availability" | "traffic" | "cpu" | "memory" | "network" | "io" | "other";

/** One series of one service. Several statistics of the same thing (p50, p99) are several series. */
export interface ServiceSeries {
  readonly service: string;
  readonly kind: MetricKind;
  readonly name: string; // as people know it: "availability, average"
  /** Whose time or failures: of the calls it answers, or of those it makes. Of the machine: `server`. */
  readonly side: "server" | "client";
  /** How well it stands for a typical call, 0…1: a median 1, a p99 less. */
  readonly weight: number;
  readonly points: readonly Point[]; // oldest first, gaps absent
}
/** Time of the calls of one service to another, as one of the two measured it: the difference is the network. */
export interface CallSeries {
  readonly caller: string;
  readonly callee: string;
  readonly seenBy: "caller" | "callee";
  readonly points: readonly Point[];
}
export interface CallEdge {
  readonly caller: string;
  readonly callee: string;
}
/** Log lines of one service by what they say and whom they name, in two stretches of about the same length. */
export interface LogTally {
  readonly service: string;
  readonly template: string; // what varies as <*>
  readonly example: string; // one such line as written
  readonly level: "error" | "warning" | "other";
  readonly before: number;
  readonly since: number;
  /** Other services its lines name: "no instances available for …", "connection to … refused". */
  readonly names: readonly string[];
}
/** Visits of one operation of one service in two stretches. Own time: without the calls it waited for. */
export interface VisitSummary {
  readonly service: string;
  readonly operation: string;
  readonly before: VisitFigures;
  readonly since: VisitFigures;
}
export interface VisitFigures {
  readonly count: number;
  readonly ownMs: number; // median; 0 without visits
  readonly failed: number; // visits that failed without a failed call: where failures begin
}
/** What calls of one service to another took beyond the time spent there: the way, and waiting to be let in. */
export interface WaySummary extends CallEdge {
  readonly before: WayFigures;
  readonly since: WayFigures;
}
export interface WayFigures {
  readonly count: number;
  readonly ms: number; // median; 0 without calls
}
export interface Stretch {
  readonly from: number;
  readonly to: number;
}
export interface ServiceEvidence {
  readonly services: readonly string[];
  /** Services known only from how their callers see them (an address, a managed store without metrics of its own). */
  readonly outsiders: ReadonlySet<string>;
  readonly calls: readonly CallEdge[];
  /** Where it was noticed; null: nowhere in particular. Only it and what it depends on can then be the cause. */
  readonly noticedAt: string | null;
  /** Where the trouble is looked for, ms since the epoch; what lies before it is normal. */
  readonly window: Stretch;
  /** What is believed to have changed: narrows which kinds of series speak of the symptom; null: any. */
  readonly symptom: "latency" | "errors" | null;
  readonly series: readonly ServiceSeries[];
  readonly callSeries: readonly CallSeries[];
  readonly logs: readonly LogTally[];
  readonly visits: readonly VisitSummary[];
  readonly ways: readonly WaySummary[];
}
/** One thing that speaks for or against a service, in words fit for an issue. */
export interface Reason {
  readonly what: string;
  readonly strength: number; // 0…1
}
/** Of a service: what kind of evidence it comes from. */
export interface ServiceReason extends Reason {
  readonly kind: "time" | "failures" | "machine" | "lines";
}
export interface RankedService {
  readonly service: string;
  readonly score: number; // 0…1, comparable within one ranking only
  readonly for: readonly ServiceReason[]; // strongest first
  readonly against: readonly ServiceReason[];
}
