import { expect, it } from "vitest";
import { LabSession } from "./lab-session.js";
import { bringHome } from "./campaign.js";
it("x", async () => {
  const session = await LabSession.start();
  await session.breakShop();
  await session.fault({ job: "archive", nth: 1 }, { kill: "before" });
  try { await bringHome(session, session.firing()); } catch { /* shown below */ }
  for (const run of await session.runs()) for (const job of run.jobs) if (job.conclusion === "failure") console.log(run.id, job.name, await session.log(run.id, job.name));
  await session.close();
  expect(1).toBe(1);
}, 200_000);
