import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCommand, readCommands, VERBS, VERB_RULES, type Parsed, type Said } from "../../src/gate/commands.js";
import { ROLES } from "../../src/words.js";
import { said } from "./support.js";

const command = (words: Said): Parsed => ({ kind: "command", said: words });
/** With the odd characters that a comment can hold. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string(),
      fc.constantFrom("\r", "\n", "\r\n", "\t", "\0", "\u2028", "\u00A0", "\u202E", "\uFEFF", "/approve", "/", "🚑"),
    ),
  )
  .map((parts) => parts.join(""));
const approve = (digest: string | null): Parsed => command({ verb: "approve", digest });

describe("parseCommand", () => {
  it.each<{ body: string; parsed: Parsed }>([
    { body: "/approve", parsed: approve(null) },
    { body: "/approve 1a2b3c4d", parsed: approve("1a2b3c4d") },
    { body: "/approve 1A2B3C4D", parsed: approve("1a2b3c4d") },
    { body: "/approve `1a2b3c4d`", parsed: approve("1a2b3c4d") },
    { body: `/approve ${"ab".repeat(32)}`, parsed: approve("ab".repeat(32)) },
    { body: "/Approve\r\nbecause I trust it", parsed: approve(null) },
    { body: "/approve  \n\n> quoted", parsed: approve(null) },
    { body: "/approve\t1a2b3c4d\t", parsed: approve("1a2b3c4d") },
    { body: "/reject the disk is full", parsed: command({ verb: "reject", text: "the disk is full" }) },
    { body: "/reject", parsed: command({ verb: "reject", text: "" }) },
    { body: "/hold on\nsecond line", parsed: command({ verb: "hold", text: "on" }) },
    { body: "/ack", parsed: command({ verb: "ack", text: "" }) },
    { body: "/retry   look at   the disk ", parsed: command({ verb: "retry", text: "look at   the disk" }) },
    { body: "/severity p0", parsed: command({ verb: "severity", severity: "P0" }) },
    { body: "/resolve", parsed: command({ verb: "resolve", text: "" }) },
    {
      body: "/plan github.workflow release to=previous",
      parsed: command({ verb: "plan", action: "github.workflow", target: "release", params: { to: "previous" } }),
    },
    {
      body: "/plan manual people task=a=b",
      parsed: command({ verb: "plan", action: "manual", target: "people", params: { task: "a=b" } }),
    },
    { body: "/plan a b", parsed: command({ verb: "plan", action: "a", target: "b", params: {} }) },
    { body: "/lgtm", parsed: { kind: "unknown", verb: "lgtm" } },
    { body: "/approve-all", parsed: { kind: "unknown", verb: "approve-all" } },
    { body: "/approved 1a2b3c4d", parsed: { kind: "unknown", verb: "approved" } },
    { body: "/constructor", parsed: { kind: "unknown", verb: "constructor" } },
  ])("reads $body", ({ body, parsed }) => {
    expect(parseCommand(body)).toEqual(parsed);
  });

  it.each([
    { name: "a digest of seven characters", body: "/approve 1a2b3c4" },
    { name: "a digest too long", body: `/approve ${"a".repeat(65)}` },
    { name: "a digest with other letters", body: "/approve 1a2b3c4g" },
    { name: "a word after the digest", body: "/approve 1a2b3c4d please" },
    { name: "prose", body: "/approve looks good to me" },
    { name: "a full-width digest", body: "/approve １ａ２ｂ３ｃ４ｄ" },
    { name: "a line separator before more words", body: "/approve\u2028but not this" },
    { name: "a lone carriage return before more words", body: "/approve\rbut not this" },
    { name: "a severity that does not exist", body: "/severity P4" },
    { name: "no severity", body: "/severity" },
    { name: "two severities", body: "/severity P0 P1" },
    { name: "a plan without a target", body: "/plan github.workflow" },
    { name: "a plan with prose", body: "/plan github.workflow release to the previous one" },
    { name: "a parameter without a value", body: "/plan github.workflow release to=" },
    { name: "a parameter with an odd name", body: "/plan github.workflow release __proto__=x" },
  ])("finds $name malformed, and says how it is written", ({ body }) => {
    expect(parseCommand(body)).toMatchObject({ kind: "malformed", why: expect.stringMatching(/\w{3}/) });
  });

  it.each([
    { name: "nothing", body: "" },
    { name: "prose", body: "please /approve this" },
    { name: "a path", body: "/etc/passwd" },
    { name: "a path after a verb", body: "/approve/1a2b3c4d" },
    { name: "a lone slash", body: "/" },
    { name: "two slashes", body: "//approve" },
    { name: "a date", body: "/2026" },
    { name: "a verb with punctuation", body: "/approve!" },
    { name: "the second line", body: "I looked.\n/approve" },
    { name: "the line after an empty one", body: "\n/approve" },
    { name: "the line after an empty one from Windows", body: "\r\n/approve" },
    { name: "a quotation", body: "> /approve" },
    { name: "a list", body: "- /approve" },
    { name: "a code span", body: "`/approve`" },
    { name: "a fenced block", body: "```\n/approve\n```" },
    { name: "an indented block", body: "    /approve" },
    { name: "a block indented with a tab", body: "\t/approve" },
    { name: "a hidden comment", body: "<!-- x -->\n/approve" },
    { name: "a Cyrillic look-alike", body: "/\u0430pprove" },
    { name: "a dotless i", body: "/res\u0131lve" },
    { name: "a Kelvin sign", body: "/ac\u212A" },
    { name: "a long s", body: "/re\u017Folve" },
    { name: "a full-width slash", body: "\uFF0Fapprove" },
    { name: "a fraction slash", body: "\u2044approve" },
    { name: "a zero-width space in the verb", body: "/app\u200Brove" },
    { name: "a direction mark before the verb", body: "/\u202Eapprove" },
    { name: "a null character after the verb", body: "/approve\u0000" },
  ])("takes $name for no command", ({ body }) => {
    expect(parseCommand(body)).toBeNull();
  });

  it("reads the first line alone, whatever follows", () => {
    fc.assert(
      fc.property(fc.constantFrom("/approve", "/hold", "Hello", "/severity P1"), anyText, (line, rest) => {
        expect(parseCommand(`${line}\n${rest}`)).toEqual(parseCommand(line));
      }),
    );
  });

  it("answers any text at all, and approves only where the line begins with /approve", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText,
          fc.string().map((text) => `/${text}`),
        ),
        (body) => {
          const parsed = parseCommand(body);
          const approves = parsed?.kind === "command" && parsed.said.verb === "approve";
          expect(!approves || /^\/approve\b/i.test(body)).toBe(true);
        },
      ),
      { numRuns: 500, examples: [["/approve"]] },
    );
  });
});

describe("readCommands", () => {
  it("gives commands in the order of their comments, whatever the order of the list", () => {
    const comments = [said(12, "tess", "/hold"), said(3, "alice", "/approve"), said(7, "will", "just talking")];
    expect(readCommands(comments).map(({ comment }) => comment.id)).toEqual([3, 12]);
  });
});

describe("the rules of the verbs", () => {
  it.each([
    { role: "read", verbs: ["approve", "status", "help"] },
    { role: "triage", verbs: ["reject", "ack", "hold", "severity", "cause", "escalate"] },
    { role: "write", verbs: ["retry", "plan", "resolve"] },
  ])("$role suffices for $verbs", ({ role, verbs }) => {
    expect(VERBS.filter((verb) => VERB_RULES[verb].atLeast === role)).toEqual(verbs);
  });

  it("only what makes things safer, or changes nothing, is honoured in an edited comment", () => {
    expect(VERBS.filter((verb) => VERB_RULES[verb].stops)).toEqual(["reject", "ack", "hold", "escalate", "status", "help"]);
    expect(VERBS.every((verb) => ROLES.includes(VERB_RULES[verb].atLeast))).toBe(true);
  });
});
