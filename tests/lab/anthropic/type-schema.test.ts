import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { readDeclarations } from "../../../lab/anthropic/declarations.js";
import { schemaOfType } from "../../../lab/anthropic/type-schema.js";

const TEXT = `
/** What is sent. */
export interface Base {
    /** Body param: how many. */
    count: number;
    kind?: 'a' | 'b' | null;
    /** Header param: not in the body. */
    header_id?: string;
    stream?: boolean;
}
export interface Sent extends Base {
    stream?: false;
    parts: string | Array<Part>;
    name: 'known' | (string & {});
    schema?: { [key: string]: unknown; };
    inner?: Space.Inner;
}
export type Part = Text | Sight;
export interface Text { type: 'text'; text: string; }
export interface Sight { type: 'sight'; url: string; }
export declare namespace Space {
    interface Inner { deep: Array<number>; }
}
export type Strange = Map<string, string>;
`;
const lookup = readDeclarations(TEXT);
const isSent = new Ajv({ strict: false, allErrors: true, discriminator: true }).compile(schemaOfType("Sent", lookup));
const SENT = { count: 1, parts: [{ type: "text", text: "x" }], name: "any" };

describe("a published type", () => {
  it.each<[string, object, boolean]>([
    ["takes what it declares", SENT, true],
    ["takes text where text is one of two shapes", { ...SENT, parts: "x" }, true],
    ["takes null where it is declared", { ...SENT, kind: null }, true],
    ["takes any key of an open record", { ...SENT, schema: { anything: 1 } }, true],
    ["takes a type of a namespace", { ...SENT, inner: { deep: [1] } }, true],
    ["misses what is required of the base", { parts: "x", name: "n" }, false],
    ["knows what its own member narrows", { ...SENT, stream: true }, false],
    ["refuses a key that it does not declare", { ...SENT, extra: 1 }, false],
    ["refuses a key that is a header", { ...SENT, header_id: "x" }, false],
    ["refuses a literal that is not listed", { ...SENT, kind: "c" }, false],
    ["refuses a key of another member of a union", { ...SENT, parts: [{ type: "text", text: "x", url: "y" }] }, false],
    ["looks into lists of a namespace's type", { ...SENT, inner: { deep: ["x"] } }, false],
  ])("%s", (_, body, fits) => {
    expect(isSent(body)).toBe(fits);
  });

  it("is refused when it is not declared or cannot be read: never taken as anything", () => {
    expect(() => schemaOfType("Missing", lookup)).toThrow("declares no type Missing");
    expect(() => schemaOfType("Strange", lookup)).toThrow("Map<…>");
  });
});
