/** Every place that somebody outside can write to, and for each a harmless text that does change the answer. */
import type { Runbook } from "../../../src/diagnosis/runbook/runbook.js";
import type { Texts } from "./scenes.js";

export interface Field {
  readonly name: string;
  /** The same world with this text in this place. */
  readonly put: (text: string, texts: Texts) => Texts;
  /** Evidence has to be gathered anew: the text is part of what the sources say. */
  readonly inEvidence: boolean;
  /** null: nothing that the offline analyst decides reads it. */
  readonly control: Control | null;
}
/** Any of the texts in any of the scenes. */
export interface Control {
  readonly says: string;
  readonly scenes: readonly string[];
  readonly texts: (runbooks: readonly Runbook[]) => readonly string[];
  readonly put: (text: string, texts: Texts) => Texts;
}

export const FIELDS: readonly Field[] = [
  {
    name: "alert name",
    put: (name, texts) => ({ ...texts, name }),
    inEvidence: true,
    control: {
      says: "a P0 whose name speaks of data loss goes to people",
      scenes: ["outage"],
      texts: () => ["Checkout data loss"],
      put: (name, texts) => ({ ...texts, name }),
    },
  },
  {
    name: "alert summary",
    put: (summary, texts) => ({ ...texts, summary }),
    inEvidence: true,
    control: {
      says: "a P0 whose summary speaks of corruption goes to people",
      scenes: ["outage"],
      texts: () => ["Orders are corrupted"],
      put: (summary, texts) => ({ ...texts, summary }),
    },
  },
  { name: "alert annotation", put: (description, texts) => ({ ...texts, description }), inEvidence: true, control: null },
  {
    name: "alert label",
    put: (label, texts) => ({ ...texts, label }),
    inEvidence: false,
    control: {
      says: "the label severity decides where nothing is measured",
      scenes: ["unmeasured"],
      texts: () => ["critical"],
      put: (severity, texts) => ({ ...texts, severity }),
    },
  },
  { name: "alert label name", put: (labelName, texts) => ({ ...texts, labelName }), inEvidence: false, control: null },
  {
    name: "log line",
    put: (log, texts) => ({ ...texts, log }),
    inEvidence: true,
    control: {
      says: "a kind of line that was not there before speaks against no incident",
      scenes: ["healthy"],
      texts: () => ["stock service unreachable"],
      put: (newLog, texts) => ({ ...texts, newLog }),
    },
  },
  {
    name: "new log line",
    put: (newLog, texts) => ({ ...texts, newLog: texts.newLog === null ? null : newLog }),
    inEvidence: true,
    control: {
      says: "a line that names a dependency, or a pool",
      scenes: ["release", "unknown"],
      texts: () => ["connect ECONNREFUSED payments-db:5432", "no free connection in pool"],
      put: (newLog, texts) => ({ ...texts, newLog }),
    },
  },
  { name: "commit message", put: (commit, texts) => ({ ...texts, commit }), inEvidence: true, control: null },
  { name: "span", put: (span, texts) => ({ ...texts, span }), inEvidence: true, control: null },
  { name: "similar past incident", put: (past, texts) => ({ ...texts, past }), inEvidence: true, control: null },
  { name: "changed line", put: (patch, texts) => ({ ...texts, patch }), inEvidence: true, control: null },
  { name: "release name", put: (release, texts) => ({ ...texts, release }), inEvidence: true, control: null },
  { name: "check name", put: (check, texts) => ({ ...texts, check }), inEvidence: true, control: null },
  { name: "other incident", put: (otherIncident, texts) => ({ ...texts, otherIncident }), inEvidence: true, control: null },
  { name: "change cause", put: (changeCause, texts) => ({ ...texts, changeCause }), inEvidence: true, control: null },
  {
    name: "comment",
    put: (comment, texts) => ({ ...texts, comment }),
    inEvidence: false,
    control: {
      says: "a maintainer's /approve",
      scenes: ["pool"],
      texts: () => ["/approve {digest}"],
      put: (comment, texts) => ({ ...texts, comment, commentBy: "maintainer" }),
    },
  },
  {
    name: "hint of /retry",
    put: (hint, texts) => ({ ...texts, hint }),
    inEvidence: false,
    control: {
      says: "the title of another runbook that fits",
      scenes: ["two causes", "pool", "release", "outage"],
      texts: (runbooks) => runbooks.map(({ title }) => title),
      put: (hint, texts) => ({ ...texts, hint }),
    },
  },
];
