import { appendFileSync, readFileSync } from "node:fs";
import type { Bench, Frame } from "./bench.js";
import { parseCommand } from "./commands.js";
import { childEnvironment, type StepVariables } from "./environment.js";
import { createFileCommands, type FileCommands, readLines, readPairs } from "./file-commands.js";
import { type Ended, runProcess } from "./process.js";

/** One program of a step. `env` is the step's own environment, inputs included. */
export interface Invocation {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly stepId: string;
  readonly env: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>; // handed to a post step as STATE_*
  readonly timeoutMs: number;
}

export interface Performed {
  readonly outcome: "success" | "failure" | "cancelled";
  readonly outputs: Record<string, string>;
  readonly state: Record<string, string>;
}

/** Runs the program as the Actions runner would: workflow commands, file commands, masks and all. */
export async function perform(bench: Bench, frame: Frame, invocation: Invocation): Promise<Performed> {
  const files = createFileCommands(bench.folders.temp, bench.nextFile++);
  const heard = { outputs: {}, state: {} };
  const variables: StepVariables = { stepId: invocation.stepId, files, action: frame.action };
  const state = Object.fromEntries(Object.entries(invocation.state).map(([key, value]) => [`STATE_${key}`, value]));
  const env = { ...childEnvironment(bench, invocation.env, variables), ...state };
  const { control } = bench;
  const onLine = listen(bench, heard);
  const ended = await runProcess(
    { file: invocation.file, args: invocation.args, cwd: invocation.cwd, env },
    { control, onLine, timeoutMs: invocation.timeoutMs },
  );
  return { outcome: judge(bench, ended, invocation), ...collect(bench, files, heard) };
}

function judge(bench: Bench, ended: Ended, { timeoutMs }: Invocation): Performed["outcome"] {
  if (bench.control.lost) return "failure";
  if (ended.kind === "exited" && ended.code === 0) return "success";
  if (ended.kind === "timed-out") bench.log.error(`The action has timed out after ${timeoutMs / 60_000} minutes.`);
  if (ended.kind === "exited") bench.log.error(`Process completed with exit code ${ended.code}.`);
  if (ended.kind === "killed" && bench.control.cancelReason === null)
    bench.log.error(`The process was ended by ${ended.signal}.`);
  return bench.control.cancelReason === null ? "failure" : "cancelled";
}

interface Heard {
  readonly outputs: Record<string, string>;
  readonly state: Record<string, string>;
}

/** Reads workflow commands out of what a step prints; everything else goes to the log. */
function listen(bench: Bench, heard: Heard): (line: string) => void {
  let stoppedUntil: string | null = null;
  return (line) => {
    const command = parseCommand(line);
    if (command && stoppedUntil !== null) {
      if (command.name === stoppedUntil.toLowerCase()) stoppedUntil = null;
      else bench.log.line(line);
    } else if (command?.name === "stop-commands") {
      stoppedUntil = command.text;
    } else {
      obey(bench, heard, line);
    }
  };
}

function obey({ log }: Bench, heard: Heard, line: string): void {
  const command = parseCommand(line);
  if (!command) return log.line(line);
  const name = command.properties["name"] ?? "";
  switch (command.name) {
    case "add-mask":
      log.mask.add(command.text);
      return log.line("::add-mask::***");
    case "set-output":
      heard.outputs[name] = command.text;
      return;
    case "save-state":
      heard.state[name] = command.text;
      return;
    case "set-env":
    case "add-path":
      return log.error(`The \`${command.name}\` command is disabled. Please use Environment Files.`);
    case "error":
    case "warning":
    case "notice":
    case "debug":
    case "group":
      return log.line(`##[${command.name}]${command.text}`);
    case "endgroup":
      return log.line("##[endgroup]");
    case "echo":
    case "add-matcher":
    case "remove-matcher":
      return;
    default:
      return log.line(line);
  }
}

function collect(bench: Bench, files: FileCommands, heard: Heard): Heard {
  for (const [key, value] of readPairs(files.ENV)) {
    if (key === "NODE_OPTIONS") bench.log.error("Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.");
    else bench.env[key] = value;
  }
  bench.path.push(...readLines(files.PATH));
  const summary = readFileSync(files.STEP_SUMMARY, "utf8");
  if (summary !== "") {
    appendFileSync(`${bench.folders.temp}/summary.md`, summary);
    bench.log.group("Job summary", summary.trimEnd().split("\n"));
  }
  return {
    outputs: { ...heard.outputs, ...Object.fromEntries(readPairs(files.OUTPUT)) },
    state: { ...heard.state, ...Object.fromEntries(readPairs(files.STATE)) },
  };
}
