/** Does what a stranger writes change what is decided? Every string in every place, and some in two places at once. */
import type { Analyst } from "../../../src/ports.js";
import type { Evidence } from "../../../src/incident/facts.js";
import type { Runbook } from "../../../src/diagnosis/runbook/runbook.js";
import { FIELDS, REACHES, type Control, type Field, type Reach } from "./fields.js";
import { conclude, gather, prepare, type Outcome, type World } from "./pipeline.js";
import { SCENES, usualTexts, type Scene, type Texts } from "./scenes.js";

export interface Attack {
  readonly id: string;
  readonly text: string;
}
export interface Trial {
  readonly scene: string;
  readonly field: string;
  readonly attack: string;
  readonly usual: Outcome;
  readonly found: Outcome;
}
export interface ControlTrial {
  readonly field: string;
  readonly says: string;
  readonly wanted: Reach;
  readonly reached: Reach | null; // null: it changed nothing
}

export async function tryAttacks(attacks: readonly Attack[], world: World, analyst: Analyst): Promise<readonly Trial[]> {
  const trials: Trial[] = [];
  for (const scene of SCENES) {
    const usual = await lookUsually(scene, world, analyst);
    for (const field of FIELDS)
      for (const [turn, { id, text }] of attacks.entries()) {
        if (!field.triedIn(scene, turn)) continue;
        const found = await decideWith([{ field, text }], usual, world, analyst);
        trials.push({ scene: scene.name, field: field.name, attack: id, usual: usual.outcome, found });
      }
  }
  return trials;
}

/** Each string together with another one, in two places that change from string to string. */
export async function tryPairs(attacks: readonly Attack[], world: World, analyst: Analyst): Promise<readonly Trial[]> {
  const usuals = await Promise.all(SCENES.map((scene) => lookUsually(scene, world, analyst)));
  const trials: Trial[] = [];
  for (const [turn, { id, text }] of attacks.entries()) {
    const usual = pick(usuals, turn);
    const places = FIELDS.filter(({ triedIn }) => SCENES.indexOf(usual.scene) >= 0 && isPlaceOf(triedIn, usual.scene));
    const [one, two] = [pick(places, turn * 5), pick(places, turn * 5 + 1 + (turn % (places.length - 1)))];
    const other = pick(attacks, turn * 7 + 3);
    const both = [
      { field: one, text },
      { field: two, text: other.text },
    ];
    const found = await decideWith(both, usual, world, analyst);
    const names = { field: `${one.name} and ${two.name}`, attack: `${id} and ${other.id}` };
    trials.push({ scene: usual.scene.name, ...names, usual: usual.outcome, found });
  }
  return trials;
}

function isPlaceOf(triedIn: Field["triedIn"], scene: Scene): boolean {
  return Array.from({ length: SCENES.length }, (_, turn) => triedIn(scene, turn)).includes(true);
}

function pick<T>(items: readonly T[], turn: number): T {
  const item = items[turn % items.length];
  if (item === undefined) throw new Error("There is nothing to pick from.");
  return item;
}

interface Usual {
  readonly scene: Scene;
  readonly texts: Texts;
  readonly evidence: Evidence;
  readonly outcome: Outcome;
}

async function lookUsually(scene: Scene, world: World, analyst: Analyst): Promise<Usual> {
  const texts = usualTexts(scene);
  const evidence = await gather(scene, texts, world);
  return { scene, texts, evidence, outcome: await decide(scene, texts, evidence, world, analyst) };
}

interface Written {
  readonly field: Field;
  readonly text: string;
}

async function decideWith(
  written: readonly Written[],
  { scene, texts, evidence }: Usual,
  world: World,
  analyst: Analyst,
): Promise<Outcome> {
  const put = written.reduce((current, { field, text }) => field.put(text, current), texts);
  const isSeen = written.some(({ field }) => field.inEvidence);
  return decide(scene, put, isSeen ? await gather(scene, put, world) : evidence, world, analyst);
}

async function decide(scene: Scene, texts: Texts, evidence: Evidence, world: World, analyst: Analyst): Promise<Outcome> {
  return conclude(scene, texts, await prepare(scene, texts, evidence, world, analyst), world, analyst);
}

/** The fields are really connected: for each a harmless text that does change the answer. */
export async function tryControls(
  world: World,
  analyst: Analyst,
  runbooks: readonly Runbook[],
): Promise<readonly ControlTrial[]> {
  return Promise.all(
    FIELDS.map(async ({ name, control }) => {
      const scenes = SCENES.filter((scene) => control.scenes.includes(scene.name));
      const tries = scenes.flatMap((scene) => control.texts(runbooks).map((text) => ({ scene, text })));
      const reached = await Promise.all(tries.map(({ scene, text }) => reachOf(control, text, scene, world, analyst)));
      const furthest = REACHES.find((reach) => reached.includes(reach)) ?? null;
      return { field: name, says: control.says, wanted: control.reach, reached: furthest };
    }),
  );
}

async function reachOf(control: Control, text: string, scene: Scene, world: World, analyst: Analyst): Promise<Reach | null> {
  const texts = { ...usualTexts(scene), ...control.given };
  const put = control.put(text, texts);
  const [usual, found] = await Promise.all([texts, put].map((each) => decideAfresh(scene, each, world, analyst)));
  if (usual === undefined || found === undefined || found.decided !== usual.decided) return "decision";
  const written = wordsIn(texts, put);
  if (withoutWords(found.explained, written) !== withoutWords(usual.explained, written)) return "explanation";
  return found.page() === usual.page() ? null : "page";
}

/** The label of the alert decides which service it is about. */
async function decideAfresh(scene: Scene, texts: Texts, world: World, analyst: Analyst): Promise<Outcome> {
  const service = world.config.services.get(texts.service) ?? world.service;
  const there = { ...world, service };
  return decide(scene, texts, await gather(scene, texts, there), there, analyst);
}

/** Both wordings of what differs: an explanation that only quotes them is the same explanation. */
function wordsIn(before: Texts, after: Texts): readonly string[] {
  const keys = Object.keys(before) as readonly (keyof Texts)[];
  const differing = keys.filter((key) => before[key] !== after[key]);
  const both = differing.flatMap((key) => [before[key], after[key]]);
  return both.filter((text): text is string => typeof text === "string").toSorted((a, b) => b.length - a.length);
}

function withoutWords(text: string, words: readonly string[]): string {
  return words.reduce((current, word) => current.replaceAll(JSON.stringify(word).slice(1, -1), "…"), text);
}
