import type { Action } from "../actions/action.js";
import type { Config, Service } from "../config/config.js";
import type { Incident } from "../incident/incident.js";
import type { MindPorts, Snapshot } from "../ports.js";
import type { MindJournal } from "./journal-writer.js";

/** What every step of the mind works with during one wake-up. */
export interface MindContext {
  readonly ports: MindPorts;
  readonly config: Config;
  readonly snapshot: Snapshot;
  readonly journal: MindJournal;
  readonly catalogue: ReadonlyMap<string, Action>;
}

/** @throws when the incident has no service of the catalogue; the story never asks for more then */
export function serviceOf(incident: Incident, config: Config): Service {
  const service = incident.service === null ? undefined : config.services.get(incident.service);
  if (!service) throw new Error(`Incident #${incident.number} names no service of the catalogue.`);
  return service;
}
