/**
 * Kills the process at every port call of an incident, lets its surroundings go on, and tells where that ended differently.
 * Before every call; and after every call that changes the world: a death after a mere look is one before the next call.
 */
import type { Call } from "../fakes/world.js";
import { createStage, type Stage, type StageOptions } from "./driver.js";
import { renderEnd, type End } from "./end.js";
import { changesTheWorld, incidentsIn, playToRest, withoutAlarms } from "./rest.js";

export interface Survey {
  readonly undisturbed: End;
  readonly deaths: number;
  /** Deaths after which something was not as without them: where, and how it ended. */
  readonly different: readonly string[];
}

/**
 * The part up to the plan is played once and then copied.
 * @param from - deaths from the first call of the alert on, or only once the plan waits
 */
export async function dieEverywhere(options: StageOptions, from: "alert" | "plan"): Promise<Survey> {
  const start = createStage(options);
  await start.alert();
  const rest = start.fork();
  const undisturbed = withoutAlarms(await playToRest(rest));
  const deaths = [
    ...pointsOf(from === "alert" ? start.github.calls : []).map((point) => ({ ...point, open: () => createStage(options) })),
    ...pointsOf(rest.github.calls).map((point) => ({ ...point, open: () => start.fork() })),
  ];
  const different: string[] = [];
  for (const { call, when, open } of deaths) {
    const stage = open();
    stage.dieAt(when, call.n);
    const end = withoutAlarms(await playToRest(stage));
    const incidents = incidentsIn(stage);
    if (renderEnd(end) === renderEnd(undisturbed) && incidents === 1) continue;
    different.push(`${when} ${nameOf(call)}: ${whyDifferent(stage, end)}${incidents === 1 ? "" : `, ${incidents} incidents`}`);
  }
  return { undisturbed, deaths: deaths.length, different };
}

function pointsOf(calls: readonly Call[]): readonly { readonly call: Call; readonly when: "before" | "after" }[] {
  return calls.flatMap((call) => [
    { call, when: "before" as const },
    ...(changesTheWorld(call) ? [{ call, when: "after" as const }] : []),
  ]);
}

/** The workflow that was dispatched is worth knowing; other arguments are not. */
function nameOf({ port, method, args }: Call): string {
  const workflow = /[\w-]+\.yml/.exec(port === "dispatcher" ? args : "")?.[0];
  return `${port}.${method}${workflow === undefined ? "" : ` ${workflow}`}`;
}

function whyDifferent(stage: Stage, { phase, effects, comments, pages }: End): string {
  const { phase: now } = stage.incident();
  const reason = now.at === "escalated" ? ` (${now.reason})` : "";
  return `${phase}${reason} · ${effects.join(", ") || "no effect"} · comments ${comments.join(" ")} · pages ${pages.join(" ")}`;
}
