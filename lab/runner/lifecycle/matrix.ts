export type Combination = Readonly<Record<string, unknown>>;

/**
 * The combinations of a `strategy.matrix`, in GitHub's order: the product of its lists, without `exclude`, then `include`
 * joined where it overwrites no value of the product, else added.
 */
export function expandMatrix(matrix: Readonly<Record<string, unknown>>): Combination[] {
  const { include, exclude, ...axes } = matrix;
  const product = Object.entries(axes).reduce<Combination[]>(
    (rows, [key, values]) => rows.flatMap((row) => asList(values).map((value) => ({ ...row, [key]: value }))),
    [{}],
  );
  const excluded = asList(exclude).map(asRecord);
  const original = Object.keys(axes).length === 0 ? [] : product.filter((row) => !excluded.some((rule) => agrees(row, rule)));
  return joinIncludes(original, asList(include).map(asRecord), Object.keys(axes));
}

function joinIncludes(
  original: readonly Combination[],
  includes: readonly Combination[],
  axes: readonly string[],
): Combination[] {
  const rows: Combination[] = [...original];
  for (const extra of includes) {
    const onAxes = Object.fromEntries(Object.entries(extra).filter(([key]) => axes.includes(key)));
    const targets = [...original.keys()].filter((index) => agrees(original[index] ?? {}, onAxes));
    if (targets.length === 0) rows.push(extra);
    for (const index of targets) rows[index] = { ...rows[index], ...extra };
  }
  return rows;
}

function agrees(row: Combination, rule: Combination): boolean {
  return Object.entries(rule).every(([key, value]) => JSON.stringify(row[key]) === JSON.stringify(value));
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function asRecord(value: unknown): Combination {
  return typeof value === "object" && value !== null ? (value as Combination) : {};
}
