import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findBlemishes } from "./blemishes.js";
import { LabSession, SLOW } from "./lab-session.js";

/** One incident as it should be: the alert comes, a maintainer approves, the rest is the bundle's. */
describe("one incident, end to end", { timeout: SLOW }, () => {
  let session: LabSession;
  const rates: { before: number | null; during: number | null; after: number | null } = {
    before: null,
    during: null,
    after: null,
  };
  let approval = 0;

  beforeAll(async () => {
    session = await LabSession.start();
    rates.before = (await session.world()).error_rate;
    await session.breakShop();
    rates.during = (await session.world()).error_rate;
    await session.notify(session.firing());
    await session.until("awaiting-approval");
    approval = await session.say("maintain", "/approve");
    await session.until("closed");
  }, SLOW);
  afterAll(() => session.close());

  it("ends closed, filed once, with one deploy by the remediation, every request as GitHub describes it", async () => {
    const issue = await session.issue();
    expect(await findBlemishes(session, issue, "closed")).toEqual([]);
    expect(issue).toMatchObject({ state: "closed", user: { login: "github-actions[bot]" } });
    expect(issue.labels).toEqual(["incident", "severity:P1", "phase:closed"]);
    expect(session.lab.github.validation).toMatchObject({ violations: 0, without_schema: 0 });
  });

  it("really heals the shop", async () => {
    rates.after = (await session.world()).error_rate;
    expect([rates.before, rates.after]).toEqual([0, 0]);
    expect(rates.during).toBeGreaterThan(0.2);
    expect(await session.world()).toMatchObject({ release: "v1.4.2", version: "good" });
  });

  it("shows the approver that the command was seen and done", async () => {
    expect(await session.reactions(approval)).toEqual(["eyes", "rocket"]);
  });

  it("calls the people on duty at the opening and when the plan waits", async () => {
    const calls = (await session.comments()).filter(({ body, user }) => user.type === "Bot" && body.includes("@acme/on-call"));
    expect(calls.length).toBeGreaterThanOrEqual(2);
    expect(calls[0]?.body).toContain("P1 · checkout");
  });

  it("writes the story down: cause, approval, effect and verdict", async () => {
    const [name = ""] = await session.folder("postmortems/2026");
    const text = (await session.file(`postmortems/2026/${name}`))?.text ?? "";
    for (const part of ["CheckoutErrorRateHigh", "v1.5.0", "v1.4.2", "config/pool.json", "jonas-weber", "recovered"])
      expect(text).toContain(part);
  });

  it("needs no run but the four of the story and the two deployments", async () => {
    const runs = await session.runs();
    expect(runs.map(({ workflow }) => workflow)).toEqual([
      "deploy",
      "incident",
      "incident",
      "remediate",
      "deploy",
      "incident",
      "incident",
    ]);
    expect(runs.filter(({ conclusion }) => conclusion !== "success")).toEqual([]);
  });
});
