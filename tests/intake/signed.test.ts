import { describe, expect, it } from "vitest";
import type { Config } from "../../src/config/config.js";
import { writeBlock } from "../../src/incident/codec.js";
import { generateKeys, openSigningKey } from "../../src/incident/signature.js";
import { decodeIntakeBlock } from "../../src/intake/intake.js";
import { openIncident, type OpenResult } from "../../src/intake/open.js";
import { FakeRepository, NOON, REPOSITORY_ID, configOf, service } from "./fakes.js";
import { alertmanager, dispatch } from "./payloads.js";

const trusted = generateKeys();
const forger = generateKeys();
const config: Config = { ...configOf(service("search")), keys: { mind: [{ id: "m1", public: trusted.public }], hands: [] } };

function open(repository: FakeRepository, raw: unknown): Promise<OpenResult> {
  return openIncident({ kind: "dispatch", clientPayload: dispatch(raw) }, repository.ports(), config);
}

/** What the mind does to a newborn: its intake becomes the first fact of a signed journal. */
function sign(repository: FakeRepository, number: number, by: { readonly public: string; readonly private: string }): void {
  const issue = repository.issue(number);
  const intake = decodeIntakeBlock(issue.body);
  const key = openSigningKey(by.private, [{ id: "m1", public: by.public }], "mind");
  const header = {
    document: "journal",
    repository: REPOSITORY_ID,
    issue: number,
    plan: null,
    revision: 1,
    previous: "",
  } as const;
  const { text } = writeBlock(header, [{ fact: "opened", at: NOON, ...intake }], key);
  repository.issues.set(number, { ...issue, body: `A view.\n\n${text}`, editedAt: NOON });
}

describe("an incident with a signed journal", () => {
  it("is recognised by key, fingerprint and service", async () => {
    const repository = new FakeRepository();
    const payload = alertmanager({ service: "search" });
    await open(repository, payload);
    sign(repository, 1, trusted);
    expect(await open(repository, payload)).toMatchObject({ incident: 1, outcome: "repeated" });
    expect(await open(repository, alertmanager({ service: "search", status: "resolved" }))).toMatchObject({
      incident: 1,
      outcome: "joined",
    });
    expect(await open(repository, alertmanager({ service: "search", fingerprint: "other" }))).toMatchObject({
      incident: 1,
      outcome: "joined",
    });
  });

  it("signed by another key takes in nothing: the alert opens an incident of its own", async () => {
    const repository = new FakeRepository();
    const payload = alertmanager({ service: "search" });
    await open(repository, payload);
    sign(repository, 1, forger);
    expect(await open(repository, payload)).toMatchObject({ incident: 2, outcome: "opened" });
  });
});

describe("an edited newborn", () => {
  it("is not believed either", async () => {
    const repository = new FakeRepository();
    const payload = alertmanager({ service: "search" });
    await open(repository, payload);
    repository.issues.set(1, { ...repository.issue(1), editedAt: NOON });
    expect(await open(repository, payload)).toMatchObject({ incident: 2, outcome: "opened" });
  });
});
