/**
 * Without a signing key nothing can be kept: the mind looks once, says in one comment what it found, and calls people.
 * It signs nothing, plans nothing, and leaves the newborn issue as it is.
 */
import type { Action } from "../actions/action.js";
import type { Config } from "../config/config.js";
import type { MindFact } from "../incident/facts.js";
import { fold } from "../incident/fold.js";
import type { Incident } from "../incident/incident.js";
import { readJournal } from "../incident/journal.js";
import { nextStep } from "../lifecycle.js";
import type { Issue, MindPorts } from "../ports.js";
import { refuse, type Refusal } from "../remediation/refusal.js";
import { renderIssue } from "../render/issue.js";
import type { Step } from "../step.js";
import { keysTold, postOnce } from "./comments.js";
import { keepConsultations } from "./consulted.js";
import type { MindContext } from "./context.js";
import { readInbox } from "./inbox.js";
import { perform } from "./perform.js";
import { openingFact } from "./respond.js";

const COMMENT = "diagnosis";
/** What needs no memory; anything else would promise something that cannot be kept. */
const HARMLESS: ReadonlySet<Step["do"]> = new Set<Step["do"]>(["triage", "gather", "diagnose", "page"]);

export interface DiagnoseOnlyRequest {
  readonly incident: number;
  readonly config: Config;
  readonly catalogue: ReadonlyMap<string, Action>;
}
export type DiagnoseOnlyResult = { readonly kind: "said" | "known"; readonly incident: number } | Refusal;

export async function diagnoseOnly(request: DiagnoseOnlyRequest, ports: MindPorts): Promise<DiagnoseOnlyResult> {
  const snapshot = await ports.desk.look(request.incident);
  const { issue, comments, trunk } = snapshot;
  const { config, catalogue } = request;
  if (!issue) return refuse("journal-broken", `There is no issue #${request.incident}.`);
  const reading = readJournal({ issue, comments, repositoryId: trunk.repositoryId, keys: config.keys });
  if (reading.kind === "ok")
    return refuse("no-key", `Incident #${issue.number} is signed, but the input signing-key is missing: it can only be read.`);
  if (reading.kind === "broken") return refuse(reading.reason, reading.why);
  if (keysTold(comments, issue.author.login).has(COMMENT)) return { kind: "known", incident: issue.number };
  const journal = new Memory(issue, [openingFact(reading.intake, issue)]);
  const context: MindContext = { ports, config, snapshot, journal, catalogue };
  await think(context);
  const view = renderIssue({
    incident: journal.incident,
    config,
    now: ports.clock.now(),
    revision: 0,
    keyId: null,
    minutes: null,
  });
  await postOnce(COMMENT, view, context);
  return { kind: "said", incident: issue.number };
}

async function think(context: MindContext): Promise<void> {
  const { journal, ports, config, snapshot } = context;
  keepConsultations(context);
  const tried = new Set<string>();
  const inbox = { ...(await readInbox(snapshot, null, config, ports)), commands: [], intakes: [], tried };
  for (;;) {
    const step = nextStep(journal.incident, inbox, ports.clock.now(), config);
    if (step.do === "wait" || !HARMLESS.has(step.do)) return;
    await perform(step, inbox, context);
    if (step.do === "page") tried.add(step.key);
  }
}

/** A journal that is forgotten when the job ends. */
class Memory {
  readonly revision = 0;
  readonly key = { id: "none" };
  #facts: readonly MindFact[];

  constructor(
    readonly issue: Issue,
    facts: readonly MindFact[],
  ) {
    this.#facts = facts;
  }

  get incident(): Incident {
    return fold(this.issue.number, this.#facts);
  }

  note(...facts: readonly MindFact[]): void {
    this.#facts = [...this.#facts, ...facts];
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }
}
