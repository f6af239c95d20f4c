import { afterAll, beforeAll, expect, it } from "vitest";
import { LabSession } from "./lab-session.js";

let session: LabSession;
beforeAll(async () => {
  session = await LabSession.start();
});
afterAll(() => session.close());

it("goes home", async () => {
  const t = performance.now();
  const say = (what: string) => console.log(what, Math.round(performance.now() - t));
  await session.breakShop();
  say("broken");
  await session.notify(session.firing());
  await session.until("awaiting-approval");
  say("awaiting");
  await session.say("maintain", "/approve");
  await session.until("closed");
  say("closed");
  console.log(await session.describeRuns());
  expect((await session.world()).effects).toHaveLength(2);
}, 90_000);
