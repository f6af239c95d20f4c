/** Log entries of several lines, such as stack traces, as one text each. Pure. */

/** Longest entry that is kept; a trace repeats itself. */
const MAX_ENTRY = 2_000;
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*(?: |$)/;
/** `\tat org.x.Y.z(Y.java:7)`, `Caused by: …`, `... 12 more`, `---> inner`, `--- End of inner …`; Python's indented frames. */
const CONTINUED =
  /^\s+(?:at |\.\.\. \d+ (?:more|common)|-{3}|File "|\w+\.\w+)|^Caused by: |^\s*Suppressed: |^Traceback \(most recent/;

/** Frames go with the line before them, so that a cause at the end of a trace is part of its error and one trace counts once. */
export function joinEntries(lines: readonly string[]): readonly string[] {
  const entries: string[] = [];
  for (const line of lines) {
    const last = entries.at(-1);
    const said = line.replace(TIME, "");
    if (last !== undefined && CONTINUED.test(said)) entries[entries.length - 1] = append(last, said.trim());
    else entries.push(line);
  }
  return entries;
}

/** Causes are kept where there is no room for frames. */
function append(entry: string, line: string): string {
  const isFrame = line.startsWith("at ");
  return entry.length + line.length > (isFrame ? MAX_ENTRY / 2 : MAX_ENTRY) ? entry : `${entry} ${line}`;
}
