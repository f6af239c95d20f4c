import type { Config } from "../config/config.js";
import { writeBlock } from "../incident/codec.js";
import type { HandsFact, MindFact } from "../incident/facts.js";
import { fold, mergeFacts } from "../incident/fold.js";
import type { Incident } from "../incident/incident.js";
import type { ExecutionDocument } from "../incident/journal.js";
import type { SigningKey } from "../incident/signature.js";
import type { Issue, IssueWriter, Clock } from "../ports.js";
import { renderIssue, renderTitle } from "../render/issue.js";
import { expectedLabels, expectedState } from "./labels.js";

/** Longest body we send: beyond 65,536 GitHub may answer 200 and keep the old text. */
export const MAX_BODY = 60_000;

/** The concurrency group keeps one writer; within this time a second look at the body would tell nothing new. */
const FRESH_MS = 10_000;

/** Another writer was faster: read everything again and start over. */
export class JournalMovedError extends Error {
  override readonly name = "JournalMovedError";
}
/** GitHub answered, but did not keep what was sent. */
export class JournalNotStoredError extends Error {
  override readonly name = "JournalNotStoredError";
}

export interface JournalStart {
  readonly issue: Issue;
  readonly readAt: Date;
  readonly repositoryId: number;
  readonly facts: readonly MindFact[]; // at least `opened`
  readonly unwritten: readonly MindFact[]; // appended at once
  readonly revision: number; // 0: nothing signed yet
  readonly head: string;
  readonly executions: readonly ExecutionDocument[];
}

/**
 * The issue body as the mind's journal. `note` keeps facts in memory; `flush` writes view, labels, state and facts in one PATCH.
 * Facts that guard no outside effect ride on the next flush.
 */
export class MindJournal {
  #issue: Issue;
  #facts: readonly MindFact[];
  #revision: number;
  #head: string;
  #dirty: boolean;
  #seenAt: number;
  #incident: Incident;
  readonly #executions: ReadonlyMap<string, readonly HandsFact[]>;

  constructor(
    readonly start: JournalStart,
    readonly key: SigningKey,
    readonly config: Config,
    readonly ports: { readonly issues: IssueWriter; readonly clock: Clock },
  ) {
    this.#issue = start.issue;
    this.#facts = [...start.facts, ...start.unwritten];
    this.#revision = start.revision;
    this.#head = start.head;
    this.#dirty = start.unwritten.length > 0;
    this.#seenAt = start.readAt.getTime();
    this.#executions = new Map(start.executions.map((document) => [document.digest, document.facts]));
    this.#incident = this.#fold();
  }

  get incident(): Incident {
    return this.#incident;
  }
  /** Of the body as it is stored now. */
  get revision(): number {
    return this.#revision;
  }
  get issue(): Issue {
    return this.#issue;
  }

  note(...facts: readonly MindFact[]): void {
    this.#facts = [...this.#facts, ...facts];
    this.#dirty ||= facts.length > 0;
    this.#incident = this.#fold();
  }

  /**
   * @throws {JournalMovedError} when someone else wrote the body since it was read
   * @throws {JournalNotStoredError} when GitHub's answer differs from what was sent
   */
  async flush(): Promise<void> {
    if (!this.#dirty) return;
    await this.#checkUnmoved();
    const block = this.#sign();
    const body = this.#compose(block.text);
    const stored = await this.ports.issues.update(this.#issue.number, {
      title: renderTitle(this.#incident),
      body,
      labels: expectedLabels(this.#incident, this.#issue.labels),
      state: expectedState(this.#incident),
    });
    if (!stored.body.includes(block.text))
      throw new JournalNotStoredError(
        `GitHub did not keep revision ${this.#revision + 1} of incident #${this.#issue.number}: the text it answered with differs from what was sent.`,
      );
    this.#issue = stored;
    this.#revision += 1;
    this.#head = block.head;
    this.#dirty = false;
    this.#seenAt = this.ports.clock.now().getTime();
  }

  /** Read before write, unless the last answer of GitHub about this body is only seconds old. */
  async #checkUnmoved(): Promise<void> {
    if (this.ports.clock.now().getTime() - this.#seenAt < FRESH_MS) return;
    const current = await this.ports.issues.current(this.#issue.number);
    if (current.body !== this.#issue.body)
      throw new JournalMovedError(`The body of incident #${this.#issue.number} was written by someone else meanwhile.`);
  }

  #sign(): { readonly text: string; readonly head: string } {
    const { repositoryId } = this.start;
    return writeBlock(
      {
        document: "journal",
        repository: repositoryId,
        issue: this.#issue.number,
        plan: null,
        revision: this.#revision + 1,
        previous: this.#head,
      },
      this.#facts,
      this.key,
    );
  }

  #compose(block: string): string {
    const view = renderIssue({
      incident: this.#incident,
      config: this.config,
      now: this.ports.clock.now(),
      revision: this.#revision + 1,
      keyId: this.key.id,
      minutes: null,
    });
    const body = `${view}\n\n${block}`;
    if (body.length <= MAX_BODY) return body;
    const room = Math.max(0, MAX_BODY - block.length - 200);
    return `${view.slice(0, room)}\n\n</details>\n\n…the rest of this page is too long for an issue; the journal below is complete.\n\n${block}`;
  }

  #fold(): Incident {
    return fold(this.#issue.number, mergeFacts(this.#facts, this.#executions));
  }
}
