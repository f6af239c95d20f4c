/**
 * The type declarations that the vendor's package publishes, by name: read from its `.d.ts`, so that what is checked against them
 * follows the package. Knows what those generated files hold – interfaces and aliases of plain types – and throws at anything else.
 */
export type TypeTree =
  | { readonly is: "name"; readonly name: string }
  | { readonly is: "literal"; readonly value: string | number | boolean }
  | { readonly is: "list"; readonly of: TypeTree }
  | { readonly is: "union" | "intersection"; readonly of: readonly TypeTree[] }
  | { readonly is: "record"; readonly of: TypeTree }
  | { readonly is: "object"; readonly members: readonly Member[]; readonly bases: readonly string[] };
export interface Member {
  readonly name: string;
  readonly optional: boolean;
  readonly type: TypeTree;
}

const HEADER = "@header";
const TOKEN = /@header|'(?:[^'\\]|\\.)*'|[A-Za-z_$][\w$.]*|\d+|[{}()[\]<>|&;:?=,]/g;
const PLAIN = /^[ \t]*export (?:declare )?(?:interface|type) (\w+)/gm;
const NAMESPACE = /^export declare namespace (\w+) \{([\s\S]*?)\n\}/gm;
const INNER = /^[ \t]+(?:export )?(?:interface|type) (\w+)/gm;

/** @returns the tree of each name; parsed when it is asked for. @throws {Error} for a name that is not declared */
export function readDeclarations(text: string): (name: string) => TypeTree {
  const plain = text.replace(/\/\*[\s\S]*?\*\//g, (comment) => (comment.includes("Header param:") ? ` ${HEADER} ` : " "));
  const places = new Map<string, string>();
  for (const [whole, space = "", inside = ""] of plain.matchAll(NAMESPACE))
    for (const found of inside.matchAll(INNER)) places.set(`${space}.${found[1] ?? ""}`, whole.slice(whole.indexOf(found[0])));
  for (const found of plain.matchAll(PLAIN)) places.set(found[1] ?? "", plain.slice(found.index));
  return (name) => {
    const known = places.get(name) ?? places.get(name.replace(/^\w+API\./, ""));
    if (known === undefined) throw new Error(`The vendor's package declares no type ${name} where the stand-in looks for it.`);
    return parseDeclaration(known);
  };
}

function parseDeclaration(text: string): TypeTree {
  const reader = new Reader(text);
  reader.skipUntil(new Set(["interface", "type"]));
  reader.next(); // its name
  if (reader.take("=")) return parseType(reader);
  const bases: string[] = [];
  if (reader.take("extends")) while (reader.peek() !== "{") bases.push(reader.next());
  return parseObject(
    reader,
    bases.filter((base) => base !== ","),
  );
}

function parseType(reader: Reader): TypeTree {
  reader.take("|");
  return parseList(reader, "|", "union", () => parseList(reader, "&", "intersection", () => parsePostfix(reader)));
}

function parseList(reader: Reader, sign: string, is: "union" | "intersection", parse: () => TypeTree): TypeTree {
  const first = parse();
  const of = [first];
  while (reader.take(sign)) of.push(parse());
  return of.length === 1 ? first : { is, of };
}

function parsePostfix(reader: Reader): TypeTree {
  let tree = parsePrimary(reader);
  while (reader.take("[")) {
    reader.expect("]");
    tree = { is: "list", of: tree };
  }
  return tree;
}

function parsePrimary(reader: Reader): TypeTree {
  if (reader.peek() === "{") return parseObject(reader, []);
  const token = reader.next();
  if (token === "(") {
    const inner = parseType(reader);
    reader.expect(")");
    return inner;
  }
  if (token.startsWith("'")) return { is: "literal", value: token.slice(1, -1) };
  if (/^\d+$/.test(token)) return { is: "literal", value: Number(token) };
  if (token === "true" || token === "false") return { is: "literal", value: token === "true" };
  if (!reader.take("<")) return { is: "name", name: token };
  const of = parseType(reader);
  const value = reader.take(",") ? parseType(reader) : null;
  reader.expect(">");
  if (token === "Array" && value === null) return { is: "list", of };
  if (token === "Record" && value !== null) return { is: "record", of: value };
  throw new Error(`The vendor's package uses ${token}<…>, which the stand-in cannot read.`);
}

function parseObject(reader: Reader, bases: readonly string[]): TypeTree {
  reader.expect("{");
  const members: Member[] = [];
  while (!reader.take("}")) {
    const isHeader = reader.take(HEADER);
    if (reader.take("[")) {
      reader.skipUntil(new Set(["]"]));
      reader.expect(":");
      const of = parseType(reader);
      reader.take(";");
      reader.expect("}");
      return { is: "record", of };
    }
    const name = reader.next().replace(/^'|'$/g, "");
    const optional = reader.take("?");
    reader.expect(":");
    const type = parseType(reader);
    reader.take(";");
    if (!isHeader) members.push({ name, optional, type });
  }
  return { is: "object", members, bases };
}

class Reader {
  readonly #tokens: Iterator<RegExpMatchArray>;
  #ahead: string | null = null;

  constructor(text: string) {
    this.#tokens = text.matchAll(TOKEN);
  }

  peek(): string {
    const ahead = this.#ahead ?? this.#tokens.next().value?.[0] ?? "";
    this.#ahead = ahead;
    return ahead;
  }

  next(): string {
    const token = this.peek();
    if (token === "") throw new Error("A declaration of the vendor's package ends too early.");
    this.#ahead = null;
    return token;
  }

  take(token: string): boolean {
    if (this.peek() !== token) return false;
    this.#ahead = null;
    return true;
  }

  expect(token: string): void {
    const found = this.next();
    if (found !== token) throw new Error(`A declaration of the vendor's package has ${found} where ${token} was expected.`);
  }

  /** Takes everything up to one of these, and that too. */
  skipUntil(ends: ReadonlySet<string>): void {
    while (!ends.has(this.next()));
  }
}
