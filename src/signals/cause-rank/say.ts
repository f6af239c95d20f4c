/** Figures in words fit for an issue. Pure. */
export function sayPercent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** At most three significant digits, without an exponent for everyday sizes. */
export function sayNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}
