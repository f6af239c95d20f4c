import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shopQueries } from "../../../lab/world/queries.js";
import { startWorld, type World } from "../../../lab/world/world.js";
import {
  archive,
  childrenOf,
  eventually,
  isRunning,
  offsetClock,
  packedRelease,
  seededRepository,
  temporaryFolder,
} from "./support.js";

const clock = offsetClock();
const queries = shopQueries(true);
let world: World;
let repository: string;

beforeAll(async () => {
  repository = await seededRepository();
  world = await startWorld({ clock, dir: temporaryFolder(), fast: true, monitorToken: "reader" });
});
afterAll(() => world.stop());

async function upload(version: string, body: Uint8Array<ArrayBuffer>, token = world.hostToken): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/gzip" };
  const response = await fetch(`${world.hostUrl}/releases/${version}`, { method: "POST", headers, body });
  await response.arrayBuffer();
  return response.status;
}

async function read(url: string): Promise<{ data: { result: { value: [number, string]; values: [string, string][] }[] } }> {
  const response = await fetch(url, { headers: { authorization: "Bearer reader" } });
  expect(response.status).toBe(200);
  return (await response.json()) as Awaited<ReturnType<typeof read>>;
}

function secondsAgo(seconds: number): string {
  return String(clock.now().getTime() / 1000 - seconds);
}

async function readNumber(query: string): Promise<number> {
  const { data } = await read(`${world.prometheusUrl}/api/v1/query?query=${encodeURIComponent(query)}`);
  return Number(data.result[0]?.value[1]);
}

// One world, one story: the tests stand in the order of events.
describe("the world", () => {
  it("starts with the healthy release, which nobody deployed", () => {
    expect(world.state()).toMatchObject({ release: "v1.4.2", version: "good", effects: [] });
    expect(world.state().error_rate).toBeLessThan(0.01);
    expect(world.firingPayload()).toBeNull();
  });

  it("refuses a wrong token, a version that is no tag, and a release that does not start, and changes nothing", async () => {
    expect(await upload("v1.5.0", archive(repository, "v1.5.0"), "guess")).toBe(401);
    expect(await upload("latest", archive(repository, "v1.5.0"))).toBe(400);
    expect(await upload("v1.5.0", new Uint8Array([1, 2, 3]))).toBe(422);
    expect(await upload("v1.5.0", packedRelease("process.exit(1);"))).toBe(422);
    expect(world.state()).toMatchObject({ release: "v1.4.2", effects: [] });
  });

  it("fails orders, logs errors and fires the alert after the release with the small pool", async () => {
    expect(await upload("v1.5.0", archive(repository, "v1.5.0"))).toBe(200);
    expect(world.state()).toMatchObject({ release: "v1.5.0", version: "bad", effects: [{ kind: "deploy v1.5.0" }] });

    await eventually("the alert fires", () => world.firingPayload() !== null);
    await eventually("a fifth of the orders fails", () => (world.state().error_rate ?? 0) > 0.2);
    expect(await readNumber(queries.errorRatio.query)).toBeGreaterThan(0.05);
    expect(await readNumber(queries.poolWaiting.query)).toBeGreaterThan(5);
    expect(world.firingPayload()?.alerts[0]?.startsAt).toBe(world.alert()?.activeAt.toISOString());

    const logs = await read(`${world.lokiUrl}/loki/api/v1/query_range?query=${encodeURIComponent(queries.errors.query)}`);
    expect(logs.data.result[0]?.values[0]?.[1]).toMatch(/^ERROR timeout: no free connection in pool \(size=4, waiting=\d+\)$/);
  });

  it("asks readers of the monitor for their token", async () => {
    for (const url of [world.prometheusUrl, world.lokiUrl]) {
      const refused = await fetch(`${url}/api/v1/alerts`, { headers: { authorization: "Bearer wrong" } });
      expect(refused.status).toBe(401);
    }
  });

  it("recovers when the previous release is put back, and counts every deployment, even the same again", async () => {
    expect(await upload("v1.4.2", archive(repository, "v1.4.2"))).toBe(200);
    expect(await upload("v1.4.2", archive(repository, "v1.4.2"))).toBe(200);
    expect(world.state().effects.map(({ kind }) => kind)).toEqual(["deploy v1.5.0", "deploy v1.4.2", "deploy v1.4.2"]);

    await eventually("orders succeed again", () => world.alert() === null && (world.state().error_rate ?? 1) < 0.02);
    expect(await readNumber(queries.poolWaiting.query)).toBe(0);
  });

  it("stamps what comes after an advance of the clock with the new time, and leaves the gap a gap", async () => {
    clock.advance(3_600);
    await sleep(600);
    const ask = { query: queries.poolWaiting.query, start: secondsAgo(3_590), end: secondsAgo(0), step: "1" };
    const { data } = await read(`${world.prometheusUrl}/api/v1/query_range?${new URLSearchParams(ask).toString()}`);
    const times = (data.result[0]?.values ?? []).map(([at]) => Number(at));
    expect(times.at(-1)).toBeGreaterThan(Number(secondsAgo(5)));
    expect(times.filter((at) => at < Number(secondsAgo(10)))).toEqual([]);
  });

  it("leaves no process behind", async () => {
    const children = childrenOf(process.pid);
    expect(children).toHaveLength(4);
    await world.stop();
    expect(children.filter(isRunning)).toEqual([]);
  });
});
