import { expect, it } from "vitest";
import { message } from "../../../lab/anthropic/replies.js";
import { startMessagesApi } from "../../../lab/anthropic/server.js";
import { parseConfig } from "../../../src/config/parse.js";
import { openClaudeAnalyst } from "../../../src/diagnosis/claude/configured.js";
import { createFakeClock } from "../../fakes/fake-clock.js";
import { NOW } from "../../evidence/support/world.js";
import { CAUSE_ANSWER, poolInput } from "./support/incident.js";
import { OFFLINE, RUNBOOKS } from "./support/desk.js";

it("asks the models of the config at its address and keeps its budget", async () => {
  const api = await startMessagesApi({
    apiKey: "key",
    reply: ({ model }) => message(model === "small-model" ? { questions: [] } : CAUSE_ANSWER, { model }),
  });
  const text = `version: 1
keys: {mind: [], hands: []}
services: {}
analyst: {triage-model: small-model, model: large-model, base-url: "${api.url}", budget: {usd: 1, input-tokens: 100000}}
`;
  const parsed = parseConfig({ path: "gatehouse.yml", text, sha: "0".repeat(40) });
  if (!parsed.ok) throw new Error(parsed.message);
  const said: string[] = [];
  const open = (usd: number, inputTokens = 0) =>
    openClaudeAnalyst({
      apiKey: "key",
      config: parsed.config,
      runbooks: RUNBOOKS,
      sources: [],
      fallback: OFFLINE,
      spent: { usd, inputTokens },
      clock: createFakeClock(NOW),
      onNote: (note) => said.push(note),
    });

  expect(await open(0).diagnose(poolInput())).toMatchObject({ kind: "cause", confidence: { claimed: 0.9 } });
  expect(api.received.map(({ body }) => body?.model)).toEqual(["small-model", "large-model"]);
  expect(api.received.map(({ body }) => body?.thinking)).toEqual([undefined, undefined]);
  expect(said).toEqual(["ask-more: small-model answered.", "diagnose: large-model answered."]);

  await open(1).diagnose(poolInput());
  await open(0, 100_000).diagnose(poolInput());
  expect(api.received).toHaveLength(2);
  await api.close();
});
