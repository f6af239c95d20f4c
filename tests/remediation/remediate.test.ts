import { describe, expect, it } from "vitest";
import { foldExecution } from "../../src/incident/fold-execution.js";
import type { HandsFact } from "../../src/incident/facts.js";
import { readBlock } from "../../src/incident/codec.js";
import { HandsFact as HandsFactSchema } from "../../src/incident/facts.js";
import type { Execution } from "../../src/incident/incident.js";
import { ExecutionNotStoredError } from "../../src/remediation/execution-document.js";
import { remediate } from "../../src/remediation/remediate.js";
import { Died } from "../fakes/world.js";
import { keys } from "../incident/support.js";
import { release, serviceWith } from "../plan/support.js";
import { config, effects, live, openApproved, RUN, step, type Approved } from "./support.js";

/** Two targets, so that there is a place between two steps. */
const canary = { ...release, name: "canary" };
const twoSteps = {
  config: { ...config, services: new Map([["checkout", serviceWith({}, release, canary)]]) },
  plan: { steps: [step, { ...step, number: 2, target: "canary", before: "v141", after: "v140" }] as [typeof step, typeof step] },
};

function record(stage: Approved): readonly HandsFact[] {
  const bodies = stage.github.comments(stage.incident).map(({ body }) => readBlock(body, "execution", keys.hands));
  const found = bodies.flatMap((reading) => (reading.kind === "ok" ? [reading.block.facts] : []));
  return found.flatMap((facts) => HandsFactSchema.array().parse(facts));
}
const words = (facts: readonly HandsFact[]): readonly string[] =>
  facts.map((fact) => {
    if (fact.fact === "intent") return `intent ${fact.direction} ${fact.step}`;
    if (fact.fact === "done" || fact.fact === "execution-ended") return `${fact.fact} ${fact.outcome}`;
    return fact.fact === "verified" ? `verified ${fact.verdict}` : fact.fact;
  });
const run = (stage: Approved, changes = {}) => remediate(stage.handsRequest(changes), stage.handsPorts());

