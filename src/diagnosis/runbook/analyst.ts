import type { Analyst } from "../../ports.js";
import { triageByMeasurement } from "../triage.js";
import { diagnoseByRunbooks } from "./diagnose.js";
import { narrateFromFacts } from "../narrate.js";
import { proposeByRunbook } from "./propose.js";
import type { Runbook } from "./runbook.js";

/** The offline analyst: compares what was seen with the runbooks. Deterministic, and silent where nothing fits. */
export function createRunbookAnalyst(runbooks: readonly Runbook[]): Analyst {
  return {
    name: "runbooks",
    triage: (input) => Promise.resolve(triageByMeasurement(input)),
    diagnose: (input) => Promise.resolve(diagnoseByRunbooks(runbooks, input)),
    propose: (input) => Promise.resolve(proposeByRunbook(runbooks, input)),
    narrate: (incident) => Promise.resolve(narrateFromFacts(incident)),
  };
}
