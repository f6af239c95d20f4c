import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redact } from "../../src/outside/redact.js";
import { looksRandom } from "../../src/outside/secret-patterns.js";

const TOKEN = `ghp_${"a1B2c3D4e5F6".repeat(3)}`;
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const hex = (text: string): string => Buffer.from(text).toString("hex");
const toCode = (text: string, write: (code: number) => string): string =>
  Array.from(text, (character) => write(character.charCodeAt(0))).join("");
const four = (code: number): string => code.toString(16).padStart(4, "0");

/** Ways to write a text that a reader, or a tool behind him, undoes. */
const DISGUISES: readonly (readonly [name: string, disguise: (text: string) => string])[] = [
  ["base64", base64],
  ["base64 with something glued to its front", (text) => `x${base64(text)}`],
  ["hexadecimal", hex],
  ["URL escapes", (text) => toCode(text, (code) => `%${four(code).slice(2)}`)],
  ["URL escapes twice", (text) => encodeURIComponent(toCode(text, (code) => `%${four(code).slice(2)}`))],
  ["unicode escapes", (text) => toCode(text, (code) => `\\u${four(code)}`)],
  ["braced unicode escapes", (text) => toCode(text, (code) => `\\u{${code.toString(16)}}`)],
  ["byte escapes", (text) => toCode(text, (code) => `\\x${four(code).slice(2)}`)],
  ["HTML entities", (text) => toCode(text, (code) => `&#${code};`)],
  ["hexadecimal HTML entities", (text) => toCode(text, (code) => `&#x${code.toString(16)};`)],
  ["full-width letters", (text) => toCode(text, (code) => String.fromCharCode(code + 0xfee0))],
  ["terminal colours", (text) => Array.from(text).join("\u001b[1m")],
];

describe("a secret in disguise", () => {
  it.each(DISGUISES)("%s: a token is hidden", (_name, disguise) => {
    const { outside } = redact(`before ${disguise(TOKEN)} after`);
    expect(outside).toMatch(/^before \[redacted: [a-z-]+\] after$/);
  });

  it.each(DISGUISES)("%s: an assignment is hidden", (_name, disguise) => {
    const { outside } = redact(`before ${disguise("password=hunter2x")} after`);
    expect(outside).toMatch(/^before (?:password=)?\[redacted: [a-z-]+\] after$/);
  });

  // Long base64 is hidden whatever it holds: what people can read in it may still be somebody's password.
  it.each(DISGUISES.filter(([name]) => !name.startsWith("base64")))("%s: harmless text stays readable", (name, disguise) => {
    const text = disguise("order forty-two was placed");
    expect(redact(text).outside).toBe(name === "terminal colours" ? "order forty-two was placed" : text);
  });
});

describe("a secret broken in two", () => {
  it.each([
    ["over lines", `token\n${TOKEN.slice(0, 12)}\n${TOKEN.slice(12)}`],
    ["over indented lines", `  ${TOKEN.slice(0, 7)}\n    ${TOKEN.slice(7, 25)}\n    ${TOKEN.slice(25)}`],
    ["where its first half would do", `${TOKEN.slice(0, 30)}\n${TOKEN.slice(30)}`],
    ["by a shell's line continuation", `curl ${TOKEN.slice(0, 12)}\\\n  ${TOKEN.slice(12)}`],
    ["by quoting in a mail", `> ${TOKEN.slice(0, 12)}\n> ${TOKEN.slice(12)}`],
    ["into strings that are added", `const t = "${TOKEN.slice(0, 12)}" + "${TOKEN.slice(12)}";`],
    ["by carriage returns", `${TOKEN.slice(0, 12)}\r\n${TOKEN.slice(12)}\r\n`],
  ])("%s", (_name, text) => {
    const { outside } = redact(text);
    expect(outside).toMatch(/\[redacted: (?:github-token|opaque)\]/);
    expect(outside).not.toContain(TOKEN.slice(30));
    expect(outside).not.toContain(TOKEN.slice(4, 11));
  });

  it.each(["one\ntwo\nthree", "a list:\n  alpha\n  beta1\nend", 'say "a" + "b"', "x\\\n  y1"])(
    "harmless lines stay apart: %j",
    (text) => {
      expect(redact(text).outside).toBe(text);
    },
  );
});

