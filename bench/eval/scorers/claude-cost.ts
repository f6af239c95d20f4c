/** What the recorded clusters would send to the models, and cost: counted from the requests, without a key and without a call. */
import { createRunbookAnalyst } from "../../../src/diagnosis/runbook/analyst.js";
import { sha256 } from "../../../src/plan/canonical.js";
import { countIncident, type Count } from "../analyst/cost.js";
import { readAsked } from "../analyst/recorded.js";
import { readLibrary } from "../injection/library.js";
import type { CaseResult, Score, Scorer, ScoreRequest } from "../scorer.js";

export const scorer: Scorer = {
  name: "claude-cost",
  reads: "cluster-cases",
  goals: [
    { figure: "input_tokens.most", atMost: 60_000 },
    { figure: "usd.most", atMost: 0.05 },
  ],
  renames: false,
  score: countClusters,
};

interface Counted extends Count {
  readonly id: string;
}

/** One incident with one attempt each; a prompt whose stable part was changed shows as a case that is answered differently. */
async function countClusters({ folder }: ScoreRequest): Promise<Score> {
  const runbooks = await readLibrary();
  const offline = createRunbookAnalyst(runbooks);
  const counted: Counted[] = [];
  for await (const { id, input, incident } of readAsked(folder, Number.POSITIVE_INFINITY))
    counted.push({ id, ...(await countIncident({ input, incident, runbooks, offline })) });
  const spread = (of: (count: Count) => number): Readonly<Record<string, number | null>> => describeSpread(counted.map(of));
  return {
    figures: {
      cases: counted.length,
      calls: spread(({ calls }) => calls),
      input_tokens: spread(({ inputTokens }) => inputTokens),
      cautious_input_tokens: spread(({ cautiousInputTokens }) => cautiousInputTokens),
      output_tokens: spread(({ outputTokens }) => outputTokens),
      usd: spread(({ usd }) => usd),
    },
    cases: [...describePrompts(counted), ...counted.map(describeIncident)],
    notes: [],
  };
}

function describeSpread(values: readonly number[]): { readonly median: number | null; readonly most: number | null } {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)] ?? null, most: sorted.at(-1) ?? null };
}

function describePrompts(counted: readonly Counted[]): readonly CaseResult[] {
  const stable = new Map(counted.flatMap(({ stableParts }) => [...stableParts]));
  return [...stable].map(([task, text]) => ({
    id: `prompt ${task}`,
    right: null,
    answer: `rules and schema ${sha256(text).slice(0, 8)}, ${text.length} characters`,
    expected: "",
  }));
}

function describeIncident({ id, calls, inputTokens, usd }: Counted): CaseResult {
  return { id, right: null, answer: `${calls} calls, ${inputTokens} input tokens, ${usd.toFixed(4)} USD`, expected: "" };
}
