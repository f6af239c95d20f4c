/** The terminal. Wiring only; what a command needs is loaded when it is asked for. */
import { Command } from "commander";

const program = new Command("gatehouse").description("On-call that lives in your repository.").showHelpAfterError();

program
  .command("demo")
  .description("One real incident on this machine: a bad release, its diagnosis, your approval, the fix, the post-mortem.")
  .option("--approve", "approve the plan without asking", false)
  .option("--json", "print the result as one JSON line at the end, nothing else", false)
  .option("--keep", "leave the lab running until Ctrl-C", false)
  .action(async (options: { approve: boolean; json: boolean; keep: boolean }) => {
    const { runDemo } = await import("../lab/demo/demo.js");
    process.exitCode = await runDemo(options);
  });

program
  .command("lab")
  .description("GitHub's stand-in, its runner and the small shop, until SIGTERM or Ctrl-C.")
  .option("--json", "print where it is as one JSON line", false)
  .option("--fast", "soak of a second, no warm-up: for tests", false)
  .action(async (options: { json: boolean; fast: boolean }) => {
    const { serveLab } = await import("../lab/serve.js");
    await serveLab(options);
  });

program
  .command("runbook")
  .description("Runbooks of a repository.")
  .command("check")
  .description("Every problem of every runbook in a folder, with its place; exit code 1 when there is one.")
  .argument("[folder]", "the folder", "runbooks")
  .action((folder: string) =>
    tell(async () => {
      const { checkRunbookFolder, describeCheck } = await import("./app/check-runbooks.js");
      const { readShippedRunbooks } = await import("./app/shipped-runbooks.js");
      const { text, code } = describeCheck(folder, await checkRunbookFolder(folder, await readShippedRunbooks()));
      process.exitCode = code;
      return text;
    }),
  );

const CONFIG = ["--config <file>", "the config", ".github/gatehouse.yml"] as const;

program
  .command("config")
  .description("The config of a repository.")
  .command("check")
  .description(
    "Every problem of the file with its place, or what it leaves out and needs of the workflows; exit code 2 when it is refused.",
  )
  .argument("[file]", "the config", ".github/gatehouse.yml")
  .action((file: string) =>
    tell(async () => {
      const { checkConfig, describeConfigCheck } = await import("./app/check-config.js");
      const { readLocalConfig } = await import("./app/local.js");
      return describeConfigCheck(checkConfig(await readLocalConfig(file)));
    }),
  );

program
  .command("record")
  .description("What a live run saw, from the journal of its issue, as a recording: printed as JSON, nothing is changed.")
  .argument("<issue>", "file with the issue's body, or with what gh issue view <number> --json body,comments prints")
  .option(...CONFIG)
  .option("--attempt <number>", "the attempt; without it the last one")
  .action((issue: string, options: { config: string; attempt?: string }) =>
    tell(async () => {
      const { recordIncident } = await import("./app/record.js");
      const { readLocal, readLocalConfig } = await import("./app/local.js");
      const { text } = await readLocal(issue);
      const attempt = options.attempt === undefined ? null : Number(options.attempt);
      return JSON.stringify(recordIncident({ text, config: await readLocalConfig(options.config), attempt }), null, 2);
    }),
  );

program
  .command("replay")
  .description("Asks the offline analyst about a recording: severity, diagnosis and proposal, beside what was said then.")
  .argument("<recording>", "a file that gatehouse record made")
  .option(...CONFIG)
  .option("--runbooks <folder>", "runbooks of your own, beside those that come with Gatehouse")
  .option("--json", "print all of it as one JSON line", false)
  .action((path: string, options: { config: string; runbooks?: string; json: boolean }) =>
    tell(async () => {
      const { replay } = await import("./app/replay.js");
      const { describeReplay, wrapLines } = await import("./app/describe-replay.js");
      const { readLocalConfig, readLocalRunbooks } = await import("./app/local.js");
      const { openRunbooks } = await import("./app/start.js");
      const { readShippedRunbooks } = await import("./app/shipped-runbooks.js");
      const { readRecording } = await import("./evidence/sources/recordings.js");
      const own = options.runbooks === undefined ? [] : await readLocalRunbooks(options.runbooks);
      const runbooks = openRunbooks(own, await readShippedRunbooks());
      const recording = await readRecording({ path, named: "the path" });
      const replayed = await replay(recording, await readLocalConfig(options.config), runbooks);
      if (options.json) return JSON.stringify(replayed);
      const { columns } = process.stdout; // not there when it is not a terminal
      return columns === undefined ? describeReplay(replayed) : wrapLines(describeReplay(replayed), columns);
    }),
  );

/** Prints what a command says. What the person can put right is told in a sentence, with exit code 2. */
async function tell(work: () => Promise<string>): Promise<void> {
  const { ConfigurationError } = await import("./app/app.js");
  const { SourceUnavailableError } = await import("./evidence/unavailable.js");
  try {
    const text = await work();
    (process.exitCode === 1 ? console.error : console.log)(text);
  } catch (error) {
    if (!(error instanceof ConfigurationError || error instanceof SourceUnavailableError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}

await program.parseAsync();
