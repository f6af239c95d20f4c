/** Every scorer, in the order of the table. One line each, with its import. */
import type { Scorer } from "../scorer.js";
import { scorer as anomaly } from "./anomaly.js";
import { scorer as injection } from "./injection.js";
import { scorer as clusterCases } from "./cluster-cases.js";
import { scorer as claudeCost } from "./claude-cost.js";
import { scorer as investigations } from "./investigations.js";
import { scorer as logTemplates } from "./log-templates.js";
import { scorer as remediation } from "./remediation.js";
import { scorer as secrets } from "./secrets.js";
import { scorer as alertStorms } from "./alert-storms.js";
import { scorer as rcaNezhaOb } from "./rca-nezha-ob.js";
import { scorer as rcaNezhaTt } from "./rca-nezha-tt.js";
import { scorer as rcaPetshop } from "./rca-petshop.js";
import { scorer as rootCauseBench } from "./rootcausebench.js";

export const scorers: readonly Scorer[] = [
  logTemplates,
  anomaly,
  secrets,
  rcaPetshop,
  rcaNezhaOb,
  rcaNezhaTt,
  rootCauseBench,
  alertStorms,
  clusterCases,
  claudeCost,
  remediation,
  investigations,
  injection,
];
