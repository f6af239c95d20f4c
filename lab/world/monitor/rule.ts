/** An alert of the one rule the monitor has, in the words of Prometheus. */
export interface ActiveAlert {
  readonly state: "pending" | "firing";
  readonly activeAt: Date; // when the expression became true
  readonly value: number;
}

export interface AlertRule {
  readonly above: number;
  readonly forMs: number;
}

/** One evaluation of `expression > above`, held for `forMs` before it fires. `value` is null where the expression has none. */
export function evaluateRule(rule: AlertRule, before: ActiveAlert | null, value: number | null, now: Date): ActiveAlert | null {
  if (value === null || !(value > rule.above)) return null;
  const activeAt = before?.activeAt ?? now;
  const heldMs = now.getTime() - activeAt.getTime();
  return { state: heldMs >= rule.forMs ? "firing" : "pending", activeAt, value };
}
