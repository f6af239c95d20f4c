/** ITBench: the alerts of one incident → the thing they come from. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { rankEntities } from "../../../src/signals/alert-storm/rank-entities.js";
import { topShare, toCaseResult, type RankedCase } from "../ranking.js";
import { createRenamer } from "../rename.js";
import type { Score, ScoreRequest, Scorer } from "../scorer.js";

const Case = z.object({
  id: z.string(),
  alerts: z.array(z.object({ alert: z.string(), entity: z.string().nullable(), description: z.string() })),
  entities: z.array(z.object({ id: z.string(), kind: z.string(), namespace: z.string().nullish() })),
  aliases: z.array(z.array(z.string())),
  truth: z.object({ root: z.array(z.string()) }),
});
type Case = z.infer<typeof Case>;

export const scorer: Scorer = {
  name: "alert-storms",
  goals: [{ figure: "top1", atLeast: 0.45 }],
  renames: true,
  score,
};

async function score({ folder, renameSeed }: ScoreRequest): Promise<Score> {
  const rows = (await readFile(join(folder, "cases.jsonl"), "utf8")).trim().split("\n");
  const cases = rows.map((row) => Case.parse(JSON.parse(row)));
  const ranked = cases.map((one) => rank(one, renameSeed));
  const running = cases.filter(({ entities, truth }) =>
    entities.some(({ id, kind }) => truth.root.includes(id) && /^(?:Pod|Service|Deployment)$/.test(kind)),
  );
  const ids = new Set(running.map(({ id }) => id));
  const plain = cases.map((one) =>
    rank({ ...one, entities: one.entities.map((entity) => ({ ...entity, kind: "Service" })) }, renameSeed),
  );
  const ofRunning = topShare(
    ranked.filter(({ id }) => ids.has(id)),
    1,
  );
  return {
    figures: {
      top1: topShare(ranked, 1),
      top3: topShare(ranked, 3),
      running: { cases: running.length, top1: ofRunning },
      without_kinds: { top1: topShare(plain, 1), top3: topShare(plain, 3) },
    },
    cases: ranked.map(toCaseResult),
    notes: [
      "most roots are experiments or settings, told by their kind: `without_kinds` shows what is left when nobody knows kinds, `running` is where the root is a pod, service or deployment",
    ],
  };
}

function rank({ id, alerts, entities, aliases, truth }: Case, renameSeed: number | null): RankedCase {
  const renamer = createRenamer(wordsOf(entities), renameSeed);
  const named = renamer.json({ alerts, entities, aliases });
  const ranking = rankEntities({
    alerts: named.alerts.map(({ alert, entity, description }) => ({ name: alert, entity, text: description })),
    entities: named.entities
      .map((entity) => ({ ...entity, namespace: entity.namespace ?? "" }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    aliases: named.aliases,
  });
  const right = new Set(truth.root.flatMap((root) => [root, ...aliases.filter((names) => names.includes(root)).flat()]));
  return {
    id,
    expected: [...right],
    ranking: ranking.map((each) => {
      const names = each.names.map((name) => renamer.restore(name));
      return names.find((name) => right.has(name)) ?? renamer.restore(each.id);
    }),
    why: renamer.restore(ranking[0]?.for[0]?.what ?? ""),
  };
}

/** Words that say what kind of thing it is, or what is done to it, are no names. */
const NO_NAMES =
  /^(?:pod|service|svc|deployment|schedule|config|configmap|chaos|stress|cpu|memory|network|partition|http|abort|delay|jvm|io|quota|resource|pdb|endpoint|namespace|\d+)$/;

function wordsOf(entities: readonly { readonly id: string; readonly kind: string }[]): readonly string[] {
  const kinds = new Set(entities.map(({ kind }) => kind.toLowerCase()));
  return entities
    .flatMap(({ id }) => id.toLowerCase().split(/[-/]/))
    .filter((word) => word.length > 1 && !NO_NAMES.test(word) && !kinds.has(word));
}
