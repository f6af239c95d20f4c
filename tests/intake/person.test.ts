import { describe, expect, it } from "vitest";
import { decodeIntakeBlock } from "../../src/intake/intake.js";
import { openIncident } from "../../src/intake/open.js";
import { FakeRepository, configOf, service } from "./fakes.js";
import { alertmanager, dispatch } from "./payloads.js";

const config = configOf(service("checkout"), service("checkout-api"));
const ADA = { login: "ada", isBot: false };

describe("a person's issue", () => {
  it("becomes the bot's incident, is linked and closed", async () => {
    const repository = new FakeRepository();
    repository.roles.set("ada", "triage");
    const issue = repository.plant(ADA, "Customers cannot pay", "Service: checkout\nseverity: sev1\nIt broke at noon", [
      "incident",
    ]);
    const result = await openIncident({ kind: "issue", issue }, repository.ports(), config);
    expect(result).toMatchObject({ incident: 2, created: true, outcome: "opened" });
    expect(decodeIntakeBlock(repository.issue(2).body)).toMatchObject({
      key: "issue-1",
      reportedBy: "ada",
      alerts: [{ service: "checkout", severity: "P1", monitor: "github-issue" }],
    });
    expect(repository.issue(1).state).toBe("closed");
    expect(repository.comments.get(1)?.[0]?.body).toMatch(/^This is now incident #2\./);
  });

  it.each([
    { title: "checkout-api answers 500", body: "", expected: "checkout-api" },
    { title: "500 on checkout", body: "- **Service:** `checkout-api`", expected: "checkout-api" },
    { title: "checkouts are slow", body: "", expected: null },
    { title: "All is slow", body: "service: unheard-of", expected: null },
  ])("about «$title» concerns $expected", async ({ title, body, expected }) => {
    const repository = new FakeRepository();
    repository.roles.set("ada", "admin");
    const issue = repository.plant(ADA, title, body, ["incident"]);
    await openIncident({ kind: "issue", issue }, repository.ports(), config);
    expect(decodeIntakeBlock(repository.issue(2).body)?.alerts[0].service).toBe(expected);
  });

  it.each(["none", "read"] as const)("from the role %s is refused once, with the reason", async (role) => {
    const repository = new FakeRepository();
    repository.roles.set("ada", role);
    const issue = repository.plant(ADA, "checkout is down", "", ["incident"]);
    const event = { kind: "issue", issue } as const;
    expect(await openIncident(event, repository.ports(), config)).toMatchObject({ incident: null, outcome: "refused" });
    await openIncident(event, repository.ports(), config);
    expect(repository.issues.size).toBe(1);
    expect(repository.comments.get(1)).toHaveLength(1);
    expect(repository.comments.get(1)?.[0]?.body).toContain("triage");
  });

  it("about a service that has an incident joins it", async () => {
    const repository = new FakeRepository();
    repository.roles.set("ada", "write");
    await openIncident(
      { kind: "dispatch", clientPayload: dispatch(alertmanager({ service: "checkout" })) },
      repository.ports(),
      config,
    );
    const issue = repository.plant(ADA, "checkout is down", "", ["incident"]);
    expect(await openIncident({ kind: "issue", issue }, repository.ports(), config)).toMatchObject({
      incident: 1,
      created: false,
      outcome: "joined",
    });
    expect(repository.comments.get(1)?.[0]?.body).toContain("Reported by **ada**");
    expect(repository.issue(2).state).toBe("closed");
  });

  it("that a bot opened is left alone", async () => {
    const repository = new FakeRepository();
    const issue = repository.plant({ login: "renovate[bot]", isBot: true }, "x", "", ["incident"]);
    expect(await openIncident({ kind: "issue", issue }, repository.ports(), config)).toMatchObject({
      incident: null,
      outcome: "ours",
    });
    expect(repository.writes()).toEqual([]);
  });
});