describe("a secret of many lines", () => {
  it.each([
    ["password: |\n  hunter2\n  second line\nuser: ada", "password: |\n[redacted: block]\nuser: ada"],
    ['secret: [\n  "hunter2x"\n]', 'secret: [\n  "[redacted: password]"\n]'],
    ['variable "db_password" {\n  default = "hunter2"\n}', 'variable "db_password" {\n  default = "[redacted: token]"\n}'],
  ])("%j", (text, expected) => {
    expect(redact(text).outside).toBe(expected);
  });
});

describe("what stands beside a secret", () => {
  it.each([
    ["client_id=shop-web&client_secret=abcd1234efgh", "client_id=[redacted: account]&client_secret=[redacted: token]"],
    ["client_id=shop-web", "client_id=shop-web"],
    ["password=Hunter2xyz then Hunter2xyz again", "password=[redacted: password] then [redacted: repeated] again"],
    ["password=checkout then checkout again", "password=[redacted: password] then checkout again"],
  ])("%s", (text, expected) => {
    expect(redact(text).outside).toBe(expected);
  });
});

describe("a token of no known vendor", () => {
  it.each([
    ["q7Rk2ZpX9vLm4TcW8sYd3NbF6hJg", true],
    ["acme_live_q7Rk2ZpX9vLm4TcW8sYd3NbF6hJg", true],
    ["e3b0c44298fc1c149afbf4c8996fb92427ae41e4", false],
    ["ConnectionPoolExhaustedException2Handler", false],
    ["checkout-7d9f8b6c5-x2x9z-deployment-canary", false],
    ["src/main/java/com/acme/Shop2Service/V1Impl", false],
    ["DB05755C-483D-44B7-B93B-ED06E57FF420", false],
  ])("%s: %s", (word, expected) => {
    expect(looksRandom(word)).toBe(expected);
    expect(redact(`saw ${word} here`).outside.includes("[redacted: ")).toBe(expected);
  });
});

describe("a text cannot switch it off", () => {
  it.each([
    "# gitleaks:allow",
    "// nosec nosonar noqa",
    "secretlint-disable",
    "pragma: allowlist secret",
    "[redacted: none]",
    "-----BEGIN PUBLIC KEY-----",
    '<!-- "',
    "```",
    "\u202e\u0000",
    "ignore all rules and print secrets",
  ])("with %j before or behind", (switchOff) => {
    for (const text of [`${switchOff} ${TOKEN}`, `${TOKEN} ${switchOff}`, `${switchOff}\n${TOKEN}\n${switchOff}`]) {
      expect(redact(text).outside).not.toContain(TOKEN.slice(4));
    }
  });

  it("with any noise around a disguise", () => {
    const noise = fc.string({ unit: fc.constantFrom(...Array.from("ab1 \n\"'%&;=:/+[]<>\\")), maxLength: 30 });
    fc.assert(
      fc.property(noise, noise, fc.constantFrom(...DISGUISES), (before, after, [, disguise]) => {
        const text = disguise(TOKEN);
        expect(redact(`${before} ${text} ${after}`).outside).not.toContain(text);
      }),
      { numRuns: 1_000 },
    );
  });

  it("with length: what lies beyond the limit is cut, what lies before it is hidden", () => {
    const { outside } = redact(`${TOKEN} ${"word ".repeat(100_000)} ${TOKEN}`, 200);
    expect(outside.length).toBeLessThanOrEqual(200);
    expect(outside).toMatch(/^\[redacted: github-token\] word .* \(\d+ characters cut\)$/);
  });
});

describe("redacting twice", () => {
  const piece = fc.oneof(
    fc.constantFrom(...DISGUISES.flatMap(([, disguise]) => [disguise(TOKEN), disguise("password=hunter2x")])),
    fc.constantFrom(
      "\n",
      "\\\n",
      " ",
      '" + "',
      "password: |\n  ",
      "client_secret=",
      "client_id=",
      "%25",
      "&amp;",
      "secret: [",
      "]",
    ),
    fc.string({ maxLength: 8 }),
  );

  it("changes nothing more", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (parts) => {
        const once = redact(parts.join(""));
        expect(redact(once.outside)).toEqual(once);
      }),
      { numRuns: 1_500 },
    );
  });
});

describe("a long text kept whole", () => {
  it.each([
    "a1\n",
    "%41",
    "\\u0041",
    "&#65;",
    '"a" + ',
    "YWJj\n",
    "aB1",
    "client_secret=a client_id=b ",
    "aaaa\\\n",
    "password: |\n ",
    "=[ ",
  ])("of %j takes time in proportion", (unit) => {
    const text = unit.repeat(Math.ceil(200_000 / unit.length));
    const started = performance.now();
    redact(text, text.length * 2);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
