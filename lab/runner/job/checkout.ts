import { mkdirSync } from "node:fs";
import { join, normalize } from "node:path";
import { shortRef } from "../facts.js";
import { findPlace } from "../git.js";
import type { Bench } from "./bench.js";
import { perform } from "./perform.js";
import type { StepCall, StepWork } from "./step-call.js";

const knownInputs = [
  "repository",
  "ref",
  "token",
  "path",
  "fetch-depth",
  "persist-credentials",
  "clean",
  "fetch-tags",
  "show-progress",
];

type Inputs = Readonly<Record<string, string>>;

/** The lab's `actions/checkout`: real git over the server's URL, with the job's token. @throws on inputs it does not know */
export async function checkout(call: StepCall, inputs: Inputs): Promise<StepWork> {
  const { bench } = call;
  refuseUnknown(bench, inputs);
  const folder = join(bench.folders.workspace, normalize(inputs["path"] ?? "."));
  if (!folder.startsWith(bench.folders.workspace))
    throw new Error(`actions/checkout: path "${inputs["path"] ?? ""}" leaves the workspace`);
  mkdirSync(folder, { recursive: true });
  for (const args of gitCommands(bench, inputs)) {
    const outcome = await git(call, folder, args);
    if (outcome !== "success") return { outcome, outputs: {} };
  }
  return { outcome: "success", outputs: { ref: inputs["ref"] ?? bench.facts.place.ref, commit: bench.facts.place.sha } };
}

function refuseUnknown({ facts }: Bench, inputs: Inputs): void {
  const unknown = Object.keys(inputs).filter((name) => !knownInputs.includes(name));
  if (unknown.length > 0) throw new Error(`actions/checkout: the lab's runner does not know the input "${unknown.join('", "')}"`);
  const { owner, name } = facts.host.repository;
  const repository = inputs["repository"] ?? "";
  if (repository !== "" && repository !== `${owner}/${name}`)
    throw new Error(`actions/checkout: the lab has only ${owner}/${name}, not ${repository}`);
}

/** Fetches one commit, branch or tag and switches to it: a branch by its name, everything else detached. */
function gitCommands(bench: Bench, inputs: Inputs): string[][] {
  const { host, place } = bench.facts;
  const target = findTarget(bench, inputs["ref"] ?? "");
  const depth = Number(inputs["fetch-depth"] ?? "1");
  if (!Number.isInteger(depth) || depth < 0)
    throw new Error(`actions/checkout: fetch-depth "${inputs["fetch-depth"] ?? ""}" is no whole number`);
  const token = inputs["token"] || bench.token;
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  bench.log.mask.add(basic);
  const header = `AUTHORIZATION: basic ${basic}`;
  const history = depth > 0 ? [`--depth=${depth}`] : [];
  const wanted = depth > 0 ? [target.revision] : [target.revision, "+refs/heads/*:refs/remotes/origin/*"];
  const onto = target.branch === null ? ["--detach"] : ["-B", target.branch];
  const tags = inputs["fetch-tags"] === "true" ? "--tags" : "--no-tags";
  return [
    ["init", "--quiet", `--initial-branch=${shortRef(place.ref)}`, "."],
    ["remote", "add", "origin", `${host.urls.server}/${host.repository.owner}/${host.repository.name}`],
    ["-c", `http.extraheader=${header}`, "fetch", "--quiet", tags, ...history, "origin", ...wanted],
    ["checkout", "--quiet", "--force", ...onto, "FETCH_HEAD"],
    ...(inputs["persist-credentials"] === "false" ? [] : [["config", "--local", "http.extraheader", header]]),
  ];
}

interface Target {
  readonly revision: string;
  readonly branch: string | null;
}

function findTarget({ facts: { host, place } }: Bench, ref: string): Target {
  if (ref === "") return { revision: place.sha, branch: place.ref.startsWith("refs/heads/") ? shortRef(place.ref) : null };
  if (/^[0-9a-f]{40}$/.test(ref)) return { revision: ref, branch: null };
  const found = findPlace(host.repository.gitDir, ref);
  if (!found) throw new Error(`actions/checkout: a branch or tag with the name '${ref}' could not be found`);
  return { revision: found.ref, branch: found.ref.startsWith("refs/heads/") ? shortRef(found.ref) : null };
}

async function git(call: StepCall, cwd: string, args: readonly string[]): Promise<StepWork["outcome"]> {
  const { bench, frame, spec, timeoutMs } = call;
  bench.log.line(`git ${args.join(" ")}`);
  const env = { ...call.env, GIT_TERMINAL_PROMPT: "0", GIT_CONFIG_NOSYSTEM: "1" };
  const { outcome } = await perform(bench, frame, { file: "git", args, cwd, stepId: spec.id, env, state: {}, timeoutMs });
  return outcome;
}
