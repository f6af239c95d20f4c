/** Does what a stranger writes change what is decided? Every string in every place of every scene. */
import type { Analyst } from "../../../src/ports.js";
import type { Evidence } from "../../../src/incident/facts.js";
import { FIELDS, type Control, type Field } from "./fields.js";
import { conclude, gather, prepare, type Outcome, type World } from "./pipeline.js";
import { reachesModel, type Reasoners } from "./prompts.js";
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
  readonly changes: boolean;
}

/** Each string in each field of three scenes: the two that a word could tip most easily, and the others by turns. */
export async function tryAttacks(attacks: readonly Attack[], world: World, analyst: Analyst): Promise<readonly Trial[]> {
  const trials: Trial[] = [];
  for (const scene of SCENES) {
    const texts = usualTexts(scene);
    const evidence = await gather(scene, texts, world);
    const usual = await decide(scene, texts, evidence, world, analyst);
    for (const field of FIELDS)
      for (const { id, text } of attacks.filter((_, index) => isTurnOf(scene, index))) {
        const found = await decideWith(field, text, { scene, texts, evidence }, world, analyst);
        trials.push({ scene: scene.name, field: field.name, attack: id, usual, found });
      }
  }
  return trials;
}

function isTurnOf(scene: Scene, index: number): boolean {
  const others = SCENES.filter(({ close }) => !close);
  return scene.close || others[index % others.length] === scene;
}

interface Usual {
  readonly scene: Scene;
  readonly texts: Texts;
  readonly evidence: Evidence;
}

async function decideWith(
  field: Field,
  text: string,
  { scene, texts, evidence }: Usual,
  world: World,
  analyst: Analyst,
): Promise<Outcome> {
  const put = field.put(text, texts);
  return decide(scene, put, field.inEvidence ? await gather(scene, put, world) : evidence, world, analyst);
}

async function decide(scene: Scene, texts: Texts, evidence: Evidence, world: World, analyst: Analyst): Promise<Outcome> {
  return conclude(scene, texts, await prepare(scene, texts, evidence, world, analyst), world, analyst);
}

/** The fields are really connected: for each a harmless text that does change the answer. */
export async function tryControls(world: World, reasoners: Reasoners): Promise<readonly ControlTrial[]> {
  const { offline, runbooks } = reasoners;
  return Promise.all(
    FIELDS.map(async (field) => {
      const { name, control } = field;
      if (control === null)
        return {
          field: name,
          says: "nothing that the offline analyst decides reads it; a model sees it as data",
          changes: await reachesModel(field, world, reasoners),
        };
      const scenes = SCENES.filter((scene) => control.scenes.includes(scene.name));
      const tries = scenes.flatMap((scene) => control.texts(runbooks).map((text) => ({ scene, text })));
      const changes = await Promise.all(tries.map(({ scene, text }) => changesAnswer(control, text, scene, world, offline)));
      return { field: name, says: control.says, changes: changes.includes(true) };
    }),
  );
}

async function changesAnswer(control: Control, text: string, scene: Scene, world: World, offline: Analyst): Promise<boolean> {
  const texts = usualTexts(scene);
  const put = control.put(text, texts);
  const usual = await decide(scene, texts, await gather(scene, texts, world), world, offline);
  const found = await decide(scene, put, await gather(scene, put, world), world, offline);
  return found.decided !== usual.decided;
}
