import { brotliCompressSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_JOURNAL_BYTES, readBlock, writeBlock } from "../../src/incident/codec.js";
import { MindFact } from "../../src/incident/facts.js";
import { signBytes } from "../../src/incident/signature.js";
import { canonicalJson } from "../../src/plan/canonical.js";
import * as sample from "../render/sample.js";
import { mindFacts as someFacts } from "./arbitraries.js";
import { hands, header, journalBody, keys, mind, mindFacts, newKey } from "./support.js";

const facts = mindFacts(sample.waiting());
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** A block whose payload is whatever we like, properly signed. */
function sealed(payload: Buffer, full: Record<string, unknown>): string {
  const signature = signBytes(Buffer.concat([Buffer.from(`gatehouse\0${canonicalJson(full)}\0`), payload]), mind.signing);
  const head = Buffer.from(canonicalJson(full)).toString("base64");
  return `<!-- gatehouse:journal v1 ${head} ${signature} ${payload.toString("base64")} -->`;
}

describe("a block of facts", () => {
  it("gives back the facts and the header that were signed", () => {
    const written = writeBlock(header, facts, mind.signing);
    expect(readBlock(`view\n\n${written.text}\n`, "journal", keys.mind)).toEqual({
      kind: "ok",
      block: { header: { schema: 1, key: "m1", ...header }, facts: asJson(facts), head: written.head },
    });
  });

  it("brings every list of facts back, dates included", () => {
    fc.assert(
      fc.property(someFacts, (list) => {
        const reading = readBlock(writeBlock(header, list, mind.signing).text, "journal", keys.mind);
        expect(reading.kind === "ok" && MindFact.array().parse(reading.block.facts)).toEqual(list);
      }),
      { numRuns: 40 },
    );
  });

  it("never reads as other facts when a character is changed", () => {
    const { text, head } = writeBlock(header, facts, mind.signing);
    fc.assert(
      fc.property(
        fc.nat({ max: text.length - 1 }),
        fc.oneof(
          fc.constantFrom("A", "Z", "a", "z", "0", "9", "+", "/", "=", " ", "-"),
          fc.string({ minLength: 1, maxLength: 1 }),
          fc.constantFrom("é", "\0", "\n"),
        ),
        (index, character) => {
          const changed = text.slice(0, index) + character + text.slice(index + 1);
          const reading = readBlock(changed, "journal", keys.mind);
          // The last character of a base64 part has bits that mean nothing: then it is the same block, and nothing else.
          const same = { head, facts: asJson(facts) };
          expect(reading.kind === "ok" ? { head: reading.block.head, facts: reading.block.facts } : same).toEqual(same);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("never reads as other facts when characters are cut out or put in", () => {
    const { text, head } = writeBlock(header, facts, mind.signing);
    fc.assert(
      fc.property(fc.nat({ max: text.length }), fc.nat({ max: 6 }), fc.string({ maxLength: 3 }), (index, cut, put) => {
        const reading = readBlock(text.slice(0, index) + put + text.slice(index + cut), "journal", keys.mind);
        expect(reading.kind === "ok" ? reading.block.head : head).toBe(head);
      }),
      { numRuns: 300 },
    );
  });

  it("binds the header: moved to another place, the signature no longer fits", () => {
    const [, , , head64 = "", signature = "", payload = ""] = writeBlock(header, facts, mind.signing).text.split(" ");
    const full = JSON.parse(Buffer.from(head64, "base64").toString("utf8")) as Record<string, unknown>;
    const changes = [
      { repository: 7 },
      { issue: 43 },
      { revision: 4 },
      { previous: "" },
      { plan: "b".repeat(64) },
      { key: "m2" },
    ];
    const second = { ...mind.public, id: "m2" };
    for (const change of changes) {
      const forged = Buffer.from(JSON.stringify({ ...full, ...change })).toString("base64");
      const text = `<!-- gatehouse:journal v1 ${forged} ${signature} ${payload} -->`;
      const { kind } = readBlock(text, "journal", [mind.public, second]);
      expect({ change, kind }).toEqual({ change, kind: "broken" });
    }
  });

  it.each([
    { name: "text without a block", body: "Nothing here.", expected: { kind: "none" } },
    { name: "an execution where a journal is looked for", body: execution(), expected: { kind: "none" } },
    {
      name: "two journals",
      body: `${journalBody(facts)}\n${journalBody(facts)}`,
      expected: { kind: "broken", why: "there are 2 journal blocks in one document" },
    },
    {
      name: "a header that is not ours",
      body: `<!-- gatehouse:journal v1 ${btoa('{"schema":2}')} AAAA AAAA -->`,
      expected: { kind: "broken", why: "the block's header cannot be read" },
    },
    {
      name: "a header of another document",
      body: execution().replace("gatehouse:execution", "gatehouse:journal"),
      expected: { kind: "broken", why: "the block's header cannot be read" },
    },
    {
      name: "a key that the config does not name",
      body: journalBody(facts, {}, newKey("stranger").signing),
      expected: { kind: "broken", why: 'the key "stranger" that signed it is not in the config' },
    },
    {
      name: "another key under a known name",
      body: journalBody(facts, {}, newKey("m1").signing),
      expected: { kind: "broken", why: "its signature does not fit: it was changed by someone else" },
    },
  ])("reads $name as $expected.kind", ({ body, expected }) => {
    expect(readBlock(body, "journal", keys.mind)).toEqual(expected);
  });

  it("reads what either key signed while two are valid, and only the newer one's once the older is gone", () => {
    const newer = newKey("m2");
    const both = [mind.public, newer.public];
    const [byOld, byNew] = [journalBody(facts), journalBody(facts, {}, newer.signing)];
    expect([byOld, byNew].map((body) => readBlock(body, "journal", both).kind)).toEqual(["ok", "ok"]);
    expect([byOld, byNew].map((body) => readBlock(body, "journal", [newer.public]).kind)).toEqual(["broken", "ok"]);
  });

  it("does not unpack a small block into a large one, even a signed one", () => {
    const full = { schema: 1, key: "m1", ...header };
    const bomb = brotliCompressSync(Buffer.from(JSON.stringify("0".repeat(MAX_JOURNAL_BYTES))));
    expect(bomb.length).toBeLessThan(1_000);
    expect(readBlock(sealed(bomb, full), "journal", keys.mind)).toEqual({
      kind: "broken",
      why: "its content cannot be unpacked",
    });
    const fits = brotliCompressSync(Buffer.from(JSON.stringify("0".repeat(MAX_JOURNAL_BYTES - 2))));
    expect(readBlock(sealed(fits, full), "journal", keys.mind).kind).toBe("ok");
  });

  it("says so when a signed payload is no compressed JSON", () => {
    const full = { schema: 1, key: "m1", ...header };
    for (const payload of [Buffer.from("plain"), brotliCompressSync(Buffer.from("{"))])
      expect(readBlock(sealed(payload, full), "journal", keys.mind)).toMatchObject({ why: "its content cannot be unpacked" });
  });
});

function execution(): string {
  return writeBlock({ ...header, document: "execution", plan: "b".repeat(64) }, [], hands.signing).text;
}
