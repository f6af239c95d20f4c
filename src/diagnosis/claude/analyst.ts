/**
 * The Claude analyst: asks, checks every answer, and hands over to the fallback wherever there is none worth having.
 * It decides nothing: confidence is capped by the caller, plans are made by the guard, and who spoke is said.
 */
import { joinLearned } from "../../evidence/join-learned.js";
import type { Diagnosis, Triage } from "../../incident/facts.js";
import type { Proposal } from "../../plan/proposal.js";
import type { DiagnosisInput, Narrative, ProposalInput, TriageInput } from "../../ports.js";
import type { Incident } from "../../incident/incident.js";
import { narrateFromFacts } from "../narrate.js";
import { DiagnosisAnswer, judgeDiagnosis } from "./answers/diagnosis.js";
import { judgeNarrative, narrativeAnswer } from "./answers/narrative.js";
import { judgeProposal, ProposalAnswer } from "./answers/proposal.js";
import { QuestionsAnswer } from "./answers/questions.js";
import { judgeTriage, TriageAnswer } from "./answers/triage.js";
import { askFurther, type Learned, type Look } from "./ask-further.js";
import type { MessagesModel } from "./model.js";
import { listMoves } from "./moves.js";
import { draftDiagnose } from "./prompts/diagnose.js";
import { draftNarrate } from "./prompts/narrate.js";
import { draftPropose } from "./prompts/propose.js";
import { draftTriage } from "./prompts/triage.js";
import type { ClaudeAnalyst, ClaudeSettings } from "./settings.js";
import { createSpeaker, type Speaker } from "./speaker.js";
import { ModelTroubleError } from "./trouble.js";

export function createAnalystOver(messages: MessagesModel, settings: ClaudeSettings): ClaudeAnalyst {
  const speaker = createSpeaker(messages, settings);
  let learned: Learned = { observations: [], looks: [] };
  return {
    get name() {
      return speaker.name();
    },
    triage: (input) => triage(input, speaker, settings),
    diagnose: async (input) => {
      learned = await learnMore(input, speaker, settings);
      const { observations } = joinLearned(input.observations, learned.observations, input.review);
      return diagnose({ ...input, observations }, learned.looks, speaker, settings);
    },
    propose: (input) => propose(input, speaker, settings),
    narrate: (incident) => narrate(incident, speaker, settings),
    spent: () => speaker.spent(),
    onConsulted: (keep) => speaker.onConsulted(keep),
    learned: () => learned.observations,
  };
}

/** What was measured needs no opinion: no call is made then. */
async function triage(input: TriageInput, speaker: Speaker, { fallback, triageModel }: ClaudeSettings): Promise<Triage> {
  const suggested = await fallback.triage(input);
  if (suggested.errorRatio !== null) return speaker.offline(suggested);
  const question = { task: "triage", draft: draftTriage(input, suggested), schema: TriageAnswer } as const;
  return speaker.ask(question, {
    answered: (answer) => judgeTriage(answer, suggested, input.alerts.length, triageModel),
    fallback: () => Promise.resolve(suggested),
  });
}

async function learnMore(input: DiagnosisInput, speaker: Speaker, settings: ClaudeSettings): Promise<Learned> {
  const { more, services } = settings;
  if (more === null) return { observations: [], looks: [] };
  const nothing: QuestionsAnswer = { questions: [] };
  return askFurther(input, {
    services,
    more,
    ask: (draft) =>
      speaker.ask(
        { task: "ask-more", draft, schema: QuestionsAnswer },
        { answered: (answer) => answer, fallback: () => Promise.resolve(nothing) },
      ),
  });
}

async function diagnose(
  input: DiagnosisInput,
  looks: readonly Look[],
  speaker: Speaker,
  { fallback, runbooks, model }: ClaudeSettings,
): Promise<Diagnosis> {
  const offline = await fallback.diagnose(input);
  const question = {
    task: "diagnose",
    draft: draftDiagnose(input, { offline, runbooks, looks }),
    schema: DiagnosisAnswer,
  } as const;
  return speaker.ask(question, {
    answered: async (answer) => {
      const { diagnosis, droppedCitations, overruled } = judgeDiagnosis(answer, input, runbooks);
      if (droppedCitations > 0)
        await speaker.note("diagnose", "dropped", `${model} cited ${droppedCitations} observations that do not exist`);
      if (overruled)
        await speaker.note("diagnose", "overruled", `${model} saw no incident; what was measured does not show health`);
      if (diagnosis === null) throw new ModelTroubleError("invalid-answer", "no hypothesis cites an observation that exists");
      return diagnosis;
    },
    fallback: () => Promise.resolve(offline),
  });
}

/** Without a move to choose from there is nothing to ask. */
async function propose(input: ProposalInput, speaker: Speaker, settings: ClaudeSettings): Promise<Proposal | null> {
  const { fallback, runbooks, actions } = settings;
  const moves = listMoves(input, actions, runbooks);
  if (moves.length === 0) return speaker.offline(await fallback.propose(input));
  const question = { task: "propose", draft: draftPropose(input, moves, runbooks), schema: ProposalAnswer } as const;
  return speaker.ask(question, {
    answered: (answer) => judgeProposal(answer, input, moves, runbooks),
    fallback: () => fallback.propose(input),
  });
}

async function narrate(incident: Incident, speaker: Speaker, { fallback }: ClaudeSettings): Promise<Narrative> {
  const record = narrateFromFacts(incident);
  const question = { task: "narrate", draft: draftNarrate(record), schema: narrativeAnswer(record) } as const;
  return speaker.ask(question, { answered: judgeNarrative, fallback: () => fallback.narrate(incident) });
}