describe("the hands", () => {
  it("carry a plan out: intent, effect, done, verified, ended, all in one signed comment", async () => {
    const stage = openApproved();
    stage.reserve();
    expect(await run(stage)).toEqual({ kind: "ended", outcome: "recovered", detail: null });
    expect(words(record(stage))).toEqual([
      "execution-started",
      "intent apply 1",
      "done ok",
      "verified recovered",
      "execution-ended recovered",
    ]);
    expect(effects(stage.github)).toEqual(["v141"]);
    expect(stage.github.transcript().filter((call) => call === "comments.post")).toHaveLength(1);
  });

  it("store the intent before the effect", async () => {
    const stage = openApproved();
    stage.reserve();
    await run(stage);
    const calls = stage.github.transcript();
    expect(calls.indexOf("comments.post")).toBeGreaterThan(-1);
    expect(calls.indexOf("comments.post")).toBeLessThan(calls.indexOf("dispatcher.dispatch"));
  });

  it("touch nothing in an environment that is not the plan's", async () => {
    const stage = openApproved();
    stage.reserve();
    const elsewhere = { environment: "staging" };
    expect(await run(stage, elsewhere)).toMatchObject({ kind: "refused", reason: "wrong-run" });
    expect(effects(stage.github)).toEqual([]);
  });

  it.each<{ name: string; change: (stage: Approved) => void; reason: string }>([
    { name: "nothing was reserved", change: () => undefined, reason: "wrong-run" },
    { name: "another run reserved it", change: (stage) => stage.reserve(1, RUN + 1), reason: "wrong-run" },
    {
      name: "another run reserved it after this one",
      change: (stage) => {
        stage.reserve(1, RUN);
        stage.reserve(2, RUN + 1);
      },
      reason: "wrong-run",
    },
    {
      name: "the plan comment was edited after the reservation",
      change: (stage) => {
        stage.reserve();
        stage.github.edit(stage.planComment, "harmless", "mallory");
      },
      reason: "plan-comment-changed",
    },
    {
      name: "the approval was withdrawn after the reservation",
      change: (stage) => {
        stage.reserve();
        stage.github.delete(stage.approval);
      },
      reason: "not-approved",
    },
    {
      name: "somebody held it after the reservation",
      change: (stage) => {
        stage.reserve();
        stage.github.say("tess", "/hold");
      },
      reason: "held",
    },
    {
      name: "its time passed after the reservation",
      change: (stage) => {
        stage.reserve();
        stage.github.advance(20 * 60_000);
      },
      reason: "expired",
    },
  ])("touch nothing when $name: $reason", async ({ change, reason }) => {
    const stage = openApproved();
    change(stage);
    expect(await run(stage)).toMatchObject({ kind: "refused", reason });
    expect(stage.github.transcript()).not.toContain("dispatcher.dispatch");
    expect(record(stage)).toEqual([]);
  });

  it("touch nothing when the target has changed since the plan: that is drift", async () => {
    const stage = openApproved();
    stage.reserve();
    stage.signals.values.set("error-ratio", 0.4);
    stage.github.deploy("v143");
    expect(await run(stage)).toMatchObject({ outcome: "drifted", detail: expect.stringContaining("nothing was touched") });
    expect(effects(stage.github)).toEqual([]);
  });

  it("do not mistake the wanted state for their own work in a first run", async () => {
    const stage = openApproved();
    stage.reserve();
    stage.signals.values.set("error-ratio", 0.4);
    stage.github.deploy("v141");
    expect(await run(stage)).toMatchObject({ outcome: "drifted" });
    expect(effects(stage.github)).toEqual([]);
  });

  it("touch nothing when all is well before their first move, and stays so for the soak time", async () => {
    const stage = openApproved();
    stage.reserve();
    stage.signals.values.set("error-ratio", 0.01);
    const from = stage.github.now().getTime();
    expect(await run(stage)).toMatchObject({ outcome: "recovered" });
    expect(record(stage).at(-1)).toMatchObject({ detail: { outside: "It was well already; nothing was touched." } });
    expect(words(record(stage))).toEqual(["execution-started", "execution-ended recovered"]);
    expect(stage.github.transcript()).not.toContain("dispatcher.dispatch");
    expect(stage.github.now().getTime() - from).toBeGreaterThanOrEqual(stage.plan.verify.soakMs);
  });

  it.each([
    { name: "it gets worse within the soak time", later: 0.4 },
    { name: "it cannot be told within the soak time", later: null },
  ])("carry the plan out when all was well for a moment only: $name", async ({ later }) => {
    const stage = openApproved();
    stage.reserve();
    let reads = 0;
    stage.signals.values.set("error-ratio", () => {
      reads += 1;
      if (live(stage.github) !== "v142") return 0.01;
      return reads <= 2 ? 0.01 : later;
    });
    expect(await run(stage)).toMatchObject({ outcome: "recovered" });
    expect(effects(stage.github)).toEqual(["v141"]);
  });

  it.each(["/hold", "/reject it got worse"])("undo what failed also after %s", async (said) => {
    const stage = openApproved();
    stage.reserve();
    const works = stage.github.deployScript;
    stage.github.onDispatch("deploy.yml", (request, nth) => {
      if (nth > 1) return works(request, nth);
      stage.github.say("tess", said, stage.incident);
      stage.github.deploy("v141");
      return { kind: "run", title: `Deploy ${request.inputs["gatehouse-key"]}`, takesMs: 5_000, conclusion: "failure" };
    });
    expect(await run(stage)).toMatchObject({ outcome: "failed-undone" });
    expect(effects(stage.github)).toEqual(["v141", "v142"]);
  });

  it("undo a step that failed", async () => {
    const stage = openApproved();
    stage.reserve();
    const works = stage.github.deployScript;
    stage.github.onDispatch("deploy.yml", (request, nth) => {
      if (nth > 1) return works(request, nth);
      stage.github.deploy("v141"); // it went live, and then the run failed
      return { kind: "run", title: `Deploy ${request.inputs["gatehouse-key"]}`, takesMs: 5_000, conclusion: "failure" };
    });
    expect(await run(stage)).toMatchObject({ outcome: "failed-undone" });
    expect(effects(stage.github)).toEqual(["v141", "v142"]);
    expect(live(stage.github)).toBe("v142");
  });

  it("need not undo what is already as before", async () => {
    const stage = openApproved();
    stage.reserve();
    stage.github.onDispatch("deploy.yml", () => ({ kind: "refused", error: new Error("Workflow is disabled") }));
    expect(await run(stage)).toMatchObject({ outcome: "failed-undone" });
    expect(words(record(stage))).toContain("intent undo 1");
    expect(stage.github.transcript().filter((call) => call === "dispatcher.dispatch")).toHaveLength(1);
  });

  it("undo what made it worse", async () => {
    const stage = openApproved();
    stage.reserve();
    stage.signals.values.set("error-ratio", () => (live(stage.github) === "v142" ? 0.4 : 0.9));
    expect(await run(stage)).toMatchObject({ outcome: "worse-undone" });
    expect(effects(stage.github)).toEqual(["v141", "v142"]);
  });

  it("leave to people what may have happened and cannot be told", async () => {
    const stage = openApproved();
    stage.reserve();
    stage.github.onDispatch("deploy.yml", () => ({ kind: "lost" }));
    expect(await run(stage)).toMatchObject({ outcome: "ambiguous", detail: expect.stringContaining("may or may not") });
    expect(stage.github.transcript().filter((call) => call === "dispatcher.dispatch")).toHaveLength(1);
  });

  it("say that they do not know when the metrics have gaps", async () => {
    const stage = openApproved();
    stage.reserve();
    stage.signals.values.set("error-ratio", null);
    expect(await run(stage)).toMatchObject({ outcome: "unknown" });
  });

  it("hide what looks like a secret before it is written down", async () => {
    const stage = openApproved();
    stage.reserve();
    const secret = `ghp_${"a1B2".repeat(9)}`;
    stage.github.onDispatch("deploy.yml", () => ({ kind: "refused", error: new Error(`Bad credentials: ${secret}`) }));
    await run(stage);
    expect(JSON.stringify(record(stage))).not.toContain(secret);
    expect(
      stage.github
        .comments()
        .map(({ body }) => body)
        .join("\n"),
    ).not.toContain(secret);
  });
});

