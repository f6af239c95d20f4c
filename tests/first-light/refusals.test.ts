import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findRequestBlemishes, saidTwice } from "./blemishes.js";
import { LabSession, SLOW, type Seat } from "./lab-session.js";

/** One incident whose plan waits, and everybody who may not, or not like this, open its gate. */
describe("while a plan waits", { timeout: SLOW }, () => {
  let session: LabSession;
  beforeAll(async () => {
    session = await LabSession.start();
    await session.breakShop();
    await session.notify(session.firing());
    await session.until("awaiting-approval");
  }, SLOW);
  afterAll(() => session.close());

  /** Every reason the automation gave for refusing this comment; one, if it is as it should be. */
  async function refusalsOf(comment: number): Promise<readonly string[]> {
    const said = (await session.comments()).filter(({ body }) => body.includes(`<!-- gatehouse:refusal:${comment} `));
    return said.map(({ body }) => /Reason: `([\w-]+)`/.exec(body)?.[1] ?? "no reason");
  }
  async function sayAndRest(seat: Seat, text: string): Promise<number> {
    const comment = await session.say(seat, text);
    await session.rest();
    return comment;
  }
  async function phase(): Promise<string | undefined> {
    return (await session.issue()).labels.find((label) => label.startsWith("phase:"));
  }
  async function digestOfPlan(): Promise<string> {
    const plan = (await session.comments()).findLast(({ body }) => body.includes("<!-- gatehouse:plan:"));
    return /gatehouse:plan:([0-9a-f]{64})/.exec(plan?.body ?? "")?.[1] ?? "";
  }

  it("keeps strangers out altogether", async () => {
    expect(await session.api("outsider", "POST", "/issues/1/comments", { body: "/approve" })).toMatchObject({ status: 404 });
    expect(await session.api("read", "PATCH", "/issues/1", { state: "closed" })).toMatchObject({ status: 403 });
  });

  const wrong = [
    { name: "of someone who may only read", seat: "read", text: "/approve", reason: "no-role" },
    { name: "of someone who may only triage", seat: "triage", text: "/approve", reason: "no-role" },
    { name: "of someone who may only write", seat: "write", text: "/approve", reason: "no-role" },
    { name: "with the digest of another plan", seat: "maintain", text: "/approve 00000000", reason: "stale-digest" },
    { name: "with something that is no digest", seat: "maintain", text: "/approve please", reason: "malformed-command" },
    { name: "by a command that does not exist", seat: "maintain", text: "/aprove", reason: "unknown-command" },
    { name: "edited into its comment", seat: "maintain", text: "Looks dangerous.", edited: "/approve", reason: "edited" },
  ] as const;

  describe("an approval", () => {
    const comments = new Map<string, number>();
    beforeAll(async () => {
      for (const approval of wrong) {
        const comment = await session.say(approval.seat, approval.text);
        comments.set(approval.name, comment);
        if ("edited" in approval)
          await session.api("maintain", "PATCH", `/issues/comments/${comment}`, { body: approval.edited });
      }
      await session.sweep();
      await session.rest();
    }, SLOW);

    it.each(wrong)("$name is refused once, with its reason", async ({ name, reason }) => {
      const comment = comments.get(name) ?? 0;
      expect(await refusalsOf(comment)).toEqual([reason]);
      expect(await session.reactions(comment)).toEqual(["eyes", "-1"]);
    });

    it("that is refused moves nothing", async () => {
      expect(await phase()).toBe("phase:awaiting-approval");
    });
  });

  it("takes a rejection from whoever may triage, and no approval after it", async () => {
    const rejection = await sayAndRest("triage", "/reject it is too risky now");
    expect(await session.reactions(rejection)).toEqual(["eyes", "rocket"]);
    expect(await phase()).toBe("phase:escalated");
    expect(await refusalsOf(await sayAndRest("maintain", "/approve"))).toEqual(["no-plan"]);
  });

  it("asks for the digest once there has been a second plan", async () => {
    await sayAndRest("write", "/retry look at the pool");
    await session.until("awaiting-approval");
    expect(await refusalsOf(await sayAndRest("maintain", "/approve"))).toEqual(["digest-needed"]);
  });

  it("refuses to approve a plan whose comment a writer has doctored", async () => {
    const digest = await digestOfPlan();
    const plan = (await session.comments()).findLast(({ body }) => body.includes("<!-- gatehouse:plan:"));
    const body = plan?.body.replaceAll("v1.4.2", "v1.4.1") ?? "";
    expect((await session.api("write", "PATCH", `/issues/comments/${plan?.id}`, { body })).status).toBe(200);
    const approval = await sayAndRest("maintain", `/approve ${digest.slice(0, 8)}`);
    expect(await refusalsOf(approval)).toEqual(["plan-comment-changed"]);
  });

  it("makes no plan for an environment that lets any branch in, and names it", async () => {
    const gate = session.lab.github.environment("production-gate");
    const policy = gate.branchPolicy;
    gate.branchPolicy = null;
    await sayAndRest("write", "/retry");
    gate.branchPolicy = policy;
    const issue = await session.issue();
    expect(issue.labels).toContain("phase:escalated");
    expect(issue.body).toMatch(/production-gate/);
    expect(issue.body).toMatch(/environment-unprotected/);
  });

  it("has started nothing in all this, said nothing twice, and asked GitHub for nothing unusual", async () => {
    expect((await session.world()).effects.map(({ kind }) => kind)).toEqual(["deploy v1.5.0"]);
    expect((await session.runs()).filter(({ workflow }) => workflow === "remediate")).toEqual([]);
    expect(saidTwice(await session.comments())).toEqual([]);
    expect(await findRequestBlemishes(session)).toEqual([]);
  });
});
