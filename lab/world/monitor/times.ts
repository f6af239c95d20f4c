const unitSeconds: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 };

/** A moment as Prometheus takes it: Unix seconds with decimals, or RFC 3339. @returns ms since the epoch, null if it is neither */
export function parseMoment(text: string): number | null {
  if (/^-?\d+(\.\d+)?(e\+?\d+)?$/i.test(text)) return Math.round(Number(text) * 1000);
  if (!/^\d{4}-\d\d-\d\dT/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

/** A duration as Prometheus takes it: seconds with decimals, or `1h30m`. @returns ms, null if it is neither or not above zero */
export function parseDuration(text: string): number | null {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : sumUnits(text);
  return seconds > 0 ? seconds * 1000 : null;
}

function sumUnits(text: string): number {
  if (!/^(\d+(ms|[smhdwy]))+$/.test(text)) return Number.NaN;
  return [...text.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
    (total, [, count, unit = ""]) => total + Number(count) * (unitSeconds[unit] ?? 0),
    0,
  );
}

/** A moment as Loki takes it: Unix nanoseconds, Unix seconds with decimals, or RFC 3339. @returns ns, null if it is none */
export function parseNanoseconds(text: string): bigint | null {
  if (/^\d{11,}$/.test(text)) return BigInt(text);
  const ms = parseMoment(text);
  return ms === null ? null : BigInt(ms) * 1_000_000n;
}
