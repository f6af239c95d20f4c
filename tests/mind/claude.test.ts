/** The mind with the Claude analyst, over real HTTP: whatever comes back, the issue says who spoke and the journal what it cost. */
import { afterEach, describe, expect, it } from "vitest";
import * as replies from "../../lab/anthropic/replies.js";
import type { Reply } from "../../lab/anthropic/replies.js";
import { startMessagesApi, type MessagesApi } from "../../lab/anthropic/server.js";
import { createClaudeAnalyst } from "../../src/diagnosis/claude/create.js";
import { KNOWN_ACTIONS } from "../../src/diagnosis/claude/moves.js";
import type { FactOf } from "../../src/incident/facts.js";
import type { MindPorts, Source } from "../../src/ports.js";
import { usd } from "../../src/render/units.js";
import { CAUSE_ANSWER, OBSERVATIONS } from "../diagnosis/claude/support/incident.js";
import { OFFLINE, RUNBOOKS } from "../diagnosis/claude/support/desk.js";
import { createFakeClock } from "../fakes/fake-clock.js";
import * as sample from "../render/sample.js";
import { config, openStage, type Stage } from "./support.js";

const MODELS = { triageModel: "claude-haiku-5-5", model: "claude-sonnet-5-5" };
const NO_QUESTIONS = replies.message({ questions: [] }, { model: MODELS.triageModel });
const seen: Source = {
  name: "prometheus",
  observe: () => Promise.resolve(OBSERVATIONS.map(({ id: _id, ...finding }) => finding)),
};

const open: MessagesApi[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((api) => api.close()));
});

interface Scene {
  readonly stage: Stage;
  readonly api: MessagesApi;
  readonly ports: Partial<MindPorts>;
}

/** @param large - what the larger model answers, again and again; the small one asks nothing */
async function openScene(large: Reply | ((n: number) => Reply)): Promise<Scene> {
  const reply = (n: number): Reply => (typeof large === "function" ? large(n) : large);
  const api = await startMessagesApi({
    apiKey: "key",
    reply: ({ model }, n) => (model === MODELS.model ? reply(n) : NO_QUESTIONS),
  });
  open.push(api);
  const analyst = createClaudeAnalyst({
    ...MODELS,
    apiKey: "key",
    baseUrl: api.url,
    budget: { usd: 0.5, inputTokens: 200_000 },
    spentBefore: { usd: 0, inputTokens: 0 },
    prices: {},
    services: config.services,
    actions: KNOWN_ACTIONS,
    runbooks: RUNBOOKS,
    fallback: OFFLINE,
    more: { sources: [], look: () => Promise.resolve({ kind: "silent" }) },
    clock: createFakeClock(sample.at("03:17:00")),
    onNote: () => undefined,
  });
  return { stage: openStage(null), api, ports: { analyst, sources: [seen] } };
}

function consulted(stage: Stage): readonly FactOf<"consulted">[] {
  return stage.journal().facts.filter((fact): fact is FactOf<"consulted"> => fact.fact === "consulted");
}

const invented = {
  ...CAUSE_ANSWER,
  hypotheses: CAUSE_ANSWER.hypotheses.map((each) => ({ ...each, for: ["E98"], against: ["E99"] })),
};

describe("a model that gives no usable answer", () => {
  it.each<[string, Reply, string]>([
    ["refuses", replies.refusal(), "it declined to answer"],
    ["is cut off", replies.truncated('{"hypotheses": ['), "its answer was cut off"],
    ["is overloaded", replies.overloaded(), "it is overloaded"],
    ["limits the rate", replies.rateLimited(2), "the account is rate-limited"],
    ["fails", replies.serverError(), "the API failed"],
    ["times out at a gateway", replies.gatewayTimeout(), "it did not answer in time"],
    ["is a login page with status 200", replies.htmlPage(), "something else than the API answered"],
    ["is JSON that ends in the middle", replies.brokenJson(), "something else than the API answered"],
    ["drops the connection in the middle of the body", replies.dropped(), "the connection failed"],
    ["says nothing", replies.message(""), "its answer did not fit, also at the second attempt"],
    ["speaks prose", replies.message("It is the pool."), "its answer did not fit, also at the second attempt"],
    ["cites what does not exist", replies.message(invented), "its answer did not fit, also at the second attempt"],
    ["does not take the key", replies.unauthorised(), "the key is not accepted"],
  ])("%s: the runbooks speak, the journal and the issue say so", async (_, reply, says) => {
    const { stage, api, ports } = await openScene(reply);
    expect(await stage.respond({}, ports)).toMatchObject({ kind: "rested" });
    const { facts } = stage.journal();
    const diagnosed = facts.find((fact): fact is FactOf<"diagnosed"> => fact.fact === "diagnosed");
    expect(diagnosed?.analyst).toBe(`runbooks (claude-sonnet-5-5: ${says})`);
    expect(diagnosed?.diagnosis).toMatchObject({ kind: "cause" });
    const fell = consulted(stage).filter(({ what, task }) => what === "fell-back" && task === "diagnose");
    expect(fell[0]?.text).toContain(`runbooks spoke instead of claude-sonnet-5-5: ${says}`);
    const { body } = stage.github.issue(stage.incident);
    expect(body).toContain(`Said by runbooks (claude-sonnet-5-5: ${says}).`);
    expect(body).toContain(`diagnose: runbooks spoke instead of claude-sonnet-5-5: ${says}`);
    expect(api.received.flatMap(({ problems }) => problems)).toEqual([]);
  });
});

describe("what a model costs", () => {
  it("is on record call by call, refused and repaired answers included", async () => {
    const { stage, api, ports } = await openScene((n) => (n === 2 ? replies.message("prose") : replies.refusal()));
    await stage.respond({}, ports);
    const calls = consulted(stage).filter(({ what }) => what === "called");
    expect(calls).toHaveLength(api.received.length);
    expect(calls.map(({ task }) => task).slice(0, 3)).toEqual(["ask-more", "diagnose", "diagnose"]);
    const { incident } = stage.journal();
    expect(incident.costUsd).toBeCloseTo(ports.analyst?.spent?.().usd ?? Number.NaN, 9);
    expect(incident.inputTokens).toBe(1_000 * api.received.length);
    expect(stage.github.issue(stage.incident).body).toContain(`Spent ${usd(incident.costUsd)}`);
  });

  it.each([1, 2, 3, 4, 5, 6])("is lost for one call at most when the job dies at write %i", async (fatal) => {
    const { stage, api, ports } = await openScene(replies.message(CAUSE_ANSWER));
    let writes = 0;
    const { issues } = stage.ports;
    const dying = {
      ...issues,
      update: (...args: Parameters<typeof issues.update>) => {
        writes += 1;
        return writes === fatal ? Promise.reject(new Error("killed")) : issues.update(...args);
      },
    };
    await stage.respond({}, { ...ports, issues: dying }).catch(() => undefined);
    const read = stage.reading();
    const recorded = read.kind === "ok" ? read.facts.filter(({ fact }) => fact === "consulted").length : 0;
    expect(api.received.length - recorded).toBeLessThanOrEqual(1);
  });
});
