import { data } from "@actions/expressions";

type ExpressionData = ReturnType<typeof data.reviver>;

/** A plain value as the expression evaluator wants it; `undefined` members are left out. */
export function toData(value: unknown): ExpressionData {
  if (value === null || value === undefined) return new data.Null();
  if (typeof value === "string") return new data.StringData(value);
  if (typeof value === "number") return new data.NumberData(value);
  if (typeof value === "boolean") return new data.BooleanData(value);
  if (Array.isArray(value)) return new data.Array(...value.map(toData));
  const pairs = Object.entries(value).filter(([, member]) => member !== undefined);
  return new data.Dictionary(...pairs.map(([key, member]) => ({ key, value: toData(member) })));
}

export function fromData(value: ExpressionData): unknown {
  return JSON.parse(JSON.stringify(value, data.replacer));
}
