/** The runner's `kubectl`, as far as evidence may use it: verbs that read, arguments as an array, one namespace, cut output. */
import { SourceUnavailableError } from "../../unavailable.js";

/** Runs `kubectl` with these arguments; never through a shell. Rejects only when it could not be started or was stopped. */
export type RunKubectl = (
  args: readonly string[],
  signal: AbortSignal,
) => Promise<{ readonly stdout: string; readonly stderr: string; readonly exitCode: number }>;

export interface KubectlOptions {
  readonly run: RunKubectl;
  readonly namespace: string;
  readonly context: string | null; // null: the kubeconfig's own
  readonly signal: AbortSignal;
}
export type Answered = { readonly ok: true; readonly text: string; readonly isCut: boolean };
export type Refused = { readonly ok: false; readonly why: string };
export type Answer = Answered | Refused;

/** Asks one question. A refusal (no such object, not permitted) is an answer too; only a `kubectl` that cannot run throws. */
export interface Kubectl {
  readonly namespace: string;
  ask(args: readonly string[]): Promise<Answer>;
}

/** Longest answer that is read, in characters; the rest is cut and said. */
export const MAX_OUTPUT = 2_000_000;
const MAX_WHY = 200;
const READ_VERBS: readonly string[] = ["get", "describe", "events", "logs", "top"];
/** Kubernetes' own rule for names and for label selectors built from them; nothing that starts like a flag. */
const PLAIN_ARGUMENT = /^[A-Za-z0-9][A-Za-z0-9._/:=,-]{0,300}$/;
const FLAGS: readonly string[] = [
  "-l",
  "-o",
  "-n",
  "-c",
  "--show-labels",
  "--previous",
  "--tail",
  "--containers",
  "--all-containers",
];

export function createKubectl({ run, namespace, context, signal }: KubectlOptions): Kubectl {
  const ask = async (args: readonly string[]): Promise<Answer> => {
    checkArguments(args);
    const scoped = args.includes("-n") ? args : [...args, "-n", namespace];
    const { stdout, stderr, exitCode } = await run(context === null ? scoped : [...scoped, "--context", context], signal);
    if (exitCode === 0) return { ok: true, text: stdout.slice(0, MAX_OUTPUT), isCut: stdout.length > MAX_OUTPUT };
    const why = (stderr.trim() || `exit code ${exitCode}`).split("\n", 1)[0] ?? "";
    return { ok: false, why: why.slice(0, MAX_WHY) };
  };
  return { namespace, ask };
}

/** @throws {SourceUnavailableError} for a verb that changes anything, the values of secrets, or an argument that is not a plain word */
export function checkArguments(args: readonly string[]): void {
  const [verb, what] = args;
  const isRead = READ_VERBS.includes(verb ?? "") || (verb === "rollout" && what === "history");
  if (!isRead) throw new SourceUnavailableError(`kubectl ${verb ?? ""} is not a verb that reads.`, false);
  const readsSecrets = /^secrets?$/.test(what ?? "") && (verb !== "get" || args.includes("-o"));
  if (readsSecrets) throw new SourceUnavailableError("The values of secrets are never read.", false);
  const odd = args.find((argument) => !PLAIN_ARGUMENT.test(argument) && !FLAGS.includes(argument));
  if (odd !== undefined)
    throw new SourceUnavailableError(`${JSON.stringify(odd.slice(0, 60))} is not an argument for kubectl.`, false);
}
