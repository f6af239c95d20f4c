import { describe, expect, it } from "vitest";
import { readMoment } from "../../src/intake/moment.js";
import { severityOf, severityOfPriority } from "../../src/intake/severity-words.js";
import { stateOf, withoutState } from "../../src/intake/state-words.js";
import { NOON } from "./fakes.js";

describe("a monitor's severity", () => {
  it.each([
    ["P0", "p0 P0 sev0 SEV-0 disaster"],
    ["P1", "critical CRITICAL page sev1 SEV-1 p1 emergency fatal urgent"],
    ["P2", "error major high sev2 P2"],
    ["P3", "warning warn minor sev3 sev4 low info INFO informational P3 p4 P5"],
    [null, "banana 1 5 -"],
  ])("%s is: %s", (expected, words) => {
    expect(words.split(" ").filter((word) => severityOf(word) !== expected)).toEqual([]);
  });

  it.each([
    [1, "P1"],
    [2, "P2"],
    [4, "P3"],
    ["3", "P3"],
    ["P2", "P2"],
    ["high", "P2"],
    [0, null],
    [9, null],
    [null, null],
  ])("priority %j is %s", (rank, expected) => {
    expect(severityOfPriority(rank)).toBe(expected);
  });
});

describe("a monitor's state", () => {
  it.each([
    ["resolved", "", "resolved"],
    ["OK", "", "resolved"],
    ["Recovered", "", "resolved"],
    ["alerting", "[OK] x", "firing"],
    ["ALARM", "", "firing"],
    ["INSUFFICIENT_DATA", "", "firing"],
    [undefined, "[OK] CPU alert", "resolved"],
    [undefined, "Resolved: CPU", "resolved"],
    [undefined, "OK is what it should be", "firing"],
    [503, "", "firing"],
    [undefined, "", "firing"],
  ])("%j with the title %j is %s", (word, title, expected) => {
    expect(stateOf(word, title)).toBe(expected);
  });

  it.each([
    ["[Alerting] CPU alert", "CPU alert"],
    ["[OK] CPU alert", "CPU alert"],
    ["[FIRING:2] CPU alert", "CPU alert"],
    ["RESOLVED: CPU alert", "CPU alert"],
    ["[a longer thing] CPU", "[a longer thing] CPU"],
  ])("the name in %j is %j", (title, expected) => {
    expect(withoutState(title)).toBe(expected);
  });
});

describe("a monitor's date", () => {
  it.each([
    ["2026-11-20T11:00:00Z", "2026-11-20T11:00:00.000Z"],
    ["2026-11-20T04:40:27.456129648Z", "2026-11-20T04:40:27.456Z"],
    ["2026-11-20T13:00:00+02:00", "2026-11-20T11:00:00.000Z"],
    ["2019-02-15T23:53:45.093+0000", "2019-02-15T23:53:45.093Z"],
    ["2026-11-20 11:00:00 UTC", "2026-11-20T11:00:00.000Z"],
    ["2024/08/14 21:28:56 GMT", "2024-08-14T21:28:56.000Z"],
    [1_795_172_400, "2026-11-20T11:00:00.000Z"],
    [1_795_172_400_000, "2026-11-20T11:00:00.000Z"],
    ["1795172400.5", "2026-11-20T11:00:00.500Z"],
  ])("%j is %s", (value, expected) => {
    expect(readMoment(value, NOON)?.toISOString()).toBe(expected);
  });

  it.each(["0001-01-01T00:00:00Z", "2026-11-20T12:30:00Z", "soon", "", null, {}, 12, -1, Number.NaN])("%j is none", (value) => {
    expect(readMoment(value, NOON)).toBeNull();
  });
});
