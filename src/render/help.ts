/** The commands: how each is written, who may type it, what it does. */
import { escapeInline } from "../outside/escape.js";
import type { Config } from "../config/config.js";
import { approversInWords } from "./plan-details.js";
import { blocks, table } from "./markdown.js";

export interface CommandHelp {
  readonly verb: string;
  readonly written: string;
  /** The least role; `approver`: whom the config names. */
  readonly role: "read" | "triage" | "write" | "approver";
  readonly does: string;
}

export const COMMANDS: readonly CommandHelp[] = [
  { verb: "approve", written: "/approve <digest>", role: "approver", does: "let exactly this plan be carried out, once" },
  { verb: "reject", written: "/reject <why>", role: "triage", does: "turn the plan down; the incident goes to people" },
  { verb: "ack", written: "/ack", role: "triage", does: "I am on it; stops the page" },
  { verb: "hold", written: "/hold", role: "triage", does: "stop the automation, also between two steps" },
  { verb: "retry", written: "/retry <hint>", role: "write", does: "look for the cause again; ends a hold" },
  {
    verb: "plan",
    written: "/plan <action> <target> [key=value …]",
    role: "write",
    does: "write the plan yourself; it goes through the same rules and the same gate",
  },
  { verb: "severity", written: "/severity P1", role: "triage", does: "set the severity: P0, P1, P2 or P3" },
  {
    verb: "cause",
    written: "/cause <text>",
    role: "triage",
    does: "say what the cause was; kept in the journal, shown in the issue; a filed post-mortem is not rewritten",
  },
  { verb: "escalate", written: "/escalate", role: "triage", does: "call for help" },
  { verb: "resolve", written: "/resolve <note>", role: "write", does: "it is over, or never was an incident" },
  { verb: "status", written: "/status", role: "read", does: "where it stands" },
  { verb: "help", written: "/help", role: "read", does: "this list" },
];

export function renderHelp(config: Config): string {
  const rows = COMMANDS.map(({ written, role, does }) => [`\`${written}\``, does, roleInWords(role, config)]);
  return blocks([
    "The first line of a comment is the command. 👀 seen · 🚀 done · 👎 refused, with the reason.",
    table(["Type", "to", "who may"], rows),
    "Commands count only from people, in comments that were never edited.",
  ]);
}

/** Who may type a command, in words; null for a command that does not exist. */
export function whoMay(verb: string, config: Config): string | null {
  const command = COMMANDS.find((each) => each.verb === verb);
  return command === undefined ? null : roleInWords(command.role, config);
}

/** How a command is written; null for a command that does not exist. */
export function howWritten(verb: string): string | null {
  return COMMANDS.find((each) => each.verb === verb)?.written ?? null;
}

function roleInWords(role: CommandHelp["role"], config: Config): string {
  if (role === "approver") return approversInWords(config.gate.approvers);
  return escapeInline(role === "read" ? "anyone who can read" : `${role} and above`);
}
