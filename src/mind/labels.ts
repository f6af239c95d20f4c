import type { FactOf } from "../incident/facts.js";
import type { Incident } from "../incident/incident.js";
import type { Issue } from "../ports.js";

const OURS = /^(incident$|severity:|phase:)/;

/** Ours as the journal has it, plus whatever people have added. */
export function expectedLabels(incident: Incident, present: readonly string[]): readonly string[] {
  const severity = incident.severity ? [`severity:${incident.severity}`] : [];
  return ["incident", ...severity, `phase:${incident.phase.at}`, ...present.filter((label) => !OURS.test(label))];
}

export function expectedState(incident: Incident): "open" | "closed" {
  return incident.phase.at === "closed" ? "closed" : "open";
}

/** What people moved by hand that is ours to keep. It is said and put right with the next write, never obeyed. */
export function noticeChanges(
  incident: Incident,
  issue: Issue,
  context: { readonly now: Date; readonly handsAtWork: boolean },
): readonly FactOf<"noticed">[] {
  const { now, handsAtWork } = context;
  // The hands move the phase without touching labels: until the mind has written again, that label may lag.
  const counts = (label: string) => !(handsAtWork && label.startsWith("phase:"));
  const expected = expectedLabels(incident, []).filter(counts);
  const present = issue.labels.filter((label) => OURS.test(label) && counts(label));
  const missing = expected.filter((label) => !present.includes(label));
  const extra = present.filter((label) => !expected.includes(label));
  const notes: FactOf<"noticed">[] = [];
  if (missing.length + extra.length > 0) {
    const parts = [
      missing.length > 0 ? `missing ${missing.join(", ")}` : "",
      extra.length > 0 ? `added ${extra.join(", ")}` : "",
    ];
    notes.push({ fact: "noticed", at: now, what: "labels-changed", detail: parts.filter((part) => part !== "").join("; ") });
  }
  if (issue.state !== expectedState(incident)) {
    const closed = issue.state === "closed";
    notes.push({
      fact: "noticed",
      at: now,
      what: closed ? "closed-by-hand" : "reopened-by-hand",
      detail: closed ? `in phase ${incident.phase.at}` : "after it was over",
    });
  }
  const lock = lockNote(incident, issue, now);
  return lock ? [...notes, lock] : notes;
}

function lockNote(incident: Incident, { locked }: Issue, now: Date): FactOf<"noticed"> | null {
  const known = incident.facts.findLast(
    (fact) => fact.fact === "noticed" && (fact.what === "locked" || fact.what === "unlocked"),
  );
  const wasLocked = known?.fact === "noticed" && known.what === "locked";
  if (locked === wasLocked) return null;
  return {
    fact: "noticed",
    at: now,
    what: locked ? "locked" : "unlocked",
    detail: locked ? "the automation cannot comment on a locked issue" : "",
  };
}
