import { describe, expect, it } from "vitest";
import { createStage, type Stage } from "./driver.js";
import { renderEnd, type End } from "./end.js";
import { FIXED, incidentsIn, playToRest, withoutAlarms } from "./rest.js";

/** What must hold however often the process died; empty when all of it does. */
function brokenPromises(stage: Stage, end: End): readonly string[] {
  const once = (kind: string): boolean => end.comments.filter((each) => each === kind).length <= 1;
  const { phase } = stage.incident();
  const isKnown = phase.at === "escalated" && /^(ambiguous-effect|automation-error)$/.test(phase.reason);
  const promises: Readonly<Record<string, boolean>> = {
    "one incident": incidentsIn(stage) === 1,
    "an end that people know of": phase.at === "closed" ? renderEnd(end) === renderEnd(FIXED) : isKnown,
    "each effect once": end.effects.length <= 1,
    "nothing said twice": ["plan", "execution", "outcome"].every(once),
  };
  return Object.keys(promises).filter((name) => promises[name] !== true);
}

describe("two deaths", () => {
  /** Pairs of calls from now: the second counts from the first death on. */
  const pairs = Array.from({ length: 18 }, (_, index) => [1 + ((index * 7) % 53), 1 + ((index * 11) % 17)] as const);

  it("leave one incident, each effect at most once, nothing said twice, and an end that people know of", async () => {
    const start = createStage();
    await start.alert();
    const broken: string[] = [];
    for (const [first, second] of pairs) {
      const stage = start.fork();
      stage.dieAt("before", first, second);
      const promises = brokenPromises(stage, withoutAlarms(await playToRest(stage)));
      if (promises.length > 0) broken.push(`dead at ${first} and ${second}, not ${promises.join(", ")}:\n${stage.told()}`);
    }
    expect(broken).toEqual([]);
  }, 60_000);

  it("of the check before it could reserve anything hand the incident to people", async () => {
    const stage = createStage();
    await stage.alert();
    stage.github.say("alice", "/approve");
    stage.told();
    const down = new Error("GitHub is down");
    stage.github.fault({ call: "reservations.reserve", when: "before", error: down, times: 2 });
    await stage.wake();
    await stage.sweep();
    expect(stage.told()).toMatchInlineSnapshot(`
      "respond #1: Did: answer. → approved next gate
      hand-over #1: Started the gated run for plan <digest>.
      check #1: broke: GitHub is down
      wake #1: woke the mind
      respond #1: Nothing was due. → approved next gate
      hand-over #1: Started the gated run for plan <digest>.
      check #1: broke: GitHub is down
      wake #1: woke the mind
      respond #1: Did: escalate, page, tell. → escalated (automation-error) next gate
        + comment page
        + comment outcome
        + page automation-error (P1)
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Plan <digest> is no longer open: it was rejected, ran out or was replaced. go false (plan-dead)
        + reservation 5
      wake #1: woke the mind
      respond #1: Did: note. → escalated (automation-error)
      sweep: Woke #1.
      respond #1: Nothing was due. → escalated (automation-error)"
    `);
    expect(stage.end().effects).toEqual([]);
  });

  it("of the hands before they wrote anything are survived: each run reserves anew", async () => {
    const stage = createStage();
    await stage.alert();
    stage.github.say("alice", "/approve");
    stage.told();
    const down = new Error("GitHub is down");
    stage.github.fault({ call: "comments.post", when: "before", error: down, times: 2 });
    await stage.wake();
    expect(stage.told()).toMatchInlineSnapshot(`
      "respond #1: Did: answer. → approved next gate
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Reserved plan <digest> for this run (1). go true
        + reservation 1
      remediate #1: broke: GitHub is down
      wake #1: woke the mind
      respond #1: Nothing was due. → approved next gate
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Reserved plan <digest> for this run (2). go true
        + reservation 2
      remediate #1: broke: GitHub is down
      wake #1: woke the mind
      respond #1: Nothing was due. → approved next gate
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Reserved plan <digest> for this run (3). go true
        + reservation 3
      remediate #1: recovered
        + comment execution
        + run deploy.yml v1.4.1
      wake #1: woke the mind
      respond #1: Did: note, resolve, tell, narrate. → resolved next archive
        + comment outcome
      archive #1: Filed postmortems/2026/1-checkout-connection-pool-exhausted.md by commit.
        + commit docs: post-mortem of incident #1
      wake #1: woke the mind
      respond #1: Did: file. → closed"
    `);
    expect(stage.end()).toMatchObject({ phase: "closed", effects: ["deploy.yml v1.4.1"] });
  });

  it("of the hands do not resume an execution for ever", async () => {
    const stage = createStage();
    await stage.alert();
    stage.github.say("alice", "/approve");
    stage.told();
    stage.github.fault({ call: "comments.edit", when: "before", error: new Error("GitHub is down"), times: 50 });
    await stage.wake();
    expect(stage.told()).toMatchInlineSnapshot(`
      "respond #1: Did: answer. → approved next gate
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Reserved plan <digest> for this run (1). go true
        + reservation 1
      remediate #1: broke: GitHub is down
        + comment execution
        + run deploy.yml v1.4.1
      wake #1: woke the mind
      respond #1: Did: note. → remediating next gate
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Reserved plan <digest> for this run (2). go true
        + reservation 2
      remediate #1: broke: GitHub is down
      wake #1: woke the mind
      respond #1: Nothing was due. → remediating next gate
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Reserved plan <digest> for this run (3). go true
        + reservation 3
      remediate #1: broke: GitHub is down
      wake #1: woke the mind
      respond #1: Nothing was due. → remediating next gate
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Reserved plan <digest> for this run (4). go true
        + reservation 4
      remediate #1: broke: GitHub is down
      wake #1: woke the mind
      respond #1: Nothing was due. → remediating next gate
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Reserved plan <digest> for this run (5). go true
        + reservation 5
      remediate #1: broke: GitHub is down
      wake #1: woke the mind
      respond #1: Did: escalate, page, tell. → escalated (automation-error)
        + comment page
        + comment outcome
        + page automation-error (P1)"
    `);
    expect(stage.end()).toMatchObject({ phase: "escalated", effects: ["deploy.yml v1.4.1"] });
  });
});
