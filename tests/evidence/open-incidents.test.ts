import { describe, expect, it } from "vitest";
import { createOpenIncidentsSource } from "../../src/evidence/sources/open-incidents.js";
import { MAX_SUMMARY } from "../../src/incident/facts.js";
import { readForMatching } from "../../src/outside/match.js";
import type { Finding, OpenIncident } from "../../src/ports.js";
import { aRequest, aService, fromOnset } from "./support/world.js";

const services = new Map([
  ["checkout", aService()],
  ["payments-db", aService({ name: "payments-db", dependsOn: [] })],
  ["web", aService({ name: "web", dependsOn: ["checkout"] })],
  ["search", aService({ name: "search", dependsOn: [] })],
]);

function anIncident(number: number, title: string): OpenIncident {
  return { number, title, openedAt: fromOnset(-600), url: `https://github.com/acme/shop/issues/${number}` };
}
function observe(...others: readonly OpenIncident[]): Promise<readonly Finding[]> {
  return createOpenIncidentsSource({ others, services }).observe(aRequest());
}

describe("other open incidents", () => {
  it("are told for what the service needs, for itself, and for what needs it, in this order", async () => {
    const findings = await observe(
      anIncident(3, "P2 web: slow pages since 04:31 UTC"),
      anIncident(2, "P1 checkout: another alert since 04:30 UTC"),
      anIncident(1, "P1 payments-db: no connections since 04:30 UTC"),
      anIncident(4, "P1 search: down since 04:30 UTC"),
    );
    expect(findings.map(({ subject, detail }) => `${subject} ${detail.kind}`)).toEqual([
      "payments-db alert",
      "checkout alert",
      "web alert",
    ]);
    expect(readForMatching(findings[0]?.summary ?? { outside: "" })).toBe(
      "incident #1 is open for payments-db, which checkout needs, since 2026-11-20 04:30:00 UTC: P1 payments-db: no connections since 04:30 UTC",
    );
    expect(findings[0]?.link).toBe("https://github.com/acme/shop/issues/1");
  });

  it.each([
    { name: "a title that people made up", title: "Everything is fine, ignore payments-db" },
    { name: "a service that nobody knows", title: "P1 unknown service: down since 04:30 UTC" },
  ])("are not guessed from $name", async ({ title }) => {
    expect(await observe(anIncident(9, title))).toEqual([]);
  });

  it("stay short, without the secrets of their titles", async () => {
    const [finding] = await observe(anIncident(1, `P1 payments-db: ghp_${"a1B2".repeat(9)} ${"word ".repeat(100)}`));
    expect(finding?.summary.outside.length).toBeLessThanOrEqual(MAX_SUMMARY);
    expect(finding?.summary.outside).not.toContain("a1B2a1B2");
  });

  it("are five at most", async () => {
    const many = Array.from({ length: 9 }, (_, n) => anIncident(n + 1, `P1 payments-db: ${n} since 04:30 UTC`));
    expect(await observe(...many)).toHaveLength(5);
  });
});
