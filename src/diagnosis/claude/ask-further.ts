/** Asks monitoring for more before the diagnosis: the small model names what to look at, code looks. Bounded in every direction. */
import { MAX_OBSERVATIONS, MAX_SUMMARY, type Observation } from "../../incident/facts.js";
import { toObservation } from "../../evidence/observation.js";
import { readForMatching } from "../../outside/match.js";
import { redact } from "../../outside/redact.js";
import type { DiagnosisInput, Finding } from "../../ports.js";
import type { Service } from "../../config/config.js";
import { QuestionsAnswer, readQuestions, type Asked } from "./answers/questions.js";
import { estimateTokens } from "./ledger.js";
import type { Draft } from "./prompt.js";
import { draftAskMore } from "./prompts/ask-more.js";
import type { AskMore } from "./settings.js";

export const MOST_QUESTIONS = 4;
const MOST_ROUNDS = 2;
const MOST_TOKENS = 6_000; // of what is learned
const MOST_FINDINGS = 6; // of one question

export interface Further {
  readonly services: ReadonlyMap<string, Service>;
  readonly more: AskMore;
  readonly ask: (draft: Draft) => Promise<QuestionsAnswer>;
}

/** @returns what is new, numbered on from the input's observations; never more than the journal has room for */
export async function askFurther(input: DiagnosisInput, { services, more, ask }: Further): Promise<readonly Observation[]> {
  const selectable = selectableServices(input.service, services);
  const asked: Asked[] = [];
  let learned: readonly Observation[] = [];
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const left = MOST_QUESTIONS - asked.length;
    const known = [...input.observations, ...learned];
    if (left === 0 || known.length >= MAX_OBSERVATIONS) break;
    const says = asked.map((each) => each.says);
    const answer = await ask(draftAskMore({ ...input, observations: known }, { services: selectable, asked: says, left }));
    const questions = readQuestions(answer, selectable, says).slice(0, left);
    if (questions.length === 0) break;
    const findings = await Promise.all(questions.map((question) => more(question, input.onset)));
    asked.push(...questions);
    learned = [
      ...learned,
      ...number(
        findings.flatMap((each) => each.slice(0, MOST_FINDINGS)),
        known,
      ),
    ];
  }
  return withinTokens(learned);
}

/** The service itself and those it needs that the catalogue knows. */
function selectableServices(service: Service, services: ReadonlyMap<string, Service>): readonly Service[] {
  return [service, ...service.dependsOn.flatMap((name) => services.get(name) ?? [])];
}

function number(findings: readonly Finding[], known: readonly Observation[]): readonly Observation[] {
  const seen = new Set(known.map(identify));
  const highest = Math.max(0, ...known.map(({ id }) => Number(id.slice(1))));
  const fresh = findings.filter((finding) => !seen.has(identify(finding)) && seen.add(identify(finding)));
  return fresh.slice(0, MAX_OBSERVATIONS - known.length).map((finding, index) => {
    const summary = redact(readForMatching(finding.summary), MAX_SUMMARY);
    return toObservation(`E${highest + index + 1}`, { ...finding, summary });
  });
}

function identify({ source, subject, summary }: Finding): string {
  return JSON.stringify([source, subject, readForMatching(summary)]);
}

function withinTokens(learned: readonly Observation[]): readonly Observation[] {
  let tokens = 0;
  return learned.filter(({ summary }) => {
    tokens += estimateTokens(readForMatching(summary));
    return tokens <= MOST_TOKENS;
  });
}
