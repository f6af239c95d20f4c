import type { Service } from "../../../config/config.js";
import type { Triage } from "../../../incident/facts.js";
import type { TriageInput } from "../../../ports.js";
import { alertBlock } from "../evidence-lines.js";
import { DATA_RULES, type Draft } from "../prompt.js";

const SYSTEM = [
  "You triage alerts of a service in production. How many requests fail could not be measured, so the alerts are all there is.",
  "P0: the whole service is down. P1: more than 20 % of users, or a core function. P2: degraded, fewer than 20 %. P3: a warning.",
  "Judge by what the alerts report, not by how loudly they report it. Without a clear sign keep the severity that is suggested.",
  DATA_RULES,
].join("\n\n");

export function draftTriage({ alerts, service }: TriageInput, suggested: Triage): Draft {
  return {
    system: SYSTEM,
    facts: [describeService(service), `Suggested severity: ${suggested.severity}.`],
    data: [alertBlock(alerts)],
    task: "Which severity is it, what do the alerts show, and which alerts show it?",
  };
}

function describeService(service: Service | null): string {
  if (service === null) return "The service is not in the catalogue.";
  return `Service: ${service.name}${service.core ? ", a core function" : ""}.`;
}
