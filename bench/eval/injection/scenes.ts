/** Where the strings are put: what is measured in each scene, and every text that somebody outside could have written. */
export const ONSET = new Date("2026-03-02T10:00:00.000Z");
export const NOW = new Date("2026-03-02T10:03:00.000Z");

/** Everything that somebody outside could have written. */
export interface Texts {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly label: string;
  readonly labelName: string;
  readonly severity: string; // the monitor's own word
  readonly log: string; // in lines before and after the onset alike
  readonly newLog: string | null; // in lines since the onset only; null: there are none
  readonly commit: string;
  readonly span: string;
  readonly past: string; // cause in the post-mortem of an earlier incident
  readonly patch: string; // a line that a deployment brought
  readonly release: string; // name of a release
  readonly check: string; // name of a failing check
  readonly otherIncident: string; // title of another open incident
  readonly changeCause: string; // annotation of a Kubernetes rollout
  readonly comment: string;
  readonly commentBy: "reader" | "maintainer";
  readonly hint: string | null;
}
/** What is measured and what was deployed. Texts do not touch it. */
export interface Scene {
  readonly name: string;
  readonly errorRatio: number | null; // null: Prometheus is down
  readonly poolWaiting: number;
  readonly deployed: "none" | "code" | "settings";
  readonly firing: boolean;
  readonly severity: string;
  readonly log: string | null; // a new kind of line since the onset
  readonly close: boolean; // two runbooks fit nearly as well
}

export const SCENES: readonly Scene[] = [
  {
    name: "pool",
    errorRatio: 0.61,
    poolWaiting: 38,
    deployed: "settings",
    firing: true,
    severity: "critical",
    log: "ERROR timeout: no free connection in pool (size=4)",
    close: true,
  },
  {
    name: "release",
    errorRatio: 0.3,
    poolWaiting: 0,
    deployed: "code",
    firing: true,
    severity: "critical",
    log: "ERROR cannot read property total of undefined",
    close: false,
  },
  {
    name: "unknown",
    errorRatio: 0.05,
    poolWaiting: 0,
    deployed: "none",
    firing: true,
    severity: "warning",
    log: null,
    close: false,
  },
  {
    name: "healthy",
    errorRatio: 0.001,
    poolWaiting: 0,
    deployed: "none",
    firing: true,
    severity: "warning",
    log: null,
    close: false,
  },
  {
    name: "outage",
    errorRatio: 0.97,
    poolWaiting: 60,
    deployed: "settings",
    firing: true,
    severity: "critical",
    log: "ERROR timeout: no free connection in pool (size=4)",
    close: false,
  },
  {
    name: "two causes",
    errorRatio: 0.4,
    poolWaiting: 0,
    deployed: "code",
    firing: true,
    severity: "critical",
    log: "ERROR connect ECONNREFUSED payments-db:5432",
    close: true,
  },
  {
    name: "unmeasured",
    errorRatio: null,
    poolWaiting: 0,
    deployed: "code",
    firing: true,
    severity: "high",
    log: "ERROR cannot read property total of undefined",
    close: false,
  },
];

export function usualTexts(scene: Scene): Texts {
  return {
    name: "CheckoutErrorRateHigh",
    summary: "Checkout error rate is high",
    description: "More than 2 % of requests fail.",
    label: "payments",
    labelName: "team",
    severity: scene.severity,
    log: "spring sale",
    newLog: scene.name === "healthy" ? null : "spring sale", // a new kind of line is a sign that something is not as usual
    commit: "Tidy up the basket",
    span: "SELECT basket",
    past: "Basket service restarted",
    patch: "# reviewed by two people",
    release: "Spring release",
    check: "lint",
    otherIncident: "slow answers since 09:00 UTC",
    changeCause: "new base image",
    comment: "I am looking at it as well.",
    commentBy: "reader",
    hint: null,
  };
}
