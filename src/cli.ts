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
  .action(async (folder: string) => {
    const { checkRunbookFolder, describeCheck } = await import("./app/check-runbooks.js");
    const { readShippedRunbooks } = await import("./app/shipped-runbooks.js");
    const { text, code } = describeCheck(folder, await checkRunbookFolder(folder, await readShippedRunbooks()));
    (code === 0 ? console.log : console.error)(text);
    process.exitCode = code;
  });

await program.parseAsync();
