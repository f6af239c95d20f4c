import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseIssue } from "../../src/intake/issue.js";
import { parseDispatch } from "../../src/intake/parse.js";
import type { Intake } from "../../src/intake/intake.js";
import { newbornTitle, renderIntakeComment, renderNewborn } from "../../src/render/newborn.js";
import { ALIVE, HOSTILE, render, tagsOf, unescapeHtml } from "../outside/github.js";
import { NOON, configOf, service } from "./fakes.js";
import { captured, dispatch } from "./payloads.js";

const config = configOf(service("checkout"), service("search"));

function intakeOf(payload: unknown): Intake {
  const [intake] = parseDispatch(payload, config, NOON);
  if (!intake) throw new Error("Nothing was taken in.");
  return intake;
}

describe("a newborn issue", () => {
  it("of a known monitor reads like this", () => {
    const intake = intakeOf(dispatch(captured("firing")));
    expect(`${newbornTitle(intake, NOON)}\n\n${renderNewborn(intake, config, NOON)}`).toMatchInlineSnapshot(`
      "checkout: Checkout error rate is 37% since 04:40 UTC

      > [!NOTE]
      > **Just opened.** Severity, evidence and cause follow here within minutes. Nothing in production is touched without your approval.

      **checkout**  
      **Checkout error rate is 37%** since **04:40 UTC**.

      Alert CheckoutErrorRateHigh, from alertmanager as P1.

      Links: [example.test](https://example.test/runbooks/checkout.md) · [monitor](http://monitor:9192/graph?g0.expr=shop_error_rate%7Bservice%3D%22checkout%22%7D+%3E+0.05&g0.tab=1) · [monitor](http://monitor:9193/)

      127.0.0.1:9191 of shop above 5%

      \`/ack\` I am on it · \`/hold\` stop the automation · \`/escalate\` call for help · \`/help\`"
    `);
  });

  it("of an unknown shape and service shows the payload and says what is missing", () => {
    const intake = intakeOf({ what: "no idea", password: "hunter2" });
    expect(`${newbornTitle(intake, NOON)}\n\n${renderNewborn(intake, config, NOON)}`).toMatchInlineSnapshot(`
      "unknown service: An alert in a form that is not known since 12:00 UTC

      > [!NOTE]
      > **Just opened.** Severity, evidence and cause follow here within minutes. Nothing in production is touched without your approval.

      **unknown service**  
      **An alert in a form that is not known** since **12:00 UTC**.

      No label of this alert names a service of the config (known are checkout, search), so nothing can be diagnosed by itself: people have to look.

      Alert from json without a severity that we know.

      <sub>The client payload is not version 1 of the form that the documentation describes.</sub>

      <details><summary><b>The payload as it came</b> (secrets hidden)</summary>

      \`\`\`json
      {
       "what": "no idea",
       "password": "[redacted: password]"
      }
      \`\`\`

      </details>

      \`/ack\` I am on it · \`/hold\` stop the automation · \`/escalate\` call for help · \`/help\`"
    `);
  });

  it("of a person shows their words", () => {
    const issue = {
      number: 3,
      title: "search is slow",
      body: "Since noon.\n\n@acme/all please look",
      author: { login: "ada", isBot: false },
    };
    expect(renderNewborn(parseIssue(issue, config, NOON), config, NOON)).toMatchInlineSnapshot(`
      "> [!NOTE]
      > **Just opened.** Severity, evidence and cause follow here within minutes. Nothing in production is touched without your approval.

      **search**  
      **search is slow** since **12:00 UTC**.

      Reported by **ada**.

      \`\`\`
      Since noon.

      @acme/all please look
      \`\`\`

      \`/ack\` I am on it · \`/hold\` stop the automation · \`/escalate\` call for help · \`/help\`"
    `);
  });

  it("says the day of an alert that began on another one", () => {
    const raw = {
      alerts: [{ labels: { alertname: "A", service: "checkout" }, startsAt: "2026-11-18T10:00:00Z", status: "firing" }],
    };
    expect(newbornTitle(intakeOf(dispatch(raw)), NOON)).toBe("checkout: A since 18 Nov 10:00 UTC");
  });
});

describe("a comment on an existing incident", () => {
  it("says in a line what has changed", () => {
    expect(renderIntakeComment(intakeOf(dispatch(captured("group-mixed"))))).toMatchInlineSnapshot(`
      "- **Fires:** CheckoutErrorRateHigh on checkout since 04:41 UTC: s2
      - **Over:** CheckoutErrorRateHigh on checkout at 04:41 UTC: s1"
    `);
  });
});

describe("whatever an alert says", () => {
  const hostile = fc.array(fc.constantFrom(...HOSTILE), { maxLength: 6 }).map((parts) => parts.join(""));
  const allowed = new Set([
    "blockquote",
    "p",
    "strong",
    "br",
    "details",
    "summary",
    "b",
    "pre",
    "code",
    "sub",
    "ul",
    "li",
    "a",
    "h1",
  ]);

  it("nothing of it comes alive, in a body or in a comment", () => {
    fc.assert(
      fc.property(hostile, hostile, fc.boolean(), (name, summary, isKnown) => {
        const alerts = [
          {
            labels: { alertname: name, service: "checkout" },
            annotations: { summary, description: `${summary}!` },
            status: "firing",
          },
        ];
        const intake = intakeOf(dispatch(isKnown ? { alerts } : { [name]: summary, title: name, message: summary }));
        for (const text of [renderNewborn(intake, config, NOON), renderIntakeComment(intake)]) {
          const html = render(text);
          for (const tag of tagsOf(html)) expect(allowed).toContain(tag.replace("/", ""));
          expect(html).not.toMatch(/<a href|<img|<h1|<script|<input|<table/);
          expect(text).not.toMatch(/<!--|-->/);
          const outsideCode = unescapeHtml(html.replace(/<(pre|code)[\s\S]*?<\/\1>/g, "").replace(/<[^>]*>/g, ""));
          for (const alive of ALIVE.slice(0, -1)) expect(outsideCode).not.toMatch(alive);
        }
      }),
      { numRuns: 100 },
    );
  });
});
