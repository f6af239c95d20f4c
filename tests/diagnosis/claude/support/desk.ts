/** A Claude analyst that speaks to the stand-in of the Messages API through the vendor's own client. */
import { afterEach } from "vitest";
import type { MessagesBody } from "../../../../lab/anthropic/body.js";
import { message, type Reply } from "../../../../lab/anthropic/replies.js";
import { startMessagesApi, type MessagesApi } from "../../../../lab/anthropic/server.js";
import { createClaudeAnalyst, type ClaudeOptions } from "../../../../src/diagnosis/claude/create.js";
import { KNOWN_ACTIONS } from "../../../../src/diagnosis/claude/moves.js";
import type { AnalystNote, ClaudeAnalyst } from "../../../../src/diagnosis/claude/settings.js";
import { createRunbookAnalyst } from "../../../../src/diagnosis/runbook/analyst.js";
import { createFakeClock } from "../../../fakes/fake-clock.js";
import { aService, NOW } from "../../../evidence/support/world.js";
import { shippedRunbooks } from "../../support/shipped.js";

export const RUNBOOKS = shippedRunbooks();
export const OFFLINE = createRunbookAnalyst(RUNBOOKS);

export interface Session {
  readonly analyst: ClaudeAnalyst;
  readonly api: MessagesApi;
  readonly notes: readonly AnalystNote[];
  readonly clock: ReturnType<typeof createFakeClock>;
}

const open: MessagesApi[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((api) => api.close()));
});

type Answers = readonly Reply[] | ((request: MessagesBody, n: number) => Reply);

/** @param answers - one for each request, the last one again and again; or what to answer */
export async function openSession(answers: Answers, overrides: Partial<ClaudeOptions> = {}): Promise<Session> {
  const reply =
    typeof answers === "function"
      ? answers
      : (_request: MessagesBody, n: number) => answers[n - 1] ?? answers.at(-1) ?? message({});
  const api = await startMessagesApi({ apiKey: "test-key", reply });
  open.push(api);
  const notes: AnalystNote[] = [];
  const clock = createFakeClock(NOW);
  const analyst = createClaudeAnalyst({
    apiKey: "test-key",
    baseUrl: api.url,
    triageModel: "claude-haiku-5-5",
    model: "claude-sonnet-5-5",
    budget: { usd: 0.5, inputTokens: 200_000 },
    spentBefore: { usd: 0, inputTokens: 0 },
    prices: {},
    services: new Map([["checkout", aService()]]),
    actions: KNOWN_ACTIONS,
    runbooks: RUNBOOKS,
    fallback: OFFLINE,
    more: null,
    clock,
    onNote: (note) => notes.push(note),
    ...overrides,
  });
  return { analyst, api, notes, clock };
}
