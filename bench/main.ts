/** `npm run bench [-- --json] [-- --only <name>]`: figures of the product, measured side by side in one run. Not tests. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../lab/root.js";
import { measureColdStart, type ColdStart } from "./cold-start.js";
import { measureLifecycle, type Lifecycle } from "./lifecycle.js";
import { describeKillPoints, measureKillPoints } from "./kill-points.js";
import { formatPools, measurePools } from "./pool.js";

interface Bench {
  readonly name: string;
  run(): Promise<{ readonly figures: unknown; readonly text: string }>;
}

const BENCHES: readonly Bench[] = [
  {
    name: "cold-start",
    async run() {
      const figures = await measureColdStart(join(packageRoot(), "dist", "index.js"));
      return { figures, text: describeColdStart(figures) };
    },
  },
  {
    name: "lifecycle",
    async run() {
      const figures = await measureLifecycle();
      return { figures, text: describeLifecycle(figures) };
    },
  },
  {
    name: "pools",
    async run() {
      const figures = await measurePools([2, 4, 8, 50]);
      return { figures, text: formatPools(figures) };
    },
  },
  {
    name: "kill-points",
    async run() {
      const figures = await measureKillPoints();
      return { figures, text: describeKillPoints(figures) };
    },
  },
];

const { values } = parseArgs({ options: { json: { type: "boolean", default: false }, only: { type: "string" } } });
const chosen = BENCHES.filter(({ name }) => values.only === undefined || values.only === name);
if (chosen.length === 0)
  throw new Error(`There is no bench "${values.only ?? ""}". There are ${BENCHES.map(({ name }) => name).join(", ")}.`);

const results: Record<string, unknown> = {};
for (const bench of chosen) {
  const { figures, text } = await bench.run();
  results[bench.name] = figures;
  if (!values.json) process.stdout.write(`\n${bench.name}\n${text}\n`);
}
if (values.json) process.stdout.write(`${JSON.stringify({ schema_version: 1, node: process.version, results })}\n`);

function describeColdStart({ runs, bundle_ms, empty_node_ms, ratio }: ColdStart): string {
  return `  start of dist/index.js to its first request ${bundle_ms.toFixed(0)} ms, empty Node process ${empty_node_ms.toFixed(0)} ms: ${ratio.toFixed(1)}× (medians of ${runs})`;
}

function describeLifecycle({ phase, requests, alert_to_plan_ms, approve_to_resolved_ms, soak_ms }: Lifecycle): string {
  const { total, until_plan, evidence, polling, by_operation } = requests;
  const operations = Object.entries(by_operation).sort((a, b) => b[1] - a[1]);
  const lines = operations.map(([name, count]) => `    ${String(count).padStart(3)}  ${name}`);
  return [
    `  ended in phase ${phase}`,
    `  requests ${total} in all (of them evidence ${evidence}, polling ${polling}); ${until_plan} until the plan was posted`,
    ...lines,
    `  alert → plan ${(alert_to_plan_ms / 1000).toFixed(1)} s; approve → resolved ${(approve_to_resolved_ms / 1000).toFixed(1)} s (soak ${soak_ms / 1000} s)`,
  ].join("\n");
}
