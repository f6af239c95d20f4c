/**
 * What a source read beyond what is kept: lines of a change, points of a series, lines of a log, spans. It serves the weighing of
 * changes while evidence is put together and ends there: it is never journalled, shown, or given to a model.
 */
import type { LogTally } from "../signals/cause-rank/model.js";
import type { ServiceLine } from "../signals/cause-rank/tally-logs.js";
import type { Change } from "../signals/change-rank/model.js";
import type { NamedSeries, TellingSpan } from "../signals/change-rank/symptoms.js";

export interface ChangeMaterial {
  /** As what it is weighed; null: another finding of the same rollout stands for its lines. */
  readonly weighedAs: Omit<Change, "id"> | null;
  /** Shared by a deployment, the commits it brought and the settings in it. */
  readonly rollout: string;
}
export interface Material {
  readonly change?: ChangeMaterial;
  readonly series?: readonly NamedSeries[];
  readonly lines?: readonly ServiceLine[];
  /** Counts that a log store has made itself. */
  readonly tallies?: readonly LogTally[];
  readonly spans?: readonly TellingSpan[];
}