describe("between two steps", () => {
  it("both are done when nobody minds", async () => {
    const stage = openApproved(twoSteps);
    stage.reserve();
    stage.github.deploy("v140");
    stage.github.deploy("v142");
    expect(await run(stage)).toMatchObject({ outcome: "recovered" });
    expect(effects(stage.github)).toEqual(["v141", "v140"]);
  });

  it.each([
    { said: "/hold", by: "tess", edit: false },
    { said: "/reject this is wrong", by: "tess", edit: false },
    { said: "/hold", by: "tess", edit: true },
  ])("$said of $by (edited: $edit) stops the second", async ({ said, by, edit }) => {
    const stage = openApproved(twoSteps);
    stage.reserve();
    stage.github.onDispatch("deploy.yml", (request, nth) => {
      const comment = stage.github.say(by, edit ? "hm" : said, stage.incident);
      if (edit) stage.github.edit(comment.id, said, by);
      return stage.github.deployScript(request, nth);
    });
    const result = await run(stage);
    expect(result).toMatchObject({ outcome: "stopped", detail: expect.stringContaining(`tess said ${said.split(" ")[0]}`) });
    expect(effects(stage.github)).toEqual(["v141"]);
  });

  it.each([
    { said: "/hold", by: "rita" },
    { said: "/hold", by: "mallory" },
    { said: "/status", by: "tess" },
    { said: "please /hold", by: "tess" },
  ])("$said of $by stops nothing", async ({ said, by }) => {
    const stage = openApproved(twoSteps);
    stage.reserve();
    stage.github.onDispatch("deploy.yml", (request, nth) => {
      stage.github.say(by, said, stage.incident);
      return stage.github.deployScript(request, nth);
    });
    await run(stage);
    expect(effects(stage.github)).toEqual(["v141", "v140"]);
  });

  it("a retry that the mind took in meanwhile stops the second: its plan is dead", async () => {
    const stage = openApproved(twoSteps);
    stage.reserve();
    stage.github.onDispatch("deploy.yml", (request, nth) => {
      const { id } = stage.github.say("will", "/retry", stage.incident);
      stage.write([
        ...stage.facts(),
        {
          fact: "command",
          at: stage.github.now(),
          comment: id,
          by: "will",
          verb: "retry",
          outcome: "done",
          reason: null,
          text: null,
          severity: null,
        },
      ]);
      return stage.github.deployScript(request, nth);
    });
    expect(await run(stage)).toMatchObject({ outcome: "stopped" });
    expect(effects(stage.github)).toEqual(["v141"]);
  });

  it("a journal that was damaged meanwhile stops the second", async () => {
    const stage = openApproved(twoSteps);
    stage.reserve();
    stage.github.onDispatch("deploy.yml", (request, nth) => {
      stage.github.changeIssue(stage.incident, { body: "Nothing to see here." }, "mallory");
      return stage.github.deployScript(request, nth);
    });
    expect(await run(stage)).toMatchObject({ outcome: "stopped", detail: expect.stringContaining("neither a journal") });
    expect(effects(stage.github)).toEqual(["v141"]);
  });
});

