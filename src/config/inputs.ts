import { isEd25519Private } from "./keys.js";
import { show } from "./problems.js";
import { suggest } from "./suggest.js";

export const COMMANDS = ["open", "respond", "hand-over", "archive", "alarm", "check", "remediate", "wake", "sweep"] as const;
export type Command = (typeof COMMANDS)[number];
const NOT_YET = ["detect", "report"];

/** The inputs of `action.yml`, in its order; `fallback` is its default. */
export const INPUTS = [
  { name: "command", required: true, fallback: "" },
  { name: "incident", required: false, fallback: "" },
  { name: "plan-digest", required: false, fallback: "" },
  { name: "github-token", required: false, fallback: "${{ github.token }}" },
  { name: "config", required: false, fallback: ".github/gatehouse.yml" },
  { name: "anthropic-api-key", required: false, fallback: "" },
  { name: "signing-key", required: false, fallback: "" },
  { name: "dry-run", required: false, fallback: "false" },
] as const;
export type InputName = (typeof INPUTS)[number]["name"];

/** The outputs of `action.yml`: closed words and numbers, except `result`. */
export const OUTPUTS = ["incident", "next", "go", "phase", "reason-code", "result"] as const;
export type OutputName = (typeof OUTPUTS)[number];

export interface Inputs {
  readonly command: Command;
  readonly incident: number | null;
  readonly planDigest: string | null; // 64 hex characters
  readonly githubToken: string;
  readonly configPath: string;
  readonly anthropicApiKey: string | null;
  readonly signingKey: string | null; // base64 PKCS#8 of an Ed25519 key
  readonly dryRun: boolean;
}

const NEEDS_INCIDENT: readonly Command[] = ["respond", "hand-over", "archive", "check", "remediate", "wake"];
const NEEDS_PLAN: readonly Command[] = ["check", "remediate"];
/** Who thinks cannot touch, who touches does not think: each secret has its jobs. */
const MAY_HOLD = { "anthropic-api-key": ["respond"], "signing-key": ["respond", "remediate"] } as const;

type Values = Readonly<Partial<Record<InputName, string>>>;

/**
 * @param given - inputs by name; what is not there counts as empty
 * @returns the inputs, or every problem in one message, a line each, in the words of `action.yml`
 */
export function parseInputs(
  given: Values,
): { readonly ok: true; readonly inputs: Inputs } | { readonly ok: false; readonly message: string } {
  const values = new Map(INPUTS.map(({ name }) => [name, given[name]?.trim() ?? ""] as const));
  const problems: string[] = [];
  const read = <T>(name: InputName, parse: (text: string) => T | Wrong): T | null => {
    const parsed = parse(values.get(name) ?? "");
    if (!(parsed instanceof Wrong)) return parsed;
    problems.push(`Input "${name}" ${parsed.says}`);
    return null;
  };

  const command = read("command", parseCommand);
  const inputs = {
    command,
    incident: read("incident", (text) => parseIncident(text, command)),
    planDigest: read("plan-digest", (text) => parsePlanDigest(text, command)),
    githubToken: read("github-token", (text) =>
      text === "" ? new Wrong("is missing. Leave it out to use the job's own token.") : text,
    ),
    configPath: read("config", parseConfigPath),
    anthropicApiKey: read("anthropic-api-key", (text) => parseSecret("anthropic-api-key", text, command)),
    signingKey: read("signing-key", (text) => parseSigningKey(text, command)),
    dryRun: read("dry-run", parseFlag),
  };
  if (problems.length > 0) return { ok: false, message: problems.join("\n") };
  return { ok: true, inputs: inputs as Inputs }; // without a problem every part has been parsed
}

class Wrong {
  constructor(readonly says: string) {}
}

function parseCommand(text: string): Command | Wrong {
  const command = COMMANDS.find((known) => known === text);
  if (command !== undefined) return command;
  const choice = `Write one of ${COMMANDS.join(", ")}.`;
  if (text === "") return new Wrong(`is missing. ${choice}`);
  if (NOT_YET.includes(text)) return new Wrong(`is "${text}", which is not available in this version. ${choice}`);
  const meant = suggest(text, COMMANDS);
  return new Wrong(`is ${show(text)}, which is no command.${meant === null ? "" : ` Did you mean "${meant}"?`} ${choice}`);
}

function parseIncident(text: string, command: Command | null): number | null | Wrong {
  if (text === "") {
    const isNeeded = command !== null && NEEDS_INCIDENT.includes(command);
    return isNeeded ? new Wrong(`is missing. The command ${command} needs the number of an incident's issue.`) : null;
  }
  return /^[1-9]\d{0,9}$/.test(text)
    ? Number(text)
    : new Wrong(`is ${show(text)}. Write the number of an incident's issue, without #.`);
}

function parsePlanDigest(text: string, command: Command | null): string | null | Wrong {
  if (text === "") {
    const isNeeded = command !== null && NEEDS_PLAN.includes(command);
    return isNeeded ? new Wrong(`is missing. The command ${command} needs the full digest of a plan.`) : null;
  }
  return /^[0-9a-f]{64}$/.test(text)
    ? text
    : new Wrong(`is ${show(text)}. Write the plan's full SHA-256, 64 characters of 0-9 and a-f.`);
}

function parseConfigPath(text: string): string | Wrong {
  const path = text === "" ? ".github/gatehouse.yml" : text;
  const isInside = !path.startsWith("/") && !path.split("/").includes("..");
  return isInside && /\.ya?ml$/.test(path)
    ? path
    : new Wrong(`is ${show(path)}. Write the path of a .yml file inside the repository.`);
}

function parseFlag(text: string): boolean | Wrong {
  if (text === "" || /^false$/i.test(text)) return false;
  return /^true$/i.test(text) ? true : new Wrong(`is ${show(text)}. Write true or false.`);
}

function parseSecret(name: keyof typeof MAY_HOLD, text: string, command: Command | null): string | null | Wrong {
  if (text === "") return null;
  const holders: readonly Command[] = MAY_HOLD[name];
  if (command === null || holders.includes(command)) return text;
  return new Wrong(`is only for ${holders.join(" and ")}: the command ${command} must not hold it. Remove it from this step.`);
}

function parseSigningKey(text: string, command: Command | null): string | null | Wrong {
  const key = parseSecret("signing-key", text, command);
  if (typeof key !== "string" || isEd25519Private(key)) return key;
  return new Wrong("is not a key that can sign (value not shown). Write an Ed25519 private key as base64 PKCS#8 on one line.");
}
