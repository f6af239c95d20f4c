/** Kubernetes' quantities and ages as numbers. Pure. @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */

const FACTORS: Readonly<Record<string, number>> = {
  "": 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** "500m" → 0.5, "2Gi" → 2147483648; null when it is no quantity. */
export function parseQuantity(text: string): number | null {
  const found = /^(\d+(?:\.\d+)?)([a-zA-Z]{0,2})$/.exec(text.trim());
  const factor = FACTORS[found?.[2] ?? "?"];
  return found === null || factor === undefined ? null : Number(found[1]) * factor;
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, y: 31_536_000 };

/** "2m13s", "4h", "113d" in milliseconds; of "12s (x4 over 2m)" the first. null when it is no age. */
export function parseAge(text: string): number | null {
  const [first = ""] = text.trim().split(" ");
  const parts = [...first.matchAll(/(\d+)([smhdy])/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join("") !== first) return null;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (SECONDS[unit ?? ""] ?? 0) * 1_000, 0);
}
