import { join, normalize } from "node:path";
import { resolveText, resolveTexts } from "../expressions/evaluate.js";
import { type ActionManifest, readAction } from "../workflow/action.js";
import type { UsesWork } from "../workflow/model.js";
import { emptyMap } from "../workflow/tree.js";
import { type ActionPlace, type Bench, type Frame, stepScope } from "./bench.js";
import { checkout } from "./checkout.js";
import { runNodeAction } from "./node-action.js";
import type { StepCall, StepWork } from "./step-call.js";

const gatehouse = /^gatehouse\/gatehouse@([0-9a-f]{40})$/;
const checkoutAction = /^actions\/checkout@.+$/;

/** A `uses:` step. @throws when the action is none the lab has, naming it */
export async function runUses(call: StepCall, work: UsesWork): Promise<StepWork> {
  const { bench, frame, env } = call;
  const given = resolveTexts(work.with, stepScope(bench, frame, env));
  const details = Object.entries(given).map(([key, value]) => `  ${key}: ${value}`);
  bench.log.group(`Run ${work.uses}`, details.length > 0 ? ["with:", ...details] : []);
  if (checkoutAction.test(work.uses)) return checkout(call, given);
  const place = findAction(bench, work.uses);
  const manifest = readAction(place.folder, work.uses);
  const inputs = completeInputs(bench, frame, manifest, given);
  if (manifest.runs.kind === "node") return runNodeAction(call, { place, name: manifest.name, runs: manifest.runs, inputs });
  return runComposite(call, { place, manifest, inputs });
}

function findAction(bench: Bench, uses: string): ActionPlace {
  const local = /^\.\/(.*)$/.exec(uses);
  if (local) return { folder: localFolder(bench, local[1] ?? ""), repository: "", ref: "" };
  const match = gatehouse.exec(uses);
  if (match) return { folder: bench.gatehousePath, repository: "gatehouse/gatehouse", ref: match[1] ?? "" };
  throw new Error(
    `"${uses}": the lab's runner has no such action. It knows gatehouse/gatehouse@<full commit SHA>, actions/checkout and local actions (./path).`,
  );
}

function localFolder(bench: Bench, path: string): string {
  const inside = normalize(path);
  if (inside.startsWith("..")) throw new Error(`"./${path}" leaves the workspace`);
  return join(bench.folders.workspace, inside);
}

/** What was given, and for the rest the manifest's defaults with their expressions evaluated. */
function completeInputs(
  bench: Bench,
  frame: Frame,
  { inputs }: ActionManifest,
  given: Record<string, string>,
): Record<string, string> {
  const known = [...inputs.keys()];
  const unexpected = Object.keys(given).filter((name) => !known.some((other) => other.toLowerCase() === name.toLowerCase()));
  if (unexpected.length > 0)
    bench.log.warning(`Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${known.join("', '")}']`);
  const scope = stepScope(bench, frame, {});
  const complete: Record<string, string> = { ...given };
  for (const [name, fallback] of inputs) {
    const isGiven = Object.keys(given).some((other) => other.toLowerCase() === name.toLowerCase());
    if (!isGiven) complete[name] = resolveText(fallback, scope);
  }
  return complete;
}

interface Composite {
  readonly place: ActionPlace;
  readonly manifest: ActionManifest;
  readonly inputs: Record<string, string>;
}

async function runComposite({ bench, env, runList }: StepCall, { place, manifest, inputs }: Composite): Promise<StepWork> {
  if (manifest.runs.kind !== "composite") throw new Error(`${manifest.name} is not a composite action`);
  const inner: Frame = { results: {}, inputs, action: place, failed: false };
  await runList(bench, inner, { specs: manifest.runs.steps, env, defaults: emptyMap, shown: [] });
  const outputs = resolveTexts(manifest.outputs, stepScope(bench, inner, env));
  if (bench.control.cancelReason !== null) return { outcome: "cancelled", outputs };
  return { outcome: inner.failed ? "failure" : "success", outputs };
}
