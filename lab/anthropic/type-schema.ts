/** A published type as JSON Schema in which nothing that is not declared is allowed. */
import type { Member, TypeTree } from "./declarations.js";

export type Schema = Readonly<Record<string, unknown>>;
type Lookup = (name: string) => TypeTree;

const PRIMITIVES: Readonly<Record<string, Schema>> = {
  string: { type: "string" },
  number: { type: "number" },
  boolean: { type: "boolean" },
  null: { type: "null" },
  unknown: {},
  undefined: { not: {} },
};
/** Properties whose value tells members of a union apart: an error then names one member's fault, not every member's. */
const TAGS = ["type", "role"] as const;

/** @returns one schema with every type that it needs among its definitions */
export function schemaOfType(name: string, lookup: Lookup): Schema {
  const definitions = new Map<string, Schema>();
  const wanted = [name];
  for (let next = wanted.pop(); next !== undefined; next = wanted.pop()) {
    if (definitions.has(next)) continue;
    definitions.set(next, toSchema(lookup(next), { lookup, want: (other) => wanted.push(other) }));
  }
  return { $ref: `#/$defs/${name}`, $defs: Object.fromEntries(definitions) };
}

interface Context {
  readonly lookup: Lookup;
  readonly want: (name: string) => void;
}

function toSchema(tree: TypeTree, context: Context): Schema {
  switch (tree.is) {
    case "name":
      return refer(tree.name, context);
    case "literal":
      return { const: tree.value };
    case "list":
      return { type: "array", items: toSchema(tree.of, context) };
    case "record":
      return { type: "object", additionalProperties: toSchema(tree.of, context) };
    case "intersection":
      return { allOf: tree.of.map((each) => (isAnything(each) ? {} : toSchema(each, context))) };
    case "union":
      return unite(tree.of, context);
    case "object":
      return objectSchema(membersOf(tree, context), context);
  }
}

/** `string & {}` is a string that editors still complete. */
function isAnything(tree: TypeTree): boolean {
  return tree.is === "object" && tree.members.length === 0 && tree.bases.length === 0;
}

function refer(name: string, { want }: Context): Schema {
  const primitive = PRIMITIVES[name];
  if (primitive !== undefined) return primitive;
  want(name);
  return { $ref: `#/$defs/${name}` };
}

function unite(parts: readonly TypeTree[], context: Context): Schema {
  if (parts.every((part) => part.is === "literal")) return { enum: parts.map((part) => part.value) };
  const tag = TAGS.find((each) => parts.every((part) => isTagged(part, each, context)));
  const options = parts.map((part) => toSchema(part, context));
  return tag === undefined
    ? { anyOf: options }
    : { type: "object", required: [tag], discriminator: { propertyName: tag }, oneOf: options };
}

function isTagged(part: TypeTree, tag: string, context: Context): boolean {
  if (part.is !== "name" || PRIMITIVES[part.name] !== undefined) return false;
  const tree = context.lookup(part.name);
  if (tree.is !== "object") return false;
  return membersOf(tree, context).some(({ name, optional, type }) => name === tag && !optional && type.is === "literal");
}

/** Its own members replace those of what it extends. */
function membersOf({ members, bases }: Extract<TypeTree, { is: "object" }>, context: Context): readonly Member[] {
  const inherited = bases.flatMap((base) => {
    const tree = context.lookup(base);
    return tree.is === "object" ? membersOf(tree, context) : [];
  });
  return [...new Map([...inherited, ...members].map((member) => [member.name, member])).values()];
}

function objectSchema(members: readonly Member[], context: Context): Schema {
  return {
    type: "object",
    properties: Object.fromEntries(members.map(({ name, type }) => [name, toSchema(type, context)])),
    required: members.filter(({ optional }) => !optional).map(({ name }) => name),
    additionalProperties: false,
  };
}
