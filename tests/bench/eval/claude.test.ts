import { afterEach, describe, expect, it } from "vitest";
import { openClaude } from "../../../bench/eval/analyst/claude.js";
import { UsageError } from "../../../bench/eval/options.js";
import * as replies from "../../../lab/anthropic/replies.js";
import { startMessagesApi, type MessagesApi } from "../../../lab/anthropic/server.js";
import { aMetric, anInput } from "../../diagnosis/support/observed.js";

let api: MessagesApi | null = null;
afterEach(async () => {
  await api?.close();
  api = null;
});

const input = anInput([aMetric("E1", "error-ratio", "rose")]);
const hypothesis = {
  cause: "the pool is too small",
  because: "requests wait",
  runbook: null,
  for: ["E1"],
  against: [],
  tellApart: "look at the pool",
  likelihood: 0.6,
};
const answer = {
  hypotheses: [hypothesis, { ...hypothesis, cause: "the database is slow", likelihood: 0.2 }],
  openQuestions: [],
  verdict: "cause",
  doubt: "none",
  healthy: [],
  confidence: 0.6,
};

describe("the evaluation's Claude", () => {
  it.each([{}, { ANTHROPIC_API_KEY: "" }])("says in one message that it needs a key", (variables) => {
    expect(() => openClaude(variables)).toThrow(UsageError);
    expect(() => openClaude(variables)).toThrow(/^--analyst claude asks a real model: set ANTHROPIC_API_KEY, or leave/);
  });

  it("asks the model about the case, with the product's own requests, and asks for nothing more", async () => {
    api = await startMessagesApi({ apiKey: "key", reply: () => replies.message(answer) });
    const analyst = openClaude({ ANTHROPIC_API_KEY: "key", ANTHROPIC_BASE_URL: api.url })([]);
    expect(await analyst.diagnose(input)).toMatchObject({ kind: "cause", hypotheses: [{ for: ["E1"] }, { for: ["E1"] }] });
    expect(analyst.name).not.toContain("runbooks");
    expect(api.received).toMatchObject([{ problems: [] }]);
  });

  it("names the runbooks as the ones who answered when the model did not", async () => {
    api = await startMessagesApi({ apiKey: "other", reply: () => replies.message(answer) });
    const analyst = openClaude({ ANTHROPIC_API_KEY: "key", ANTHROPIC_BASE_URL: api.url })([]);
    expect(await analyst.diagnose(input)).toMatchObject({ kind: "unknown" });
    expect(analyst.name).toMatch(/^runbooks \(/);
  });
});
