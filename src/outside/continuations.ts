/** Rejoins what was broken over several lines, or into concatenated strings. Pure. */

const BREAK = String.raw`(?:\\?\n[ \t]{0,40}(?:[>|#*][ \t]{1,4})?|["'\x60]\s{0,4}[+.&]\s{0,4}["'\x60])`;
/** A line that is one word of token characters goes on where the line before it ended. */
const WORD = String.raw`[\w+/=.~-]{3,400}`;
const SITE = new RegExp(
  String.raw`(?<=[\w+/=.~-])${BREAK}(?=(${WORD})[ \t]{0,4}["'\x60,;)}\]]{0,4}[ \t]{0,4}(?:[\n\\+.&]|$))`,
  "g",
);
const BREAKS = new RegExp(String.raw`(?<=[\w+/=.~-])${BREAK}(?=[\w+/=.~-])`, "g");
/** How much before the first break may belong to the secret: its name and its beginning. */
const LEAD = 300;

interface Passage {
  readonly start: number;
  end: number;
}

/**
 * Calls back for each passage of continued lines; what it returns takes the passage's place.
 * @param replace - given the passage as it stands and joined
 */
export function replaceContinued(text: string, replace: (passage: string, joined: string) => string): string {
  const parts: string[] = [];
  let done = 0;
  for (const { start, end } of findPassages(text)) {
    const passage = text.slice(start, end);
    parts.push(text.slice(done, start), replace(passage, joinBreaks(passage)));
    done = end;
  }
  return parts.join("") + text.slice(done);
}

export function joinBreaks(passage: string): string {
  return passage.replace(BREAKS, "");
}

function findPassages(text: string): readonly Passage[] {
  const passages: Passage[] = [];
  for (const site of text.matchAll(SITE)) {
    const end = site.index + site[0].length + (site[1]?.length ?? 0);
    const last = passages.at(-1);
    if (last !== undefined && site.index <= last.end) last.end = end;
    else passages.push({ start: startOf(text, site.index, last?.end ?? 0), end });
  }
  return passages;
}

/** The beginning of the line, no further back than `LEAD` and the passage before. */
function startOf(text: string, at: number, after: number): number {
  const from = Math.max(after, at - LEAD);
  return from + text.slice(from, at).lastIndexOf("\n") + 1;
}
