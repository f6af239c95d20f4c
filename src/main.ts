/** Entry of the action: reads what was asked, runs one command, tells how it ended. Wiring only. */
import * as core from "@actions/core";
import { ConfigurationError, outcome, type Log, type Outcome } from "./app/app.js";
import { RUNS } from "./app/commands.js";
import { finish, type Report } from "./app/finish.js";
import { runAlarm } from "./app/run-alarm.js";
import { runWake } from "./app/run-wake.js";
import { readAsked, start, type Asked } from "./app/start.js";
import type { Command } from "./config/inputs.js";
import { logLine } from "./outside/log-line.js";
import { redact } from "./outside/redact.js";

const log: Log = {
  info: (text) => core.info(logLine(text)),
  warning: (text) => core.warning(logLine(text)),
  mask: (secret) => core.setSecret(secret),
};

const report: Report = {
  output: (name, value) => core.setOutput(name, value),
  summary: async (markdown) => {
    await core.summary.addRaw(markdown).write();
  },
  info: (line) => core.info(line),
  fail: (line) => core.setFailed(line),
};

async function main(): Promise<void> {
  const asked = readAsked(process.env);
  const { command, dryRun, signingKey, anthropicApiKey, githubToken } = asked.inputs;
  for (const secret of [signingKey, anthropicApiKey, githubToken]) if (secret) core.setSecret(secret);
  const ended = await run(command, asked);
  const { serverUrl, repository } = asked.environment;
  await finish({ command, dryRun, serverUrl, repository: repository.fullName, outcome: ended }, report);
}

async function run(command: Command, asked: Asked): Promise<Outcome> {
  if (asked.inputs.dryRun && command !== "respond")
    return outcome({ happened: [`${command} would run.`], comesNext: "This was a dry run: nothing was read or changed." });
  if (command === "alarm") return runAlarm(asked, log);
  if (command === "wake") return runWake(asked);
  return RUNS[command](await start(asked, log));
}

main().catch((error: unknown) => {
  const said = error instanceof Error ? error.message : String(error);
  const whose = error instanceof ConfigurationError ? "" : "Gatehouse broke: ";
  core.setFailed(redact(`${whose}${said}`, 4_000).outside);
  if (!(error instanceof ConfigurationError) && error instanceof Error && error.stack)
    core.debug(redact(error.stack, 4_000).outside);
});
