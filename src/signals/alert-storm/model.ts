/** Many alerts of one incident, and the things they speak of. */
import type { Reason } from "../cause-rank/model.js";

export interface StormAlert {
  readonly name: string;
  readonly entity: string | null; // id of what it was raised on
  readonly text: string;
}
/** A thing that is known to take part: raised an alert, runs under one that did, or was changed lately. */
export interface Entity {
  readonly id: string;
  readonly kind: string; // as the cluster calls it: Pod, Service, ConfigMap, NetworkChaos …
  readonly namespace: string;
}
export interface RankedEntity {
  readonly id: string; // the one of its names that a person would act on
  readonly names: readonly string[]; // all names of the same thing, its own included
  readonly score: number; // 0…1
  readonly for: readonly Reason[];
  readonly against: readonly Reason[];
}
