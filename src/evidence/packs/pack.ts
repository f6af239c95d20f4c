/**
 * A query pack: reviewed PromQL for what one exporter measures, so that a service needs its labels only. Packs are data; a pack and
 * the labels of a service make ordinary signals. `docs/query-packs.md` is drawn from them.
 */
import type { SignalQuery } from "../../config/config.js";
import { writeMatchers, type LabelMatchers } from "./matchers.js";

export interface PackSignal {
  readonly name: string; // one idea, one name, in every pack: runbooks and triage match it
  readonly unit: string | null; // "ratio" is a share from 0 to 1
  readonly says: string; // what the number is, for people
  /** PromQL that gives one series at most; `LABELS` stands for the service's matchers. */
  readonly query: string;
}
export interface Pack {
  readonly name: string;
  readonly title: string; // the software, and what exposes it
  readonly docs: string; // the page that the metric names come from
  readonly example: LabelMatchers; // labels that tell one service apart, as an example
  readonly notes: readonly string[];
  readonly signals: readonly PackSignal[]; // at most `MAX_PACK_SIGNALS`
}

/** Stands in a template for the matchers. No part of PromQL. */
export const LABELS = "$labels";
export const MAX_PACK_SIGNALS = 8;
/**
 * Rates are taken over this long: a scrape interval of a minute still gives two samples, and a change shows within three minutes.
 * @see https://prometheus.io/docs/prometheus/latest/querying/functions/#rate
 */
export const RATE = "[3m]";

/** The signals of a pack for one service, in the pack's order. */
export function instantiatePack(pack: Pack, labels: LabelMatchers): readonly SignalQuery[] {
  const matchers = writeMatchers(labels);
  return pack.signals.map(({ name, unit, query }) => ({
    name,
    unit,
    source: "prometheus",
    pack: pack.name,
    query: query.replaceAll(LABELS, () => matchers),
  }));
}

/**
 * Share of one counter in another: 0 while only the whole is counted, a gap where nothing is. A counter of failures often does not
 * exist before the first failure, and that must not read as unknown.
 */
export function shareOfRates(part: string, whole: string): string {
  const all = `sum(rate(${whole}${RATE}))`;
  return `(sum(rate(${part}${RATE})) or 0 * ${all}) / ${all}`;
}

/** 0 where the exporter answers and counts none of these, a gap where it says nothing. */
export function sumOrZero(part: string, present: string): string {
  return `sum(${part}) or 0 * sum(${present})`;
}
