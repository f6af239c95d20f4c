/** Job `open`: an event becomes an incident, or news for one that exists. It writes no journal; the mind takes it from here. */
import type { Config } from "../config/config.js";
import type { IntakePorts } from "../ports.js";
import type { IntakeIssue } from "./issue.js";
import { parseDispatch } from "./parse.js";
import { openFromIssue, type PersonPlacement } from "./person.js";
import { placeIntake, readRegister, type Placement } from "./place.js";

export type OpenEvent =
  | { readonly kind: "dispatch"; readonly clientPayload: unknown }
  | { readonly kind: "issue"; readonly issue: IntakeIssue };

export interface OpenResult {
  /** The incident to wake; null when there is none: a refusal, our own issue, or resolved alerts that nobody knows. */
  readonly incident: number | null;
  /** Further incidents of the same event, one for each other service. */
  readonly others: readonly number[];
  /** Whether any of them was opened by this run. */
  readonly created: boolean;
  readonly outcome: PersonPlacement["kind"]; // of the first
  /** One line for the job summary, our own words. */
  readonly says: string;
}

/**
 * Safe to run again after being killed at any point: every write is looked for before it is made.
 * @throws what the ports throw; nothing about the payload makes it throw
 */
export async function openIncident(event: OpenEvent, ports: IntakePorts, config: Config): Promise<OpenResult> {
  return event.kind === "issue"
    ? summarise([await openFromIssue(event.issue, ports, config)])
    : openFromDispatch(event.clientPayload, ports, config);
}

/** One intake after the other: several services in one payload are several incidents. */
async function openFromDispatch(clientPayload: unknown, ports: IntakePorts, config: Config): Promise<OpenResult> {
  const register = await readRegister(ports, config);
  const placements: Placement[] = [];
  for (const intake of parseDispatch(clientPayload, config, ports.clock.now())) {
    placements.push(await placeIntake(intake, register, ports, config));
  }
  return summarise(placements);
}

function summarise(placements: readonly PersonPlacement[]): OpenResult {
  const numbers = placements.flatMap((placement) => ("incident" in placement ? [placement.incident] : []));
  const [incident = null, ...others] = new Set(numbers);
  return {
    incident,
    others,
    created: placements.some(({ kind }) => kind === "opened"),
    outcome: placements[0]?.kind ?? "nothing-to-end",
    says: placements.map(say).join(" "),
  };
}

function say(placement: PersonPlacement): string {
  switch (placement.kind) {
    case "opened":
      return `Opened incident #${placement.incident}.`;
    case "joined":
      return `Told incident #${placement.incident} (${placement.why}).`;
    case "repeated":
      return `Incident #${placement.incident} knows this already (${placement.why}).`;
    case "nothing-to-end":
      return "These alerts are over and no incident knows them: nothing to do.";
    case "refused":
      return "The person who opened this issue may not open an incident; a comment says why.";
    case "ours":
      return "This issue was opened by a bot, so it is not a person's report.";
  }
}
