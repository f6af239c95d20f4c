/** Every move that may be proposed, numbered: the model picks numbers, so no name, version or parameter is of its making. Pure. */
import type { Observation } from "../../incident/facts.js";
import { readForMatching } from "../../outside/match.js";
import type { Choice } from "../../plan/proposal.js";
import type { ProposalInput } from "../../ports.js";
import type { Json } from "../../words.js";
import type { Runbook } from "../runbook/runbook.js";

/** One parameter that an action takes, with everything that it may be. */
export type Parameter =
  | { readonly name: string; readonly oneOf: readonly Json[] }
  /** A version that was live before, or "previous". */
  | { readonly name: string; readonly versions: true };
export interface ActionInfo {
  readonly name: string;
  readonly does: string; // our words, a few
  readonly parameters: readonly Parameter[]; // at most two: every combination becomes a move
}
export interface Move extends Omit<Choice, "when"> {
  readonly id: string; // "M1"
  readonly says: string; // our words and names of the config
}

export const KNOWN_ACTIONS: readonly ActionInfo[] = [
  { name: "github.workflow", does: "deploy a version that was live before", parameters: [{ name: "to", versions: true }] },
];

const PEOPLE = "people";
const MOST_MOVES = 24;
const MOST_VERSIONS = 3;
const VERSION = /^[A-Za-z0-9][\w.+/-]{0,99}$/;

/** Moves of the service's targets, then tasks for people from the runbooks of the hypotheses; none whose action was tried already. */
export function listMoves(input: ProposalInput, actions: readonly ActionInfo[], runbooks: readonly Runbook[]): readonly Move[] {
  const tried = new Set(input.failed.map(({ action }) => action));
  const moves = [...movesOfTargets(input, actions), ...tasksOfRunbooks(input, runbooks)].filter(
    ({ action }) => !tried.has(action),
  );
  return moves.slice(0, MOST_MOVES).map((move, index) => ({ ...move, id: `M${index + 1}` }));
}

function movesOfTargets(input: ProposalInput, actions: readonly ActionInfo[]): readonly Omit<Move, "id">[] {
  return [...input.service.targets.values()].flatMap(({ name, action }) => {
    const info = actions.find((each) => each.name === action);
    if (info === undefined) return [];
    return combine(info.parameters, input).map(({ params, says }) => ({
      action,
      target: name,
      params,
      says: `${info.does}: ${action} ${name}${says}`,
    }));
  });
}

interface Setting {
  readonly params: Choice["params"];
  readonly says: string;
}
interface Value {
  readonly value: Json;
  readonly says: string;
}

/** Every combination of what the parameters may be. */
function combine([first, ...rest]: readonly Parameter[], input: ProposalInput): readonly Setting[] {
  if (first === undefined) return [{ params: {}, says: "" }];
  const others = combine(rest, input);
  return valuesOf(first, input).flatMap(({ value, says }) =>
    others.map((other) => ({ params: { [first.name]: value, ...other.params }, says: `, ${first.name}: ${says}${other.says}` })),
  );
}

function valuesOf(parameter: Parameter, input: ProposalInput): readonly Value[] {
  if ("versions" in parameter) return [{ value: "previous", says: "the previous version" }, ...versionsSeen(input)];
  return parameter.oneOf.map((value) => ({ value, says: typeof value === "string" ? value : JSON.stringify(value) }));
}

/** Versions that deployments replaced, newest first. Each is told by its observation: what a version is called comes from outside. */
function versionsSeen({ observations }: Pick<ProposalInput, "observations">): readonly Value[] {
  const seen = observations.toSorted((a, b) => b.at.getTime() - a.at.getTime()).flatMap(versionBefore);
  const first = ({ value }: Value, index: number): boolean => seen.findIndex((each) => each.value === value) === index;
  return seen.filter(first).slice(0, MOST_VERSIONS);
}

function versionBefore({ id, detail }: Observation): readonly Value[] {
  if (detail.kind !== "change" || detail.of !== "deployment" || detail.previousRef === null) return [];
  const value = readForMatching(detail.previousRef);
  return VERSION.test(value) ? [{ value, says: `the version that was live before ${id}` }] : [];
}

/** A task for people is a reviewed sentence, never the model's. */
function tasksOfRunbooks({ diagnosis }: ProposalInput, runbooks: readonly Runbook[]): readonly Omit<Move, "id">[] {
  const named = new Set(diagnosis.hypotheses.map(({ runbook }) => runbook));
  return runbooks
    .filter(({ id }) => named.has(id))
    .flatMap(({ actions }) => actions.filter(({ action }) => action === "manual"))
    .flatMap(({ action, params }) => {
      const task = params["task"];
      return typeof task === "string" ? [{ action, target: PEOPLE, params: { task }, says: `a task for people: ${task}` }] : [];
    });
}
