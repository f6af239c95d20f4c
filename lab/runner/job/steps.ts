import { isTruthy, resolveBoolean, resolvePositive, resolveText, resolveTexts } from "../expressions/evaluate.js";
import type { StepSpec } from "../workflow/model.js";
import { type Bench, type Frame, type Outcome, stepScope } from "./bench.js";
import { runUses } from "./uses.js";
import { runScript } from "./run-script.js";
import type { StepCall, StepList, StepWork } from "./step-call.js";

/** GitHub's longest job: what a step gets that names no time. */
const defaultTimeoutMinutes = 360;

/** Carries out steps in order; a failed one lets only those run whose condition asks for it. */
export async function runSteps(bench: Bench, frame: Frame, list: StepList): Promise<void> {
  for (const [index, spec] of list.specs.entries()) {
    if (bench.control.lost) return;
    const shown = list.shown[index];
    if (shown) shown.status = "in_progress";
    const { outcome, outputs, forgiven } = await runStep(bench, frame, spec, list);
    const conclusion = forgiven && outcome === "failure" ? "success" : outcome;
    frame.results[spec.id] = { outputs, outcome, conclusion };
    if (conclusion === "failure") frame.failed = true;
    if (shown) Object.assign(shown, { status: "completed", conclusion });
  }
}

interface Finished {
  readonly outcome: Outcome;
  readonly outputs: Readonly<Record<string, string>>;
  readonly forgiven: boolean;
}

async function runStep(bench: Bench, frame: Frame, spec: StepSpec, list: StepList): Promise<Finished> {
  try {
    const around = { ...list.env, ...bench.env };
    const env = { ...around, ...resolveTexts(spec.env, stepScope(bench, frame, around)) };
    const holds = (): boolean => isTruthy(spec.if, stepScope(bench, frame, env));
    if (!holds()) return { outcome: "skipped", outputs: {}, forgiven: false };
    bench.control.stepSurvivesCancel = holds;
    const scope = stepScope(bench, frame, env);
    const timeoutMs = resolvePositive(spec.timeoutMinutes, defaultTimeoutMinutes, scope) * 60_000;
    const forgiven = resolveBoolean(spec.continueOnError, scope);
    const work = await startWork({ bench, frame, spec, env, defaults: list.defaults, timeoutMs, runList: runSteps });
    return { ...work, forgiven };
  } catch (error) {
    bench.log.error(error instanceof Error ? error.message : String(error));
    return { outcome: "failure", outputs: {}, forgiven: false };
  } finally {
    bench.control.stepSurvivesCancel = () => false;
  }
}

function startWork(call: StepCall): Promise<StepWork> {
  const { work } = call.spec;
  return work.kind === "run" ? runScript(call, work) : runUses(call, work);
}

/** A step's title: its `name`, else what it does. */
export function titleOf(bench: Bench, frame: Frame, spec: StepSpec, env: Readonly<Record<string, string>>): string {
  const { work } = spec;
  if (spec.name !== null) return resolveText(spec.name, stepScope(bench, frame, env));
  if (work.kind === "uses") return `Run ${work.uses}`;
  return `Run ${
    resolveText(work.script, stepScope(bench, frame, env))
      .trim()
      .split("\n")[0] ?? ""
  }`;
}
