import { expect, it } from "vitest";
import { LabSession } from "./lab-session.js";
import { bringHome } from "./campaign.js";
it("x", async () => {
  const session = await LabSession.start();
  await session.breakShop();
  await session.fault({ job: "respond", operation: "issues/create-comment", nth: 2 }, { kill: "after" });
  const issue = await bringHome(session, session.firing());
  console.log(await session.folder("postmortems/2026"), (await session.file("postmortems/README.md"))?.text, issue.body.replace(/<!-- gatehouse:journal.*-->/s,""));
  await session.close();
  expect(1).toBe(1);
}, 200_000);
