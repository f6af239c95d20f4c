/** Asks monitoring for more before the diagnosis: the small model names what to look at, code looks. Bounded in every direction. */
import { isKeepable, toObservation } from "../../evidence/observation.js";
import { MAX_SUMMARY, type Observation } from "../../incident/facts.js";
import { readForMatching } from "../../outside/match.js";
import { redact } from "../../outside/redact.js";
import type { DiagnosisInput, Finding } from "../../ports.js";
import type { Service } from "../../config/config.js";
import { QuestionsAnswer, readQuestions, type Asked } from "./answers/questions.js";
import { estimateTokens } from "./ledger.js";
import type { Draft } from "./prompt.js";
import { draftAskMore } from "./prompts/ask-more.js";
import type { AskMore, Looked } from "./settings.js";

const MOST_QUESTIONS = 4;
const MOST_ROUNDS = 2;
const MOST_TOKENS = 6_000; // of what is learned
const MOST_FINDINGS = 6; // of one question
const MOST_LEARNED = 12; // they take the place of weaker observations
const MOST_SERVICES = 8;
const MAX_ASKED = 120; // of a question that is refused: the model's own words

export interface Further {
  readonly services: ReadonlyMap<string, Service>;
  readonly more: AskMore;
  readonly ask: (draft: Draft) => Promise<QuestionsAnswer>;
}
/** One look and what came of it. `asked` may hold words of the model: it belongs between delimiters. */
export interface Look {
  readonly asked: string;
  readonly result: string; // our words and ids
}
export interface Learned {
  readonly observations: readonly Observation[]; // numbered on from the input's
  readonly looks: readonly Look[];
}

/** At most `MOST_QUESTIONS` looks in two rounds; what is refused or brings nothing is told before the second. */
export async function askFurther(input: DiagnosisInput, { services, more, ask }: Further): Promise<Learned> {
  const selectable = selectableServices(input.service, services);
  const asked: string[] = [];
  let learned: Learned = { observations: [], looks: [] };
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const left = MOST_QUESTIONS - asked.length;
    if (left === 0) break;
    const known = [...input.observations, ...learned.observations];
    const facts = { services: selectable, sources: more.sources, looks: learned.looks, left };
    const answer = await ask(draftAskMore({ ...input, observations: known }, facts));
    if (answer.questions.length === 0) break;
    const { questions, refused } = readQuestions(answer, { ...facts, asked });
    asked.push(...questions.map(({ says }) => says));
    const told = refused.map(({ asked: words, why }) => ({ asked: words.slice(0, MAX_ASKED), result: `refused: ${why}` }));
    learned = { ...learned, looks: [...learned.looks, ...told] };
    const looked = await Promise.all(questions.map((question) => more.look(question, input.onset)));
    questions.forEach((question, index) => {
      learned = join(question, looked[index] ?? { kind: "silent" }, input, learned);
    });
  }
  return learned;
}

function join(question: Asked, looked: Looked, input: DiagnosisInput, learned: Learned): Learned {
  if (looked.kind === "silent") return tell(learned, question, "no answer: it has shown nothing, neither health nor harm");
  const fresh = number(looked.findings, [...input.observations, ...learned.observations]).slice(0, MOST_FINDINGS);
  const kept = fitting(fresh, learned.observations);
  const ids = kept.map(({ id }) => id).join(" ");
  const result = ids === "" ? (fresh.length === 0 ? "nothing new" : "left out: enough was learned already") : `new: ${ids}`;
  return tell({ ...learned, observations: [...learned.observations, ...kept] }, question, result);
}

function tell(learned: Learned, { says }: Asked, result: string): Learned {
  return { ...learned, looks: [...learned.looks, { asked: says, result }] };
}

/** The service itself, those it needs and those that need it, as far as the catalogue knows them. */
function selectableServices(service: Service, services: ReadonlyMap<string, Service>): readonly Service[] {
  const needed = service.dependsOn.flatMap((name) => services.get(name) ?? []);
  const needing = [...services.values()].filter(({ dependsOn }) => dependsOn.includes(service.name));
  const others = [...needed, ...needing].filter(({ name }) => name !== service.name);
  return [service, ...new Set(others)].slice(0, MOST_SERVICES);
}

function number(findings: readonly Finding[], known: readonly Observation[]): readonly Observation[] {
  const seen = new Set(known.map(identify));
  const highest = Math.max(0, ...known.map(({ id }) => Number(id.slice(1))));
  const fresh = findings
    .filter(isKeepable)
    .filter((finding) => !seen.has(identify(finding)) && seen.add(identify(finding)))
    .toSorted((a, b) => b.score - a.score);
  return fresh.map((finding, index) => {
    const summary = redact(readForMatching(finding.summary), MAX_SUMMARY);
    return toObservation(`E${highest + index + 1}`, { ...finding, summary });
  });
}

function identify({ source, subject, summary }: Finding): string {
  return JSON.stringify([source, subject, readForMatching(summary)]);
}

/** As many as the bounds of number and of tokens leave room for. */
function fitting(fresh: readonly Observation[], learned: readonly Observation[]): readonly Observation[] {
  let tokens = tokensOf(learned);
  return fresh.slice(0, MOST_LEARNED - learned.length).filter((each) => {
    tokens += tokensOf([each]);
    return tokens <= MOST_TOKENS;
  });
}

function tokensOf(observations: readonly Observation[]): number {
  return observations.reduce((sum, { summary }) => sum + estimateTokens(readForMatching(summary)), 0);
}