describe("the record", () => {
  it("is no record if GitHub does not keep it: the hands stop before they touch anything", async () => {
    const stage = openApproved();
    stage.reserve();
    const ports = stage.handsPorts();
    const comments = {
      ...ports.comments,
      post: async (incident: number, body: string) => ({
        ...(await ports.comments.post(incident, body)),
        body: "Something shorter.",
      }),
    };
    await expect(remediate(stage.handsRequest(), { ...ports, comments })).rejects.toThrow(ExecutionNotStoredError);
    expect(stage.github.transcript()).not.toContain("dispatcher.dispatch");
  });

  it("stops them also later, when an edit is not kept", async () => {
    const stage = openApproved(twoSteps);
    stage.reserve();
    const ports = stage.handsPorts();
    const comments = {
      post: (incident: number, body: string) => ports.comments.post(incident, body),
      edit: async (id: number, body: string) => ({ ...(await ports.comments.edit(id, body)), body: "The old text." }),
    };
    await expect(remediate(stage.handsRequest(), { ...ports, comments })).rejects.toThrow("its text differs from what was sent");
    expect(effects(stage.github)).toEqual(["v141"]);
  });

  it("names each revision and the one before it", async () => {
    const stage = openApproved();
    stage.reserve();
    await run(stage);
    const reading = stage.github
      .comments(stage.incident)
      .map(({ body }) => readBlock(body, "execution", keys.hands))
      .find(({ kind }) => kind === "ok");
    expect(reading).toMatchObject({
      block: {
        header: {
          issue: stage.incident,
          repository: 4711,
          plan: stage.digest,
          previous: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      },
    });
  });
});

describe("a death at any moment", () => {
  async function calls(): Promise<number> {
    const stage = openApproved();
    stage.reserve();
    const before = stage.github.calls.length;
    await run(stage);
    return stage.github.calls.length - before;
  }

  it("leads to the same end, and to no effect twice", async () => {
    const all = await calls();
    expect(all).toBeGreaterThan(10);
    for (let n = 1; n <= all; n += 1) {
      for (const when of ["before", "after"] as const) {
        const stage = openApproved();
        stage.reserve();
        stage.github.dieAt(n, when);
        const first = await run(stage).catch((error: unknown) => error);
        stage.github.revive();
        if (!(first instanceof Died)) continue;
        stage.reserve(2, RUN + 1);
        const second = await run(stage, { runId: RUN + 1 });
        const execution = record(stage).reduce<Execution | null>(foldExecution, null);
        expect({ n, when, effects: effects(stage.github), outcome: execution?.outcome, live: live(stage.github) }).toSatisfy(
          isHonest,
        );
        expect(second).toSatisfy(isGoodEnd);
      }
    }
  });
});

/** At most one effect; what is said to have recovered has. */
function isHonest(end: { effects: readonly unknown[]; outcome?: string | null; live?: string }): boolean {
  return end.effects.length <= 1 && (end.outcome === "recovered" ? end.live === "v141" : end.outcome === "ambiguous");
}

/** Recovered; or finished before the process died; or, where the start of the run is unknown, left to people. */
function isGoodEnd(result: unknown): boolean {
  const { kind, outcome, reason } = result as { kind: string; outcome?: string; reason?: string };
  return kind === "ended" ? outcome === "recovered" || outcome === "ambiguous" : reason === "already-executed";
}

describe("a run that resumes", () => {
  it("says who goes on, keeps what was read before the first step, and repeats no step", async () => {
    const stage = openApproved(twoSteps);
    stage.reserve();
    stage.github.fault({ call: "runs.recent", when: "before", error: new Error("GitHub is down"), times: 1 });
    await expect(run(stage)).rejects.toThrow("GitHub is down");
    const begun = record(stage);
    expect(words(begun)).toEqual(["execution-started", "intent apply 1"]);
    stage.reserve(2, RUN + 1);
    expect(await run(stage, { runId: RUN + 1 })).toMatchObject({ outcome: "recovered" });
    expect(effects(stage.github)).toEqual(["v141", "v140"]);
    const resumed = record(stage);
    expect(resumed.slice(0, 2)).toEqual(begun);
    expect(resumed[2]).toMatchObject({ fact: "execution-resumed", reservation: 2, run: RUN + 1 });
  });

  it("never starts again what was intended, even if GitHub does not list the run: people decide", async () => {
    const stage = openApproved();
    stage.reserve();
    stage.github.onDispatch("deploy.yml", ({ inputs }) => ({
      kind: "run",
      title: `Deploy ${inputs["gatehouse-key"]}`,
      takesMs: 5_000,
      listed: false,
    }));
    stage.github.fault({ call: "runs.recent", when: "before", error: new Error("GitHub is down") });
    await expect(run(stage)).rejects.toThrow("GitHub is down");
    stage.reserve(2, RUN + 1);
    expect(await run(stage, { runId: RUN + 1 })).toMatchObject({ kind: "ended", outcome: "ambiguous" });
    expect(effects(stage.github)).toEqual(["v141"]);
  });

  it("comes too late when the time to resume is over", async () => {
    const stage = openApproved();
    stage.reserve();
    stage.github.fault({ call: "runs.recent", when: "before", error: new Error("GitHub is down") });
    await expect(run(stage)).rejects.toThrow("GitHub is down");
    stage.github.advance(config.remediation.resumeWithinMs);
    stage.reserve(2, RUN + 1);
    expect(await run(stage, { runId: RUN + 1 })).toMatchObject({ kind: "refused", reason: "resume-too-late" });
  });

  it("stops at a rejection that the mind has taken in between the two runs", async () => {
    const stage = openApproved(twoSteps);
    stage.reserve();
    stage.github.fault({ call: "runs.recent", when: "before", error: new Error("GitHub is down") });
    await expect(run(stage)).rejects.toThrow("GitHub is down");
    const { id } = stage.github.say("tess", "/reject stop it", stage.incident);
    const rejected = { fact: "command" as const, at: stage.github.now(), comment: id, by: "tess", verb: "reject" };
    stage.write([...stage.facts(), { ...rejected, outcome: "done", reason: null, text: null, severity: null }]);
    stage.reserve(2, RUN + 1);
    expect(await run(stage, { runId: RUN + 1 })).toMatchObject({ kind: "refused", reason: "rejected" });
    expect(effects(stage.github)).toEqual(["v141"]);
  });
});
