import { describe, expect, it } from "vitest";
import { readSymptoms, type NamedSeries } from "../../../src/signals/change-rank/symptoms.js";

const MINUTE = 60_000;
const NOTICED = 60 * MINUTE;

/** One figure a minute: what it was, then from minute 50 on what it became. */
function series(service: string, name: string, was: number, became: number): NamedSeries {
  const points = Array.from({ length: 60 }, (_, at) => ({ at: at * MINUTE, value: (at < 50 ? was : became) + (at % 3) }));
  return { service, name, points };
}
function read(all: readonly NamedSeries[], lines: readonly { at: number; service: string; text: string }[] = []) {
  const services = ["web", "api", "db"];
  return readSymptoms({
    noticedAt: NOTICED,
    alert: { service: "api", texts: ["api is slow"] },
    services,
    series: all,
    lines,
    tallies: [],
    spans: [],
    told: { signs: [], shifts: [] },
  });
}

describe("what an incident shows", () => {
  it("takes load that rose wherever it is counted for load from outside, without any trace", () => {
    const all = [series("web", "requests_per_sec", 100, 900), series("api", "requests_per_sec", 200, 1_800)];
    expect(read(all).entries).toEqual(["web", "api"]);
  });

  it("takes load that rose at one of them for what a caller made of it", () => {
    const all = [series("web", "requests_per_sec", 100, 100), series("api", "requests_per_sec", 200, 1_800)];
    expect(read(all).entries).toEqual([]);
    expect(read(all.slice(1)).entries).toEqual([]);
  });

  it("dates new errors of each service", () => {
    const lines = [
      { at: 10 * MINUTE, service: "api", text: "INFO all is well" },
      { at: 51 * MINUTE, service: "api", text: "ERROR no seat left" },
      { at: 52 * MINUTE, service: "web", text: "ERROR api failed" },
    ];
    const { shifts, watched } = read([series("db", "cpu", 20, 20)], lines);
    expect(shifts.map(({ service, at, name }) => [service, at / MINUTE, name])).toEqual([
      ["api", 51, "new errors"],
      ["web", 52, "new errors"],
    ]);
    expect(watched).toEqual(["db", "api", "web"]);
  });
});
