import type { ExecutionDocument } from "../incident/journal.js";
import { writeBlock } from "../incident/codec.js";
import type { HandsFact } from "../incident/facts.js";
import { foldExecution } from "../incident/fold-execution.js";
import type { Execution } from "../incident/incident.js";
import type { SigningKey } from "../incident/signature.js";
import type { Plan } from "../plan/plan.js";
import type { CommentWriter } from "../ports.js";
import { renderExecution } from "../render/execution.js";
import type { Digest } from "../words.js";

export interface ExecutionContext {
  readonly plan: Plan;
  readonly digest: Digest;
  readonly key: SigningKey;
  readonly comments: CommentWriter;
  readonly repositoryUrl: string;
}

/** The record did not arrive as it was sent: going on would leave effects that nobody can account for. */
export class ExecutionNotStoredError extends Error {
  override readonly name = "ExecutionNotStoredError";
}

/** The hands' one comment: signed and stored before every move. */
export class ExecutionWriter {
  #document: ExecutionDocument | null;
  #facts: readonly HandsFact[];
  #dirty = false;

  constructor(
    readonly context: ExecutionContext,
    existing: ExecutionDocument | null,
  ) {
    this.#document = existing;
    this.#facts = existing?.facts ?? [];
  }

  get execution(): Execution | null {
    return this.#facts.reduce<Execution | null>(foldExecution, null);
  }

  note(...facts: readonly HandsFact[]): void {
    this.#facts = [...this.#facts, ...facts];
    this.#dirty ||= facts.length > 0;
  }

  /** @throws {ExecutionNotStoredError} when GitHub's answer differs from what was sent */
  async flush(): Promise<void> {
    const { execution } = this;
    if (!this.#dirty) return;
    if (!execution) throw new Error('The first fact of an execution must be "execution-started".');
    const block = this.#signNext();
    const { plan, digest, repositoryUrl, comments } = this.context;
    const body = `${renderExecution({ plan, execution, facts: this.#facts, repositoryUrl })}\n\n${block.text}`;
    const stored = this.#document ? await comments.edit(this.#document.comment, body) : await comments.post(plan.incident, body);
    if (!stored.body.includes(block.text)) {
      throw new ExecutionNotStoredError(
        `GitHub did not keep the record of plan ${digest.slice(0, 8)} (comment ${stored.id}): its text differs from what was sent.`,
      );
    }
    this.#document = { digest, comment: stored.id, revision: this.#nextRevision(), head: block.head, facts: this.#facts };
    this.#dirty = false;
  }

  #nextRevision(): number {
    return (this.#document?.revision ?? 0) + 1;
  }

  #signNext(): { readonly text: string; readonly head: string } {
    const { plan, digest, key } = this.context;
    return writeBlock(
      {
        document: "execution",
        repository: plan.repositoryId,
        issue: plan.incident,
        plan: digest,
        revision: this.#nextRevision(),
        previous: this.#document?.head ?? "",
      },
      this.#facts,
      key,
    );
  }
}
