/** What one incident would send to the models, and cost: counted over recorded evidence, without a key and without a call. */
import { createAnalystOver } from "../../../src/diagnosis/claude/analyst.js";
import type { MessagesModel, ModelRequest } from "../../../src/diagnosis/claude/model.js";
import { KNOWN_ACTIONS } from "../../../src/diagnosis/claude/moves.js";
import { costOf, priceOf, type Usage } from "../../../src/diagnosis/claude/prices.js";
import type { Task } from "../../../src/diagnosis/claude/settings.js";
import type { Runbook } from "../../../src/diagnosis/runbook/runbook.js";
import type { Diagnosis } from "../../../src/incident/facts.js";
import type { Incident } from "../../../src/incident/incident.js";
import type { Analyst, DiagnosisInput } from "../../../src/ports.js";

export interface CountRequest {
  readonly input: DiagnosisInput;
  readonly incident: Incident | null; // for the narrative; null: none is written
  readonly runbooks: readonly Runbook[];
  readonly offline: Analyst;
}
export interface Count {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly usd: number;
  readonly cautiousInputTokens: number; // as the budget counts before a call
  /** Of each task: the rules and the schema of the answer, which no incident changes. */
  readonly stableParts: ReadonlyMap<string, string>;
}

export const MODELS = { triageModel: "claude-haiku-5-5", model: "claude-sonnet-5-5" };
/** Bytes of UTF-8 per token in prompts like ours, on the low side: the vendor says 3.5 characters before the current tokenizer's 30 % more. */
const BYTES_PER_TOKEN = 2.7;
const FRAME_TOKENS = 150;
/** What can be asked about the service as a whole: as many as an installation may have. */
const SOURCES = ["prometheus", "loki", "github", "kubernetes", "alertmanager", "tempo"];
const CAUTIOUS_BYTES_PER_TOKEN = 2;

/** Triage without a measurement, one round of asking for more, diagnosis, proposal and narrative; answers of a usual length. */
export async function countIncident({ input, incident, runbooks, offline }: CountRequest): Promise<Count> {
  const counted: Counted[] = [];
  const stableParts = new Map<string, string>();
  const cached = new Set<string>();
  const diagnosis = await offline.diagnose(input);
  const messages: MessagesModel = {
    send(request) {
      const task = taskOf(request);
      stableParts.set(task, `${request.system}\n${JSON.stringify(request.schema)}`);
      const text = JSON.stringify(answerLike(task, diagnosis));
      const usage = usageOf(request, text, cached);
      counted.push({ usage, model: request.model, bytes: bytesOf(request) });
      return Promise.resolve({ text, stop: "end", usage });
    },
  };
  const analyst = createAnalystOver(messages, {
    ...MODELS,
    budget: { usd: 100, inputTokens: 10_000_000 },
    spentBefore: { usd: 0, inputTokens: 0 },
    prices: {},
    services: new Map(),
    actions: KNOWN_ACTIONS,
    runbooks,
    fallback: offline,
    more: { sources: SOURCES, look: () => Promise.resolve({ kind: "found", findings: [] }) },
    clock: { now: () => input.onset, sleep: () => Promise.resolve() },
    onNote: () => undefined,
    nonce: () => "0123456789abcdef0123456789abcdef",
  });
  await analyst.triage({ alerts: input.alerts, service: input.service, errorRatio: null });
  const found = await analyst.diagnose(input);
  if (found.kind === "cause") await analyst.propose({ ...input, diagnosis: found });
  if (incident !== null) await analyst.narrate(incident);
  return { ...sum(counted), stableParts };
}

interface Counted {
  readonly usage: Usage;
  readonly model: string;
  readonly bytes: number;
}

function sum(counted: readonly Counted[]): Omit<Count, "stableParts"> {
  return counted.reduce<Omit<Count, "stableParts">>(
    (total, { usage, model, bytes }) => ({
      calls: total.calls + 1,
      inputTokens: total.inputTokens + usage.input + usage.cacheWrite + usage.cacheRead,
      outputTokens: total.outputTokens + usage.output,
      usd: total.usd + costOf(usage, priceOf(model)),
      cautiousInputTokens: total.cautiousInputTokens + Math.ceil(bytes / CAUTIOUS_BYTES_PER_TOKEN) + FRAME_TOKENS,
    }),
    { calls: 0, inputTokens: 0, outputTokens: 0, usd: 0, cautiousInputTokens: 0 },
  );
}

/** A prefix that is long enough is written to the cache the first time and read after that. */
function usageOf(request: ModelRequest, answer: string, cached: Set<string>): Usage {
  const tokens = (text: string): number => Math.ceil(Buffer.byteLength(text, "utf8") / BYTES_PER_TOKEN);
  const prefix = tokens(request.system);
  const rest = tokens(request.user) + tokens(JSON.stringify(request.schema)) + FRAME_TOKENS;
  const key = `${request.model} ${JSON.stringify(request.schema)} ${request.system}`;
  const isCacheable = request.system.length >= 4_000;
  const wasCached = cached.has(key);
  cached.add(key);
  return {
    input: rest + (isCacheable ? 0 : prefix),
    cacheWrite: isCacheable && !wasCached ? prefix : 0,
    cacheRead: isCacheable && wasCached ? prefix : 0,
    output: tokens(answer),
  };
}

function bytesOf({ system, user, schema }: ModelRequest): number {
  return Buffer.byteLength(system + user + JSON.stringify(schema), "utf8");
}

const CLAUSE =
  "the pool of connections shrank two minutes before the first request had to wait, and nothing else changed in that time";

/** A key of the answer that no other task asks for. */
const TASKS: Readonly<Record<string, Task>> = {
  shows: "triage",
  questions: "ask-more",
  hypotheses: "diagnose",
  moves: "propose",
  summary: "narrate",
};

function taskOf({ schema }: ModelRequest): Task {
  const [task] = Object.keys(schema["properties"] ?? {}).flatMap((key) => TASKS[key] ?? []);
  if (task === undefined) throw new Error("A request asks for an answer of no known task.");
  return task;
}

/** An answer as long as people would want it, about what the runbooks found. */
function answerLike(task: Task, diagnosis: Diagnosis): object {
  if (task === "triage") return { shows: "degraded", alerts: ["A1"], severity: "P2" };
  if (task === "ask-more") return { questions: [] };
  if (task === "propose") return { because: ["E1", "E2"], moves: [{ move: "M1", when: "always" }], risk: "medium" };
  if (task === "narrate") return { summary: [CLAUSE, CLAUSE, CLAUSE], wentWell: [CLAUSE], wentBadly: [CLAUSE] };
  const found = diagnosis.kind === "cause" ? diagnosis.hypotheses.slice(0, 3) : [];
  const hypothesis = {
    cause: CLAUSE,
    because: CLAUSE,
    runbook: null,
    for: ["E1", "E2", "E3"],
    against: ["E4"],
    tellApart: CLAUSE,
    likelihood: 0.5,
  };
  const hypotheses = [0, 1, 2].map((index) => ({ ...hypothesis, runbook: found[index]?.runbook ?? null }));
  return { hypotheses, openQuestions: [CLAUSE, CLAUSE], verdict: "cause", doubt: "none", healthy: [], confidence: 0.8 };
}
