/** Every scorer, in the order of the table. One line each, with its import. */
import type { Scorer } from "../scorer.js";

export const scorers: readonly Scorer[] = [];
