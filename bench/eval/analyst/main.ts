/** `node lib/bench/eval/analyst/main.js <data> [cases]`: what the recorded clusters would send to the models, and cost. No key, no call. */
import { join } from "node:path";
import { createRunbookAnalyst } from "../../../src/diagnosis/runbook/analyst.js";
import { readLibrary } from "../injection/library.js";
import { countIncident, type Count } from "./cost.js";
import { readAsked } from "./recorded.js";

const [data, cases = "1000"] = process.argv.slice(2);
if (data === undefined) {
  console.error("Say where the recorded cases are: node lib/bench/eval/analyst/main.js <data> [cases]");
  process.exitCode = 1;
} else {
  console.log(JSON.stringify(await countAll(data, Number(cases)), null, 2));
}

async function countAll(folder: string, limit: number): Promise<object> {
  const runbooks = await readLibrary();
  const offline = createRunbookAnalyst(runbooks);
  const counts: Count[] = [];
  for await (const { input, incident } of readAsked(join(folder, "cluster-cases"), limit))
    counts.push(await countIncident({ input, incident, runbooks, offline }));
  return {
    cases: counts.length,
    input_tokens: spread(counts.map(({ inputTokens }) => inputTokens)),
    cautious_input_tokens: spread(counts.map(({ cautiousInputTokens }) => cautiousInputTokens)),
    output_tokens: spread(counts.map(({ outputTokens }) => outputTokens)),
    usd: spread(counts.map(({ usd }) => usd)),
    calls: spread(counts.map(({ calls }) => calls)),
  };
}

function spread(values: readonly number[]): {
  readonly median: number | null;
  readonly p90: number | null;
  readonly most: number | null;
} {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number | null => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
  return { median: at(0.5), p90: at(0.9), most: at(1) };
}
