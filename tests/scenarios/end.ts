import type { JournalReading } from "../../src/incident/journal.js";
import type { PageMessage } from "../../src/ports.js";
import { liveVersion, type FakeGitHub } from "../fakes/world.js";
import { effectsIn, kindOf } from "./transcript.js";

/** How an incident stands when nothing is left to do. */
export interface End {
  readonly phase: string; // "broken: <reason>" when the journal is not believed
  readonly outcomes: readonly (string | null)[]; // of every execution
  readonly effects: readonly string[]; // runs that touched production
  readonly pages: readonly string[]; // reasons, in order
  readonly comments: readonly string[]; // kinds of ours, in order
  readonly live: string | null;
}

export function readEnd(
  incident: number,
  reading: JournalReading,
  { github, pages }: { readonly github: FakeGitHub; readonly pages: readonly PageMessage[] },
): End {
  return {
    phase: phaseOf(reading),
    outcomes: reading.kind === "ok" ? reading.incident.executions.map(({ outcome }) => outcome) : [],
    effects: effectsIn(github),
    pages: pages.filter((page) => page.incident === incident).map(({ reason }) => reason),
    comments: github.comments(incident).flatMap((comment) => (comment.author.isBot ? [kindOf(comment)] : [])),
    live: liveVersion(github),
  };
}

function phaseOf(reading: JournalReading): string {
  if (reading.kind === "ok") return reading.incident.phase.at;
  return reading.kind === "broken" ? `broken: ${reading.reason}` : "newborn";
}

/** In four lines. */
export function renderEnd({ phase, live, outcomes, effects, pages, comments }: End): string {
  return [
    `${phase}, ${live ?? "nothing"} live`,
    `executions: ${list(outcomes.map((outcome) => outcome ?? "unfinished"))}; effects: ${list(effects)}`,
    `pages: ${list(pages)}`,
    `comments: ${list(comments)}`,
  ].join("\n");
}

function list(words: readonly string[]): string {
  return words.length > 0 ? words.join(", ") : "none";
}
