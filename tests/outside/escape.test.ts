import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { oneLine, cleanText } from "../../src/outside/clean.js";
import { codeBlock, codeSpan, escapeInline, plainLine } from "../../src/outside/escape.js";
import { ALIVE, HOSTILE, render, seenText, tagsOf, unescapeHtml } from "./github.js";

const hostileText = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...HOSTILE) }, { weight: 1, arbitrary: fc.string({ maxLength: 8 }) }), {
    maxLength: 8,
  })
  .map((parts) => parts.join(""));
const RUNS = { numRuns: 120 };

function seen(text: string): string {
  return oneLine(text).replace(/[\s\u200b]/g, "");
}

describe("escapeInline", () => {
  it.each(["0@.A", "a@-b.c", "a@b.c"])("breaks the address %s, whatever its host begins with", (text) => {
    expect(escapeInline(text)).toBe(text.replace("@", "@\u200b"));
  });

  it.each([
    { place: "a paragraph", beside: ["", ""] as const, around: (text: string) => text, tags: ["p", "/p"] },
    {
      place: "a list item",
      beside: ["a", ""] as const,
      around: (text: string) => `- a ${text}`,
      tags: ["ul", "li", "/li", "/ul"],
    },
    {
      place: "the start of a list item",
      beside: ["", "b"] as const,
      around: (text: string) => `- ${text}\n- b`,
      tags: ["ul", "li", "/li", "li", "/li", "/ul"],
    },
    {
      place: "a quote",
      beside: ["", ""] as const,
      around: (text: string) => `> ${text}`,
      tags: ["blockquote", "p", "/p", "/blockquote"],
    },
    {
      place: "a table cell",
      beside: ["a", ""] as const,
      around: (text: string) => `| a |\n|---|\n| ${text} |`,
      tags: ["table", "thead", "tr", "th", "/th", "/tr", "/thead", "tbody", "tr", "td", "/td", "/tr", "/tbody", "/table"],
    },
    {
      place: "a summary",
      beside: ["a", "b"] as const,
      around: (text: string) => `<details><summary>a ${text}</summary>\n\nb\n\n</details>`,
      tags: ["details", "summary", "/summary", "p", "/p", "/details"],
    },
  ])("makes no tag but those around it in $place, and loses nothing", ({ around, beside, tags }) => {
    fc.assert(
      fc.property(hostileText, (text) => {
        fc.pre(oneLine(text) !== "");
        const html = render(around(escapeInline(text)));
        expect(tagsOf(html)).toEqual(tags);
        expect(asSeenBy(html)).toBe(`${beside[0]}${seen(text)}${beside[1]}`);
      }),
      RUNS,
    );
  });

  it("leaves nothing that GitHub brings to life in rendered text", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const rendered = unescapeHtml(render(escapeInline(text)).replace(/<\/?p>/g, ""));
        for (const alive of ALIVE.slice(0, -1)) expect(rendered).not.toMatch(alive);
        expect(escapeInline(text)).not.toMatch(/<!--|-->/);
      }),
      RUNS,
    );
  });

  it.each([
    "Checkout error rate is 37%, above 5 % (normal: 0.3 %)",
    "payments_db: timeout after 30s at 03:12:10, pool=10/10",
    "v1.4.2 → v1.4.3 (DB_POOL_SIZE)",
  ])("leaves ordinary text readable: %s", (text) => {
    expect(escapeInline(text)).toBe(text);
  });
});

/** In a html block the character references are still there: a browser resolves them. */
function asSeenBy(html: string): string {
  return seenText(
    html.replace(/&#(\d+);/g, (_, code: string) =>
      String.fromCodePoint(Number(code)).replace(
        /[&<>"]/g,
        (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign] ?? "",
      ),
    ),
  );
}

describe("codeBlock", () => {
  it("is one block whose content cannot end it, whatever it holds", () => {
    fc.assert(
      fc.property(hostileText, fc.constantFrom("", "json", "x`<y>"), (text, info) => {
        const html = render(`before\n\n${codeBlock(text, info)}\n\nafter`);
        expect(tagsOf(html)).toEqual(["p", "/p", "pre", "code", "/code", "/pre", "p", "/p"]);
        expect(seenText(html)).toBe(`before${cleanText(text).replace(/[\s\u200b]/g, "")}after`);
        expect(codeBlock(text)).not.toMatch(/<!--|-->/);
      }),
      RUNS,
    );
  });

  it("keeps lines and indentation", () => {
    expect(codeBlock("a\n  b\tc\n")).toBe("```\na\n  b\tc\n```");
  });
});

describe("codeSpan", () => {
  it("is one code element, in a table cell too", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        fc.pre(oneLine(text) !== "");
        const html = render(`| a |\n|---|\n| ${codeSpan(text)} |`);
        expect(tagsOf(html).filter((tag) => tag.endsWith("code"))).toEqual(["code", "/code"]);
        expect(tagsOf(html)).toHaveLength(16);
        expect(seenText(html)).toBe(`a${seen(text)}`);
      }),
      RUNS,
    );
  });

  it.each([
    ["release-7", "`release-7`"],
    ["a|b", "<code>a&#124;b</code>"],
    ["", ""],
  ])("writes %j as %j", (text, expected) => {
    expect(codeSpan(text)).toBe(expected);
  });
});

describe("plainLine", () => {
  it("is one line within the limit, without a mention or anything invisible but the break", () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 60 }), (text, max) => {
        const line = plainLine(text, max);
        expect(line.length).toBeLessThanOrEqual(max);
        expect(line).not.toMatch(/[\p{Cc}\u202e\u00ad]|@[a-z\d]/iu);
      }),
    );
  });

  it("escapes nothing", () => {
    expect(plainLine("*a* | [b] <c>\n#1")).toBe("*a* | [b] <c> #1");
  });
});
