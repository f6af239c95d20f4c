import type { Action } from "../actions/action.js";
import type { Config, Service } from "../config/config.js";
import type { Incident } from "../incident/incident.js";
import type { Issue, MindPorts, Snapshot } from "../ports.js";
import type { MindFact } from "../incident/facts.js";

/** What is known of the incident during one wake-up, and the way to add to it. */
export interface Journal {
  readonly incident: Incident;
  readonly issue: Issue;
  /** Of the body as it is stored now; 0: nothing is signed yet. */
  readonly revision: number;
  readonly key: { readonly id: string };
  note(...facts: readonly MindFact[]): void;
  /** Stores what was noted. */
  flush(): Promise<void>;
}

/** What every step of the mind works with during one wake-up. */
export interface MindContext {
  readonly ports: MindPorts;
  readonly config: Config;
  readonly snapshot: Snapshot;
  readonly journal: Journal;
  readonly catalogue: ReadonlyMap<string, Action>;
}

/** @throws when the incident has no service of the catalogue; the story never asks for more then */
export function serviceOf(incident: Incident, config: Config): Service {
  const service = incident.service === null ? undefined : config.services.get(incident.service);
  if (!service) throw new Error(`Incident #${incident.number} names no service of the catalogue.`);
  return service;
}
