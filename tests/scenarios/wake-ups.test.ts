import { describe, expect, it } from "vitest";
import { liveVersion } from "../fakes/world.js";
import { createStage, type Delivery, type Stage, type StageOptions } from "./driver.js";
import type { End } from "./end.js";
import { FIXED, incidentsIn, playToRest, withoutAlarms } from "./rest.js";
import { BAD, SICK } from "./shop.js";

const UNDONE: End = {
  phase: "escalated",
  outcomes: ["worse-undone"],
  effects: ["deploy.yml v1.4.1", "deploy.yml v1.4.2"],
  pages: ["opened", "worse", "your-approval"],
  comments: ["execution", "outcome", "page", "page", "plan"],
  live: "v1.4.2",
};
const worse: StageOptions = {
  health: (github) => () => (liveVersion(github) === BAD ? SICK : { errorRatio: 0.95, waiting: 90, firing: true }),
};

describe("events only wake", () => {
  it.each<{ readonly delivery: Delivery }>([{ delivery: "twice" }, { delivery: "reversed" }, { delivery: "never" }])(
    "delivered $delivery, the end is the same",
    async ({ delivery }) => {
      expect(withoutAlarms(await playToRest(createStage({ delivery })))).toEqual(FIXED);
      expect(withoutAlarms(await playToRest(createStage({ ...worse, delivery })))).toEqual(UNDONE);
    },
  );

  it("woken after every job and whenever the hands wait, the end is the same", async () => {
    for (const [options, end] of [
      [{}, FIXED],
      [worse, UNDONE],
    ] as const) {
      const stage = createStage(options);
      stage.makeRestless();
      expect(withoutAlarms(await playToRest(stage))).toEqual(end);
    }
  });

  it("an approval and a rejection that arrive together are answered in the order they were written", async () => {
    const stage = createStage({ delivery: "reversed" });
    await stage.alert();
    for (const [login, body] of [
      ["alice", "/approve"],
      ["tess", "/reject"],
    ] as const) {
      stage.github.say(login, body);
      stage.enqueue({ name: "issue_comment", incident: 1 });
    }
    await stage.settle();
    expect(stage.end()).toMatchObject({ phase: "escalated", effects: [] });
  });
});

describe("two minds of one incident at once, where no concurrency group keeps them apart", () => {
  /** Before these calls of the first one, the second one does everything that is due. */
  const moments = [4, 6, 8, 10, 14, 17, 18, 27, 31, 33, 60, 66, 70, 79];

  it("do nothing to the world twice and come to the same end; only a comment may be there twice", async () => {
    for (const moment of moments) {
      const stage = createStage();
      wakeBefore(stage, moment);
      const { comments, ...end } = withoutAlarms(await playToRest(stage));
      expect({ ...end, comments: [...new Set(comments)] }).toEqual(FIXED);
      expect(incidentsIn(stage)).toBe(1);
    }
  }, 60_000);
});

/** Another mind runs from its start to its end just before the n-th port call. */
function wakeBefore(stage: Stage, n: number): void {
  const { github } = stage;
  let isDone = false;
  const wakeIfDue = async (): Promise<void> => {
    if (isDone || github.calls.length !== n - 1 || incidentsIn(stage) === 0) return;
    isDone = true;
    await stage.wake();
  };
  const ports = Object.entries(github.ports).map(([name, port]) => [name, name === "clock" ? port : before(port, wakeIfDue)]);
  Object.assign(github, { ports: Object.fromEntries(ports) });
}

function before<P extends object>(port: P, happens: () => Promise<void>): P {
  return new Proxy(port, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== "function") return member;
      return async (...args: unknown[]): Promise<unknown> => {
        await happens();
        return Reflect.apply(member, target, args);
      };
    },
  });
}

describe("the wake-up that overtakes the run it came from", () => {
  it("finds a run at work and waits; the sweep brings what it missed", async () => {
    const stage = createStage({ wakeOvertakes: true });
    await stage.alert();
    stage.told();
    stage.beforeCheck(() => stage.github.setRole("alice", "read"));
    await stage.say("alice", "/approve");
    expect(stage.end()).toMatchObject({ phase: "approved", pages: ["opened", "your-approval"] });
    await stage.sweep();
    expect(stage.end()).toMatchObject({ phase: "escalated", pages: ["opened", "your-approval", "automation-error"] });
  });

  it("takes in an execution that has ended all the same", async () => {
    expect(withoutAlarms(await playToRest(createStage({ wakeOvertakes: true })))).toEqual(FIXED);
  });
});

describe("two gated runs for one plan", () => {
  it("are one reservation and one execution", async () => {
    const stage = createStage();
    await stage.alert();
    stage.told();
    stage.github.onDispatch("remediate.yml", ({ inputs }) => {
      const title = `Remediate #${inputs["incident"]} plan ${inputs["plan"]}`;
      stage.github.startRun("remediate.yml", title, inputs); // another hand-over was as fast
      return { kind: "run", title, takesMs: null };
    });
    await stage.say("alice", "/approve");
    expect(stage.told()).toMatchInlineSnapshot(`
      "alice: /approve
      respond #1: Did: answer. → approved next gate
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Reserved plan <digest> for this run (1). go true
        + reservation 1
      remediate #1: recovered
        + comment execution
        + run deploy.yml v1.4.1
      wake #1: woke the mind
      respond #1: Did: note, resolve, tell, narrate. → resolved next archive
        + comment outcome
      archive #1: Filed postmortems/2026/1-checkout-connection-pool-exhausted.md by commit.
        + commit docs: post-mortem of incident #1
      wake #1: woke the mind
      respond #1: Did: file. → closed
      check #1: Plan <digest> was carried out already (recovered). go false (already-executed)
      wake #1: woke the mind
      respond #1: Nothing was due. → closed"
    `);
    expect(stage.end()).toMatchObject({ phase: "closed", effects: ["deploy.yml v1.4.1"] });
  });
});
