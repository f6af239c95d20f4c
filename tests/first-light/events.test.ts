import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { findBlemishes, findRequestBlemishes, saidTwice } from "./blemishes.js";
import { LabSession, SLOW, type Notification } from "./lab-session.js";

/** GitHub says that it was taken, and nothing comes of it. */
const LOST = { status: 204, body: "" };

/** An event only wakes: whichever are lost, doubled or out of order, the story is the same. */
describe("events lost, doubled and reordered", { timeout: SLOW }, () => {
  let session: LabSession;
  beforeAll(async () => {
    session = await LabSession.start();
    await session.breakShop();
  }, SLOW);
  afterAll(() => session.close());

  it("opens one incident for a notification that is delivered twice at once", async () => {
    const notification = session.firing();
    await Promise.all([session.notify(notification), session.notify(notification)]);
    await session.until("awaiting-approval");
    expect(await session.issues()).toHaveLength(1);
  });

  it("says nothing when the same alert comes again, under the same key or another", async () => {
    const before = (await session.comments()).length;
    await session.notify(session.firing("first"));
    await session.notify(session.firing("repeated"));
    await session.rest();
    expect(await session.issues()).toHaveLength(1);
    expect(await session.comments()).toHaveLength(before);
  });

  it("believes no message that it is over while the measurements say otherwise", async () => {
    await session.notify(session.resolved());
    await session.rest();
    const issue = await session.until("awaiting-approval");
    expect(issue.state).toBe("open");
    expect((await session.comments()).filter(({ body }) => body.includes("gatehouse:intake"))).toHaveLength(1);
  });

  it("takes an old firing message that arrives after the resolved one for what it is", async () => {
    const before = (await session.comments()).length;
    await session.notify(session.firing("late"));
    await session.rest();
    expect(await session.comments()).toHaveLength(before);
  });

  it("goes on at the next sweep when the start of the hands was lost", async () => {
    await session.fault({ job: "hand-over", operation: "actions/create-workflow-dispatch" }, LOST, 2);
    await Promise.all([session.say("maintain", "/approve"), session.say("admin", "/approve")]);
    await session.rest();
    expect((await session.runs()).filter(({ workflow }) => workflow === "remediate")).toEqual([]);
    expect((await session.issue()).labels).toContain("phase:approved");
  });

  it("goes on at the next sweep when the hands' wake-up was lost, and sweeps that meet do it once", async () => {
    await session.fault({ job: "wake", operation: "actions/create-workflow-dispatch" }, LOST);
    await session.sweep();
    await session.rest();
    expect((await session.world()).release).toBe("v1.4.2");
    expect((await session.issue()).state).toBe("open");
    await Promise.all([session.sweep(), session.wake(1), session.wake(1)]);
    await session.until("closed");
  });

  it("carries out nothing for a second start of the hands with the same plan", async () => {
    const plan = /Remediate #1 plan ([0-9a-f]{64})/.exec(
      (await session.runs()).find(({ workflow }) => workflow === "remediate")?.name ?? "",
    );
    await session.startWorkflow("remediate.yml", { incident: "1", plan: plan?.[1] ?? "", environment: "production-gate" });
    await session.rest();
    const last = (await session.runs()).findLast(({ workflow }) => workflow === "remediate");
    expect(last?.jobs.map(({ conclusion }) => conclusion)).toEqual(["success", "skipped", "success"]);
  });

  it("ends as if every event had come once", async () => {
    expect(await findBlemishes(session, await session.issue(), "closed")).toEqual([]);
  });
});

describe("a group of alerts", { timeout: SLOW }, () => {
  let session: LabSession;
  beforeAll(async () => {
    session = await LabSession.start();
    await session.breakShop();
  }, SLOW);
  afterAll(() => session.close());

  it("is one incident where they speak of one service, and another where they do not", async () => {
    const { raw } = group("group-firing", session);
    const stranger = {
      ...raw,
      alerts: raw.alerts.map((alert) => ({ ...alert, fingerprint: "1", labels: { ...alert.labels, service: "warehouse" } })),
    };
    await Promise.all([
      session.notify({ key: "pair", raw }),
      session.notify({ key: "stranger", raw: { ...raw, alerts: [...raw.alerts, ...stranger.alerts] } }),
    ]);
    await session.rest();
    const issues = await session.issues();
    expect(issues).toHaveLength(2);
    const [ours, other] = ["phase:awaiting-approval", "phase:escalated"].map((phase) =>
      issues.find(({ labels }) => labels.includes(phase)),
    );
    expect(ours?.body).toContain("checkout");
    expect(other?.body).toContain("warehouse");
  });

  it("notes the member that is over, and goes on for the other", async () => {
    const incident = await numberOf(session, "phase:awaiting-approval");
    await session.notify(group("group-mixed", session));
    await session.rest();
    expect((await session.issue(incident)).labels).toContain("phase:awaiting-approval");
    expect((await session.comments(incident)).filter(({ body }) => body.includes("gatehouse:intake"))).toHaveLength(1);
  });

  it("closes the incident without a plan once all are over and the measurements agree", async () => {
    const incident = await numberOf(session, "phase:awaiting-approval");
    await session.control("POST", "/world/deploy", { version: "good" });
    await session.eventually(
      "the shop is well",
      async () => session.lab.world.alert() === null && (await session.world()).error_rate === 0,
    );
    const { raw } = group("group-mixed", session);
    const over = raw.alerts.map((alert) => ({ ...alert, status: "resolved", endsAt: session.lab.clock.now().toISOString() }));
    await session.notify({ key: "all-over", raw: { ...raw, status: "resolved", alerts: over } });
    const issue = await session.until("closed", incident);
    expect(issue.state).toBe("closed");
    expect((await session.runs()).filter(({ name }) => name.startsWith(`Remediate #${incident} `))).toEqual([]);
    expect(saidTwice(await session.comments(incident))).toEqual([]);
    expect(await findRequestBlemishes(session)).toEqual([]);
  });
});

const Group = z.looseObject({
  alerts: z.array(z.looseObject({ startsAt: z.string(), labels: z.record(z.string(), z.string()) })),
});

/** A captured body of Alertmanager with two instances of one alert, its times on the lab's clock. */
function group(name: string, session: LabSession): Notification & { readonly raw: z.infer<typeof Group> } {
  const body = Group.parse(JSON.parse(readFileSync(`tests/fixtures/alertmanager-live/${name}.json`, "utf8")));
  const startsAt = (session.startedAt ?? session.lab.clock.now()).toISOString();
  return { key: name, raw: { ...body, alerts: body.alerts.map((alert) => ({ ...alert, startsAt })) } };
}

async function numberOf(session: LabSession, label: string): Promise<number> {
  return (await session.issues()).find(({ labels }) => labels.includes(label))?.number ?? 0;
}
