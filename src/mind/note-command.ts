/** What is kept of a command, and how a refusal is said. */
import { openPlan } from "../gate/answer.js";
import type { Command } from "../gate/commands.js";
import type { FactOf } from "../incident/facts.js";
import { redact } from "../outside/redact.js";
import type { ReasonCode } from "../render/reasons.js";
import { renderRefusal } from "../render/refusal.js";
import { postOnce } from "./comments.js";
import type { MindContext } from "./context.js";

export async function refuse(command: Command, reason: ReasonCode, detail: string | null, context: MindContext): Promise<void> {
  const { journal, config, ports } = context;
  const digest = openPlan(journal.incident)?.digest ?? null;
  const text = renderRefusal({ by: command.comment.author.login, verb: verbOf(command), reason, digest, config, detail });
  await postOnce(`refusal:${command.comment.id}`, text, context);
  journal.note({ ...noteCommand(command, ports.clock.now(), {}), outcome: "refused", reason });
}

export function noteCommand(
  command: Command,
  at: Date,
  said: { readonly text?: string | null; readonly severity?: FactOf<"command">["severity"] },
): FactOf<"command"> {
  return {
    fact: "command",
    at,
    comment: command.comment.id,
    by: command.comment.author.login,
    verb: verbOf(command),
    outcome: "done",
    reason: null,
    text: said.text ? redact(said.text, 500) : null,
    severity: said.severity ?? null,
  };
}

function verbOf({ parsed }: Command): string {
  return parsed.kind === "command" ? parsed.said.verb : parsed.verb;
}
