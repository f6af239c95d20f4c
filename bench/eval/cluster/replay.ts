/** `kubectl` as it was: the recorded answer to a recorded command, and an error for any other. */
import { z } from "zod";
import type { RunKubectl } from "../../../src/evidence/sources/kubernetes/kubectl.js";
import type { Recording } from "./recording.js";

export function replayKubectl({ kubectl, logs, error_logs: errors, namespace }: Recording): RunKubectl {
  const answers = new Map(Object.entries(kubectl).map(([command, output]) => [inOrder(command.split(" ").slice(1)), output]));
  return (args) => {
    const text = args[0] === "logs" ? recordedLog(args, logs, errors) : answers.get(inOrder(args));
    return Promise.resolve(
      text === undefined || text === null
        ? {
            stdout: "",
            stderr: `Error from server (NotFound): "${args.join(" ")}" was not recorded in ${namespace}`,
            exitCode: 1,
          }
        : { stdout: text, stderr: "", exitCode: 0 },
    );
  };
}

/** Flags may stand anywhere: the words count, not their order. */
function inOrder(args: readonly string[]): string {
  return args.toSorted().join(" ");
}

/**
 * Logs are kept by service: the pod's name begins with it. Kinds of errors were kept apart, with an example and a count; they stand
 * before the last lines. What went before a restart was not kept.
 */
function recordedLog(args: readonly string[], logs: Recording["logs"], errors: Recording["error_logs"]): string | undefined {
  const [, pod = ""] = args;
  if (args.includes("--previous")) return undefined;
  const name = [...new Set([...Object.keys(logs), ...Object.keys(errors)])]
    .filter((service) => pod === service || pod.startsWith(`${service}-`))
    .toSorted((a, b) => b.length - a.length)[0];
  if (name === undefined) return undefined;
  const kept = logs[name] ?? [];
  const lines = [...readExamples(errors[name]), ...(typeof kept === "string" ? kept.split("\n") : kept)];
  return lines.slice(-(Number(args[args.indexOf("--tail") + 1]) || lines.length)).join("\n");
}

const Examples = z.object({ patterns: z.array(z.object({ count: z.number(), sample: z.string() })) }).catch({ patterns: [] });
const MOST_REPEATED = 5;

function readExamples(kept: unknown): readonly string[] {
  const value: unknown = typeof kept === "string" ? parseJson(kept) : kept;
  return Examples.parse(value).patterns.flatMap(({ count, sample }) => {
    const line = sample.replaceAll("\n", " ");
    return Array.from({ length: Math.min(count, MOST_REPEATED) }, () => line);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
