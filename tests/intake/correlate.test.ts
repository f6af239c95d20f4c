import { describe, expect, it } from "vitest";
import { correlate, type KnownIncident } from "../../src/intake/correlate.js";
import { draftAlert } from "../../src/intake/draft-alert.js";
import type { Intake } from "../../src/intake/intake.js";
import { NOON, configOf, service } from "./fakes.js";

const { services } = configOf(service("checkout", ["payments"]), service("payments"), service("search"));
const rules = { services, now: NOON };

interface Sketch {
  readonly key?: string;
  readonly fingerprint?: string;
  readonly service?: string;
  readonly state?: "firing" | "resolved";
  readonly startsAt?: Date;
}
function intake({
  key = "k",
  fingerprint = "f",
  service: name = "checkout",
  state = "firing",
  startsAt = minutesAgo(1),
}: Sketch): Intake {
  const draft = {
    name: "n",
    summary: "s",
    state,
    severity: null,
    fingerprint,
    service: name,
    startsAt: startsAt.toISOString(),
    labels: {},
    annotations: {},
    links: [],
    notes: [],
  };
  return { key, alerts: [draftAlert(draft, { monitor: "json", services, now: NOON })], reportedBy: null };
}
function known(more: Partial<KnownIncident> = {}): KnownIncident {
  return {
    number: 5,
    keys: new Set(["old"]),
    fingerprints: new Map([["old", { state: "firing", startedAt: minutesAgo(10) }]]),
    service: "checkout",
    phase: "triaged",
    lastActivity: minutesAgo(5),
    ...more,
  };
}
function minutesAgo(minutes: number): Date {
  return new Date(NOON.getTime() - minutes * 60_000);
}

describe("correlate", () => {
  it.each<{ name: string; sketch: Sketch; incident: Partial<KnownIncident>; expected: string }>([
    { name: "the same key is a repeat", sketch: { key: "old" }, incident: {}, expected: "same-key, repeat" },
    {
      name: "the same key is a repeat when all is closed",
      sketch: { key: "old", startsAt: minutesAgo(30) },
      incident: { phase: "closed" },
      expected: "same-key, repeat",
    },
    {
      name: "the same key is new when it fires after the end",
      sketch: { key: "old" },
      incident: { phase: "closed" },
      expected: "new",
    },
    {
      name: "the same fingerprint in the same state is a repeat",
      sketch: { fingerprint: "old" },
      incident: {},
      expected: "same-fingerprint, repeat",
    },
    {
      name: "the same fingerprint in another state is news",
      sketch: { fingerprint: "old", state: "resolved" },
      incident: {},
      expected: "same-fingerprint, news",
    },
    {
      name: "the same fingerprint joins long after the window",
      sketch: { fingerprint: "old", state: "resolved" },
      incident: { lastActivity: minutesAgo(600) },
      expected: "same-fingerprint, news",
    },
    {
      name: "the same fingerprint firing does not join a resolved incident",
      sketch: { fingerprint: "old" },
      incident: { phase: "resolved" },
      expected: "new",
    },
    {
      name: "the end of an alert joins a resolved incident",
      sketch: { fingerprint: "old", state: "resolved" },
      incident: { phase: "resolved" },
      expected: "same-fingerprint, news",
    },
    {
      name: "the end of an alert does not join a closed incident",
      sketch: { fingerprint: "old", state: "resolved" },
      incident: { phase: "closed" },
      expected: "none",
    },
    {
      name: "firing that arrives after its own end is no news",
      sketch: { fingerprint: "old", startsAt: minutesAgo(10) },
      incident: { fingerprints: new Map([["old", { state: "resolved", startedAt: minutesAgo(10) }]]) },
      expected: "same-fingerprint, repeat",
    },
    { name: "the same service joins within the window", sketch: {}, incident: {}, expected: "same-service, news" },
    {
      name: "the same service joins at the end of the window",
      sketch: {},
      incident: { lastActivity: minutesAgo(60) },
      expected: "same-service, news",
    },
    { name: "the same service does not join after it", sketch: {}, incident: { lastActivity: minutesAgo(61) }, expected: "new" },
    { name: "the same service does not join what is over", sketch: {}, incident: { phase: "resolved" }, expected: "new" },
    { name: "what it depends on does not join", sketch: { service: "payments" }, incident: {}, expected: "new" },
    { name: "what depends on it does not join", sketch: {}, incident: { service: "payments" }, expected: "new" },
    { name: "another service does not join", sketch: { service: "search" }, incident: {}, expected: "new" },
    {
      name: "an unknown service joins no other unknown one",
      sketch: { service: "?" },
      incident: { service: null },
      expected: "new",
    },
    {
      name: "the end of an unknown alert of another service is nothing",
      sketch: { service: "search", state: "resolved" },
      incident: {},
      expected: "none",
    },
  ])("$name", ({ sketch, incident, expected }) => {
    const verdict = correlate(intake(sketch), [known(incident)], rules);
    expect(verdict.kind === "existing" ? `${verdict.why}, ${verdict.plainRepeat ? "repeat" : "news"}` : verdict.kind).toBe(
      expected,
    );
  });

  it("prefers the stronger reason to the newer incident", () => {
    const incidents = [
      known({ number: 9 }),
      known({ number: 3, service: "search", fingerprints: new Map([["f", { state: "firing", startedAt: NOON }]]) }),
    ];
    expect(correlate(intake({}), incidents, rules)).toMatchObject({ incident: 3, why: "same-fingerprint" });
  });

  it("prefers an open incident to one that is over, and the newest of several", () => {
    const fingerprints = new Map([["f", { state: "firing" as const, startedAt: NOON }]]);
    const incidents = [
      known({ number: 9, phase: "resolved", fingerprints }),
      known({ number: 3, fingerprints }),
      known({ number: 4, fingerprints }),
    ];
    expect(correlate(intake({ state: "resolved" }), incidents, rules)).toMatchObject({ incident: 4 });
  });

  it("opens a new incident when none is known", () => {
    expect(correlate(intake({}), [], rules)).toEqual({ kind: "new" });
  });
});
