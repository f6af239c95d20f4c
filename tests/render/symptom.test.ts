import { describe, expect, it } from "vitest";
import type { Evidence, Fact, MindFact } from "../../src/incident/facts.js";
import { baseline } from "../../src/render/baseline.js";
import { renderIssue } from "../../src/render/issue.js";
import { measuredErrorRatio, symptomInPlainText, symptomLine, whenInPlainText } from "../../src/render/symptom.js";
import * as sample from "./sample.js";
import { visibleText } from "./visible.js";

function triaged(errorRatio: number | null): MindFact {
  const triage = { severity: "P1" as const, services: ["checkout"], why: "measured", errorRatio };
  return { fact: "triaged", at: sample.at("03:14:52"), triage, analyst: "runbooks" };
}
function gathered(now: number, clock = "03:15:20", before = 0.003): MindFact {
  const [seen] = sample.observations;
  if (seen?.detail.kind !== "metric") throw new Error("the sample has changed");
  const evidence: Evidence = { ...sample.evidence, observations: [{ ...seen, detail: { ...seen.detail, now, before } }] };
  return { fact: "evidence", at: sample.at(clock), evidence };
}
function resolved(clock: string): MindFact {
  return { fact: "resolved", at: sample.at(clock), how: "by-person", by: "octocat", note: null };
}
const over = resolved("03:40:00");
const reported: Fact = {
  ...(sample.opened as Extract<MindFact, { fact: "opened" }>),
  reportedBy: "theo-marsh",
  alerts: [
    {
      ...sample.alert,
      monitor: "github-issue",
      name: sample.outside("Customers see yesterday's prices"),
      summary: sample.outside("Customers see yesterday's prices"),
      annotations: { description: sample.outside("Since the import ran.\n</details> @everyone") },
      links: [],
      labels: {},
    },
  ],
};
const ratioOf = (...facts: readonly Fact[]): number | null => measuredErrorRatio(sample.incident([sample.opened, ...facts]));

describe("the share of requests that fail", () => {
  it.each([
    { name: "triage alone", facts: [triaged(0.4)], expected: 0.4 },
    { name: "triage when the evidence is milder", facts: [triaged(0.6), gathered(0.37)], expected: 0.6 },
    { name: "the evidence when it is worse than triage", facts: [triaged(0.1), gathered(0.37)], expected: 0.37 },
    { name: "the newest evidence while it goes on", facts: [gathered(0.9), gathered(0.37, "03:18:00")], expected: 0.37 },
    { name: "the peak of all attempts once it is over", facts: [gathered(0.9), gathered(0.37, "03:18:00"), over], expected: 0.9 },
    { name: "nothing when nobody measured", facts: [triaged(null)], expected: null },
  ])("is $name", ({ facts, expected }) => {
    expect(ratioOf(...facts)).toBe(expected);
  });

  it("counts what was read while a plan was carried out, once it is over", () => {
    expect(measuredErrorRatio(sample.incident(sample.worse()))).toBe(0.37);
    expect(measuredErrorRatio(sample.incident([...sample.worse(), over]))).toBe(0.62);
  });

  it("is the same in title and first line", () => {
    const incident = sample.incident([sample.opened, triaged(0.6), gathered(0.37)]);
    expect(symptomInPlainText(incident)).toBe("60 % of requests fail");
    expect(symptomLine(incident)).toBe("**60 % of requests fail** (normal 0.3 %) **since 03:12 UTC**, measured 03:14 UTC.");
  });

  it("never calls normal what already was trouble", () => {
    const incident = sample.incident([sample.opened, triaged(0.6), gathered(0.37, "03:15:20", 0.34)]);
    expect(symptomLine(incident)).toContain("(already 34 % before the alert)");
    expect(baseline(0.34, "error-ratio", "ratio")).toBe("already 34 % before the alert");
    expect(baseline(0.019, "error-ratio", "ratio")).toBe("normal 1.9 %");
    expect(baseline(30, "pool-waiting", null)).toBe("normal 30");
  });
});

describe("when it was", () => {
  it.each([
    { end: "03:12:28", expected: "for 18 s at 03:12 UTC" },
    { end: "03:13:10", expected: "from 03:12 UTC to 03:13 UTC" },
  ])("is said as $expected", ({ end, expected }) => {
    expect(whenInPlainText(sample.incident([sample.opened, resolved(end)]))).toBe(expected);
  });
});

describe("what a person reported", () => {
  const view = (facts: readonly Fact[]) =>
    renderIssue({
      incident: sample.incident(facts),
      config: sample.config,
      now: sample.at("03:17:00"),
      revision: 9,
      keyId: "m1",
      minutes: 3,
    });

  it("stays the headline while the measurement looks harmless", () => {
    const incident = sample.incident([reported, triaged(0.004)]);
    expect(symptomInPlainText(incident)).toBe("Customers see yesterday's prices");
    expect(visibleText(symptomLine(incident))).toContain("yesterday's prices** **since 03:12 UTC**; 0.4 % of requests fail.");
  });

  it("gives way to a measurement that is trouble", () => {
    expect(symptomInPlainText(sample.incident([reported, triaged(0.02)]))).toBe("2 % of requests fail");
  });

  it("is kept word for word, dead", () => {
    const text = view([reported, triaged(0.4)]);
    expect(text).toContain("<summary><b>As reported by theo-marsh</b></summary>");
    expect(text).toContain("Since the import ran.");
    expect(text).not.toContain("@everyone");
  });
});

describe("the alert's own words", () => {
  it("stay in the issue with links and labels", () => {
    const alert = {
      ...sample.alert,
      annotations: { description: sample.outside("Look at <img src=x> @everyone first") },
    };
    const text = renderIssue({
      incident: sample.incident([{ ...sample.opened, alerts: [alert] } as MindFact, triaged(0.4)]),
      config: sample.config,
      now: sample.at("03:17:00"),
      revision: 9,
      keyId: "m1",
      minutes: 3,
    });
    const [, folded = ""] = text.split("<summary><b>The alert</b></summary>");
    expect(folded).toContain("Checkout error rate is 37%");
    expect(folded).toContain("[prometheus.example](http://prometheus.example:9090/");
    expect(folded).toContain("severity: critical");
    expect(folded).toContain("> Look at &#60;img");
    expect(folded).not.toContain("@everyone");
  });
});

describe("the words of an alert in a title", () => {
  const told = (summary: string): string =>
    symptomInPlainText(
      sample.incident([
        {
          ...(sample.opened as Extract<MindFact, { fact: "opened" }>),
          alerts: [{ ...sample.alert, name: sample.outside("Watchdog"), summary: sample.outside(summary) }],
        },
      ]),
    );

  it("are its summary where that fits, else its name: half a sentence says less", () => {
    expect(told("Orders are late")).toBe("Orders are late");
    expect(told("This alert is always firing, to show that the whole alerting pipeline is functional.")).toBe("Watchdog");
  });
});
