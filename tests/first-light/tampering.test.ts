import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findRequestBlemishes, saidTwice } from "./blemishes.js";
import { LabSession, SLOW } from "./lab-session.js";
import type { Comment } from "./shapes.js";

const JOURNAL = /<!-- gatehouse:journal v1 (\S+) (\S+) (\S+) -->/;

/** One incident on which people with more rights than sense change what is not theirs, before and after its plan is carried out. */
describe("an incident that people tamper with", { timeout: SLOW }, () => {
  let session: LabSession;
  let waiting = ""; // the signed body while the plan waited
  beforeAll(async () => {
    session = await LabSession.start();
    await session.breakShop();
    await session.notify(session.firing());
    waiting = (await session.until("awaiting-approval")).body;
  }, SLOW);
  afterAll(() => session.close());

  async function writeBody(body: string): Promise<void> {
    expect((await session.api("write", "PATCH", "/issues/1", { body })).status).toBe(200);
    await session.rest();
  }
  async function wakeAgain(): Promise<void> {
    await session.wake(1);
    await session.rest();
  }
  async function alarms(): Promise<readonly Comment[]> {
    return (await session.comments()).filter(({ body }) => body.includes("<!-- gatehouse:alarm:"));
  }
  async function effects(): Promise<readonly string[]> {
    return (await session.world()).effects.map(({ kind }) => kind);
  }

  it("puts back the labels that someone removed, and says so", async () => {
    await session.api("triage", "PATCH", "/issues/1", { labels: ["wontfix"] });
    await session.rest();
    const issue = await session.issue();
    expect(issue.labels).toEqual(["incident", "severity:P1", "phase:awaiting-approval", "wontfix"]);
    expect(issue.body).toMatch(/missing incident, severity:P1, phase:awaiting-approval/);
  });

  it("opens the issue again that someone closed, says so and calls people", async () => {
    const before = (await session.comments()).length;
    await session.api("triage", "PATCH", "/issues/1", { state: "closed" });
    await session.rest();
    const issue = await session.issue();
    expect(issue).toMatchObject({ state: "open", body: expect.stringContaining("closed") });
    const news = (await session.comments()).slice(before);
    expect(news.filter(({ body }) => body.includes("@acme/on-call"))).toHaveLength(1);
    expect(news[0]?.body).toContain("closed");
  });

  it("does nothing on a forged journal, says so once and calls people", async () => {
    const [block = "", head = "", signature = "", payload = ""] = JOURNAL.exec((await session.issue()).body) ?? [];
    const forged = Buffer.from(payload, "base64");
    forged[forged.length - 3] = (forged[forged.length - 3] ?? 0) ^ 1;
    await writeBody(waiting.replace(JOURNAL, `<!-- gatehouse:journal v1 ${head} ${signature} ${forged.toString("base64")} -->`));
    await wakeAgain();
    expect(block).not.toBe("");
    const said = await alarms();
    expect(said.map(({ body }) => body)).toEqual([expect.stringMatching(/journal in the body of #1 is not valid.*signature/s)]);
    expect(said[0]?.body).toContain("@acme/on-call");
    const failed = (await session.runs()).filter(({ jobs }) =>
      jobs.some(({ name, conclusion }) => name === "respond" && conclusion === "failure"),
    );
    expect(failed).toHaveLength(2);
  });

  it("does nothing without a journal, and says so once", async () => {
    await writeBody("Nothing to see here.");
    await wakeAgain();
    expect((await alarms()).slice(1).map(({ body }) => body)).toEqual([
      expect.stringContaining("holds neither a journal nor an intake block"),
    ]);
  });

  it("carries out nothing for an approval given on a broken journal", async () => {
    await session.say("maintain", "/approve");
    await session.rest();
    expect((await session.runs()).filter(({ workflow }) => workflow === "remediate")).toEqual([]);
    expect(await effects()).toEqual(["deploy v1.5.0"]);
  });

  it("goes on where it was once the signed body is back, and ends well", async () => {
    await writeBody(waiting);
    await session.until("closed");
    expect(await effects()).toEqual(["deploy v1.5.0", "deploy v1.4.2"]);
  });

  it("notices that the record of the execution was deleted, and says so once", async () => {
    const before = (await alarms()).length;
    const record = (await session.comments()).find(({ body }) => body.includes("<!-- gatehouse:execution "));
    expect((await session.api("admin", "DELETE", `/issues/comments/${record?.id}`)).status).toBe(204);
    await wakeAgain();
    await wakeAgain();
    expect((await alarms()).slice(before).map(({ body }) => body)).toEqual([expect.stringContaining("was deleted or set back")]);
  });

  it("runs nothing again when a writer restores an older signed body, and says what happened", async () => {
    const before = (await alarms()).length;
    await writeBody(waiting);
    await session.sweep();
    await session.rest();
    expect((await alarms()).slice(before).map(({ body }) => body)).toEqual([
      expect.stringContaining("an older body was put back"),
    ]);
    expect(await effects()).toHaveLength(2);
  });

  it("runs nothing again even when every trace but the reservation is gone: the tag is looked for", async () => {
    const later = (await session.comments()).filter(({ body }) => /gatehouse:(execution|outcome|alarm|page)/.test(body));
    for (const { id } of later) expect((await session.api("admin", "DELETE", `/issues/comments/${id}`)).status).toBe(204);
    await wakeAgain();
    await session.sweep();
    const issue = await session.until("escalated");
    expect(issue.body).toMatch(/record is gone|execution-missing/);
    expect(await effects()).toHaveLength(2);
    const checks = (await session.requests()).filter(
      ({ job, operation }) => job === "check" && operation === "graphql:Reservations",
    );
    expect(checks.length).toBeGreaterThan(1);
    const hands = (await session.runs()).flatMap(({ jobs }) => jobs.filter(({ name }) => name.startsWith("Plan ")));
    const [first, ...others] = hands.map(({ conclusion }) => conclusion);
    expect([first, ...new Set(others)]).toEqual(["success", "skipped"]);
  });

  it("has said nothing twice and asked GitHub for nothing unusual", async () => {
    expect(saidTwice(await session.comments())).toEqual([]);
    expect(await findRequestBlemishes(session)).toEqual([]);
  });
});
