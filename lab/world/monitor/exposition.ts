/** Labels of a series, `__name__` among them, as Prometheus answers them. */
export type Metric = Readonly<Record<string, string>>;

export interface Sample {
  readonly metric: Metric;
  readonly value: number;
}

/**
 * Reads Prometheus' text format, as far as the shop writes it: comments, and `name{label="value",…} number` a line.
 * @throws when a line is neither
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function parseExposition(text: string): readonly Sample[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map(parseLine);
}

function parseLine(line: string): Sample {
  const match = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line.trim());
  const value = match ? Number((match[3] ?? "").replace("Inf", "Infinity")) : Number.NaN;
  if (!match || Number.isNaN(value)) throw new Error(`Not a line of Prometheus' text format: ${line}`);
  const labels = [...(match[2] ?? "").matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", label = ""]) => [name, label]);
  return { metric: { __name__: match[1] ?? "", ...Object.fromEntries(labels) }, value };
}
