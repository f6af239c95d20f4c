import { z } from "zod";
import { nameOf, show, type Problem } from "./problems.js";
import { suggest } from "./suggest.js";

/** Values under these keys may be secrets put in the wrong place: a message never repeats them. */
const NEVER_SHOWN = /(^|-)(env|url|public)$/;

/** PEM, or base64 PKCS#8 of Ed25519. */
const PRIVATE_KEY = /PRIVATE KEY|^MC4CAQAwBQYDK2Vw/;

type Issue = z.core.$ZodIssue;

/**
 * Checks a plain value against a schema whose leaf messages say what would be right ("one of a, b").
 * @returns the parsed value, or every problem in sentences: `gate.quorum.low is 9. Write a whole number from 1 to 5.`
 */
export function checkShape<T extends z.ZodType>(
  schema: T,
  value: unknown,
): { readonly ok: true; readonly value: z.output<T> } | { readonly ok: false; readonly problems: readonly Problem[] } {
  const result = schema.safeParse(value, { error: () => "", reportInput: true });
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, problems: result.error.issues.flatMap((issue) => phrase(issue, schema)) };
}

function phrase(issue: Issue, schema: z.ZodType): Problem[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownKey([...issue.path, key], knownKeys(schema, issue.path)));
  if (issue.code === "invalid_key") {
    const right = issue.issues[0]?.message;
    return [{ path: issue.path, at: "key", says: `${nameOf(issue.path)} is not a name that can be used here.${write(right)}` }];
  }
  const right = issue.message === "" ? expected(issue) : issue.message;
  if (issue.code === "invalid_type" && issue.input === undefined) {
    return [{ path: issue.path, at: "value", says: `${nameOf(issue.path)} is missing.${write(right)}` }];
  }
  return [
    { path: issue.path, at: "value", says: `${nameOf(issue.path)} is ${shownValue(issue)}.${didYouMean(issue)}${write(right)}` },
  ];
}

/** An unknown key with the one that was probably meant. */
export function unknownKey(path: readonly PropertyKey[], known: readonly string[]): Problem {
  const meant = suggest(String(path.at(-1)), known);
  const right = meant === null ? `Known here: ${known.join(", ")}.` : `Did you mean "${meant}"?`;
  return { path, at: "key", says: `${nameOf(path)} is not a known key. ${right}` };
}

function shownValue(issue: Issue): string {
  const input: unknown = issue.code === "invalid_union" ? memberOf(issue.input, issue.path.at(-1)) : issue.input;
  if (typeof input !== "string" || !issue.path.some((part) => NEVER_SHOWN.test(String(part)))) return show(input);
  return PRIVATE_KEY.test(input)
    ? "a private key, which must be replaced now that it stands in a file"
    : "in another form (not shown here: it may be a secret)";
}

/** The problem of a union is that its discriminator has an unknown value. */
function memberOf(input: unknown, key: PropertyKey | undefined): unknown {
  return typeof input === "object" && input !== null && key !== undefined && key in input ? Reflect.get(input, key) : input;
}

function didYouMean(issue: Issue): string {
  if (issue.code !== "invalid_value" || typeof issue.input !== "string") return "";
  const meant = suggest(
    issue.input,
    issue.values.filter((value) => typeof value === "string"),
  );
  return meant === null ? "" : ` Did you mean "${meant}"?`;
}

function write(right: string | undefined): string {
  return right === undefined || right === "" ? "" : ` Write ${right}.`;
}

const EXPECTED: Readonly<Record<string, string>> = {
  object: "a map of keys",
  record: "a map of names",
  array: "a list",
  string: "text",
  null: "null",
};

function expected(issue: Issue): string {
  return issue.code === "invalid_type" ? (EXPECTED[issue.expected] ?? issue.expected) : "";
}

/** The keys that a schema accepts at a path; of a union, those of all its members. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const found = path.reduce<readonly z.core.$ZodType[]>((at, part) => at.flatMap((one) => childrenOf(one, part)), unwrap(schema));
  return [...new Set(found.flatMap(keysOf))];
}

/** Of a map whose names are one of a list, that list. */
function keysOf(schema: z.core.$ZodType): readonly string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  return schema instanceof z.ZodRecord && schema.keyType instanceof z.ZodEnum ? schema.keyType.options.map(String) : [];
}

function childrenOf(schema: z.core.$ZodType, part: PropertyKey): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodObject) {
    const child: unknown = schema.shape[String(part)];
    return child instanceof z.ZodType ? unwrap(child) : [];
  }
  if (schema instanceof z.ZodRecord) return unwrap(schema.valueType);
  if (schema instanceof z.ZodArray) return unwrap(schema.element);
  return [];
}

/** Through defaults and nullables to what is inside; all members of a union. */
function unwrap(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodOptional
  ) {
    return unwrap(schema.unwrap());
  }
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(unwrap);
  return [schema];
}
