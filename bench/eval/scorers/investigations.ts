/** Does what a good answer says appear in what the product says about recorded tool output? By key terms: weak, but repeatable. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { describeCluster } from "../../../src/evidence/sources/kubernetes/source.js";
import type { Cluster } from "../../../src/evidence/sources/kubernetes/cluster.js";
import { splitObjects } from "../../../src/evidence/sources/kubernetes/describe.js";
import { parseClaim, parsePodDetail } from "../../../src/evidence/sources/kubernetes/objects.js";
import { withoutHash } from "../../../src/evidence/sources/kubernetes/pod-name.js";
import { createView } from "../../../src/evidence/sources/kubernetes/view.js";
import { readForMatching } from "../../../src/outside/match.js";
import { createRenamer } from "../rename.js";
import type { CaseResult, Score, Scorer, ScoreRequest } from "../scorer.js";

const Case = z.object({
  id: z.string(),
  expected: z.array(z.string()),
  tools: z.array(z.object({ tool: z.string(), output: z.string() })),
});
type Case = z.infer<typeof Case>;

export const scorer: Scorer = { name: "investigations", goals: [], renames: true, score: scoreInvestigations };

const NOW = new Date("2026-01-01T12:00:00.000Z");
/** Share of a statement's terms that has to appear. */
const ENOUGH = 0.6;

async function scoreInvestigations({ folder, renameSeed }: ScoreRequest): Promise<Score> {
  const cases = (await readFile(join(folder, "cases.jsonl"), "utf8"))
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => Case.parse(JSON.parse(line)));
  const statements = cases.map((each) => withOtherNames(each, renameSeed)).flatMap(judge);
  const counted = statements.filter(({ right }) => right !== null);
  const met = counted.filter(({ right }) => right === true).length;
  return {
    figures: {
      statements: counted.length,
      met: counted.length === 0 ? null : met / counted.length,
      without_terms: statements.length - counted.length,
    },
    cases: statements,
    notes: [
      "only what the Kubernetes source reads counts (descriptions of pods and claims, logs): other tools' output is not looked at",
      ...counted.filter(({ right }) => right === false).map(({ id, expected }) => `${id}: not said: ${expected}`),
    ],
  };
}

/** What described objects are called, but for the hashes at the end; not those that are products too, by their image. */
function withOtherNames(each: Case, renameSeed: number | null): Case {
  const outputs = each.tools.map(({ output }) => output).join("\n");
  const named = [...outputs.matchAll(/^(?:Name|Namespace):\s+([a-z0-9][a-z0-9.-]{3,})\s*$/gm)].map(([, name = ""]) => name);
  const images = [...outputs.matchAll(/^\s*Image:\s+(\S+)$/gm)].map(([, image = ""]) => image).join(" ");
  const words = new Set(named.map(withoutHash));
  const renamer = createRenamer(
    [...words].filter((word) => word !== "default" && !images.includes(word)),
    renameSeed,
  );
  const { expected, tools } = renamer.json({ expected: each.expected, tools: each.tools.map(({ output }) => output) });
  return {
    ...each,
    expected,
    tools: each.tools.map(({ tool, output }, index) => ({ tool, output: tools[index] ?? output })),
  };
}

function judge(each: Case): readonly CaseResult[] {
  const answer = whatIsSaid(each);
  const recorded = each.tools.map(({ output }) => output).join("\n");
  return each.expected.map((expected) => {
    const terms = termsOf(expected).filter((term) => recorded.includes(term));
    const found = terms.filter((term) => answer.includes(term)).length;
    return {
      id: each.id,
      right: terms.length === 0 ? null : found / terms.length >= ENOUGH,
      answer: answer.slice(0, 200),
      expected,
    };
  });
}

/** Quoted and back-quoted strings, numbers, identifiers, CamelCase and ALL-CAPS words. */
function termsOf(statement: string): readonly string[] {
  const found = statement.matchAll(
    /`([^`]+)`|"([^"]+)"|\b(\d[\d.:-]*\d|\d)\b|\b([\w]+[-_./][\w./-]*\w)\b|\b([A-Z]?[a-z]+[A-Z]\w*)\b|\b([A-Z]{2,})\b/g,
  );
  return [...new Set([...found].map((match) => match.slice(1).find((group) => group !== undefined) ?? ""))].filter(
    (term) => term !== "",
  );
}

/** Every finding's summary, as the evidence of an incident would hold them. */
function whatIsSaid({ tools }: Case): string {
  const outputs = tools.map(({ tool, output }) => ({ tool, text: withoutHeader(output) }));
  const described = outputs.filter(({ tool }) => tool.includes("describe")).flatMap(({ text }) => splitObjects(text));
  const details = described.filter((text) => /^Containers:/m.test(text)).map(parsePodDetail);
  const pods = details.map(({ name, status, containers }) => ({
    name,
    status,
    readyContainers: containers.filter(({ ready }) => ready).length,
    containers: containers.length,
    restarts: Math.max(0, ...containers.map(({ restarts }) => restarts)),
    restartedAgoMs: null,
    ageMs: 0,
    node: null,
    labels: new Map<string, string>(),
  }));
  const cluster: Cluster = {
    ...NOTHING,
    pods,
    details: new Map(details.map((detail) => [detail.name, detail])),
    claims: described.filter((text) => /^StorageClass:/m.test(text) && /^Used By:/m.test(text)).map(parseClaim),
    logs: outputs
      .filter(({ tool }) => tool.includes("logs"))
      .map(({ tool, text }) => ({ pod: details[0]?.name ?? tool, lines: text.split("\n") })),
  };
  const view = createView(cluster, {
    manifests: new Map(),
    nodeServices: null,
    connections: null,
    calls: [],
    measurements: null,
  });
  return describeCluster(view, [], NOW)
    .map(({ summary, subject }) => `${subject}: ${readForMatching(summary)}`)
    .join("\n");
}

const NOTHING: Omit<Cluster, "pods" | "details" | "claims" | "logs"> = {
  namespace: "default",
  workloads: [],
  replicaSets: [],
  services: null,
  nodes: null,
  volumes: null,
  storageClasses: null,
  quotas: null,
  serviceAccounts: null,
  usage: [],
  rollouts: [],
  configMaps: new Map(),
  events: [],
};

/** The recorder wrote a line or two of JSON before what the tool printed. */
function withoutHeader(output: string): string {
  const lines = output.split("\n");
  const start = lines.findIndex((line) => !/^\{"(?:toolset_name|schema_version)"/.test(line));
  return lines.slice(Math.max(0, start)).join("\n");
}
