import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { convertSteps } from "@actions/workflow-parser/model/converter/steps";
import { isMapping } from "@actions/workflow-parser/templates/tokens/type-guards";
import type { TemplateToken } from "@actions/workflow-parser/templates/tokens/template-token";
import type { StepSpec } from "./model.js";
import { failOnErrors, type ReadTemplate, readTemplateFile } from "./read-template.js";
import { readSteps } from "./steps.js";
import { isTreeMap, mapAt, textAt, toTree, type Tree, type TreeMap, valueAt } from "./tree.js";

/** An `action.yml`, as far as the runner needs it. */
export interface ActionManifest {
  readonly name: string;
  readonly inputs: ReadonlyMap<string, Tree>; // defaults; null: none
  readonly outputs: ReadonlyMap<string, Tree>; // of composite actions: their values
  readonly runs: NodeRuns | CompositeRuns;
}

export interface NodeRuns {
  readonly kind: "node";
  readonly main: string; // path of the script inside the action's folder
  readonly post: string | null;
  readonly postIf: string;
}

export interface CompositeRuns {
  readonly kind: "composite";
  readonly steps: readonly StepSpec[];
}

/**
 * Reads the action in a folder.
 * @throws when the folder has no manifest, GitHub's schema refuses it, or it runs on something else than node or composite
 */
export function readAction(folder: string, uses: string): ActionManifest {
  const path = ["action.yml", "action.yaml"].map((name) => join(folder, name)).find((candidate) => existsSync(candidate));
  if (!path)
    throw new Error(
      `Can't find 'action.yml' or 'action.yaml' for "${uses}" under '${folder}'. Did you forget to run actions/checkout first?`,
    );
  const template = readTemplateFile("action", path, readFileSync(path, "utf8"));
  const raw = toTree(template.root);
  if (!isTreeMap(raw)) throw new Error(`${path} is not a mapping`);
  const manifest = {
    name: textAt(raw, "name", uses),
    inputs: pick(mapAt(raw, "inputs"), "default"),
    outputs: pick(mapAt(raw, "outputs"), "value"),
    runs: readRuns(template, mapAt(raw, "runs"), uses),
  };
  failOnErrors(template.context, path);
  return manifest;
}

function pick(map: TreeMap, key: string): Map<string, Tree> {
  return new Map([...map].map(([name, spec]) => [name, isTreeMap(spec) ? valueAt(spec, key) : null]));
}

function readRuns(template: ReadTemplate, runs: TreeMap, uses: string): NodeRuns | CompositeRuns {
  const using = textAt(runs, "using", "");
  if (using === "composite") return { kind: "composite", steps: readCompositeSteps(template) };
  if (!/^node\d+$/.test(using))
    throw new Error(`"${uses}" runs on "${using}"; the lab's runner knows node and composite actions`);
  if (runs.has("pre")) throw new Error(`"${uses}" has a "pre" script, which the lab's runner does not know`);
  const post = runs.get("post");
  return {
    kind: "node",
    main: textAt(runs, "main", ""),
    post: typeof post === "string" ? post : null,
    postIf: textAt(runs, "post-if", "always()"),
  };
}

function readCompositeSteps({ context, root }: ReadTemplate): StepSpec[] {
  const runs = root.find("runs");
  const steps: TemplateToken | undefined = runs && isMapping(runs) ? runs.find("steps") : undefined;
  if (!steps) throw new Error("a composite action needs runs.steps");
  return readSteps(toTree(steps), convertSteps(context, steps));
}
