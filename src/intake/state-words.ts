const OVER = new Set([
  "resolved",
  "ok",
  "closed",
  "close",
  "recovered",
  "recovery",
  "cleared",
  "clear",
  "normal",
  "inactive",
  "fixed",
  "healthy",
  "up",
  "green",
  "end",
  "ended",
  "deactivated",
]); // prettier-ignore
const TITLE_OVER = /^\W{0,3}(?:resolved|recovered|recovery|ok|closed|cleared)\b\W?[\]:)-]/i;

/** Whether a monitor's state word says that the alert is over; anything else, and nothing at all, is firing. */
export function stateOf(word: unknown, title = ""): "firing" | "resolved" {
  if (typeof word === "string" && word !== "") return OVER.has(word.trim().toLowerCase()) ? "resolved" : "firing";
  return TITLE_OVER.test(title) ? "resolved" : "firing";
}

/** A title without the state that some monitors put in front, so that firing and resolved bear one name. */
export function withoutState(title: string): string {
  return (
    title.replace(
      /^\s*(?:\[[A-Za-z]{2,12}(?::\d+)?\]|(?:ALARM|OK|RESOLVED|FIRING|Triggered|Recovered|Resolved|CRITICAL|WARNING|INSUFFICIENT_DATA):)\s*/,
      "",
    ) || title
  );
}
