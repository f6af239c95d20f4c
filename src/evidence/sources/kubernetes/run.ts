import { execFile, type ExecFileException } from "node:child_process";
import { SourceUnavailableError } from "../../unavailable.js";
import { MAX_OUTPUT, type RunKubectl } from "./kubectl.js";

/** One command may not take longer; the source has a deadline of its own on top. */
const COMMAND_TIMEOUT_MS = 20_000;

/**
 * The `kubectl` on the runner's path, with the kubeconfig that the user's own login step left there. Arguments go as an array.
 * @throws {SourceUnavailableError} when there is none, or it was stopped
 */
export const runKubectl: RunKubectl = (args, signal) =>
  new Promise((resolve, reject) => {
    const options = { signal, timeout: COMMAND_TIMEOUT_MS, maxBuffer: MAX_OUTPUT * 4, encoding: "utf8" as const };
    execFile("kubectl", [...args], options, (error, stdout, stderr) => {
      if (error === null) return resolve({ stdout, stderr, exitCode: 0 });
      if (typeof error.code === "number") return resolve({ stdout, stderr, exitCode: error.code });
      reject(new SourceUnavailableError(describe(error, args), false));
    });
  });

function describe(error: ExecFileException, args: readonly string[]): string {
  if (error.code === "ENOENT") return "There is no kubectl on this runner: install it in ./.github/actions/gatehouse-login.";
  return `kubectl ${args.slice(0, 2).join(" ")} was stopped: it took too long or said too much.`;
}
