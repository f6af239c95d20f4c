/** Where the strings are put: what is measured in each scene, and every text that somebody outside could have written. */
export const ONSET = new Date("2026-03-02T10:00:00.000Z");
export const NOW = new Date("2026-03-02T10:03:00.000Z");

/** Everything that somebody outside could have written. */
export interface Texts {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly annotationName: string; // of the description
  readonly label: string;
  readonly labelName: string;
  readonly severity: string; // the monitor's own word
  readonly log: string; // in lines before and after the onset alike
  readonly newLog: string | null; // in lines since the onset only; null: there are none
  readonly runbookNote: string | null; // the alert's annotation runbook_url
  readonly service: string; // the alert's label of that name
  readonly instances: readonly string[]; // a label of the series that Prometheus answers with, one each
  readonly otherAlert: string; // name of an alert of a neighbour
  readonly otherAnnotation: string; // its summary
  readonly commit: string;
  readonly author: string;
  readonly deployer: string;
  readonly tag: string; // what was deployed last, by name
  readonly path: string; // of a file that it changed
  readonly span: string; // operation of the span that fails first
  readonly spanMessage: string;
  readonly spanService: string;
  readonly podName: string; // of the pod that cannot start
  readonly podApp: string; // its label app
  readonly event: string; // message of an event of the broken pod, beside its own
  readonly variable: string; // name in the environment of the workload
  readonly variableValue: string;
  readonly past: string; // title of an earlier incident
  readonly patch: string; // a line that a deployment brought
  readonly release: string; // name of a release
  readonly check: string; // name of a failing check
  readonly otherIncident: string; // title of another open incident
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
  /** The service runs in a cluster, in which a pod cannot start. */
  readonly cluster?: true;
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
  {
    name: "cluster",
    errorRatio: 0.3,
    poolWaiting: 0,
    deployed: "none",
    firing: true,
    severity: "critical",
    log: null,
    close: false,
    cluster: true,
  },
];

export function usualTexts(scene: Scene): Texts {
  return {
    name: "CheckoutErrorRateHigh",
    summary: "Checkout error rate is high",
    annotationName: "description",
    description: "More than 2 % of requests fail.",
    label: "payments",
    labelName: "team",
    severity: scene.severity,
    log: "spring sale",
    newLog: scene.name === "healthy" ? null : "spring sale", // a new kind of line is a sign that something is not as usual
    runbookNote: null,
    service: "checkout",
    instances: ["10.0.0.7:9090"],
    otherAlert: "DatabaseConnectionsHigh",
    otherAnnotation: "Many connections are open",
    commit: "Tidy up the basket",
    author: "octocat",
    deployer: "octocat",
    tag: "v2.1.0",
    path: "service/basket.ts",
    span: "SELECT basket",
    spanMessage: "query failed",
    spanService: "checkout",
    podName: "checkout-5c6b47d9f-fghij",
    podApp: "checkout",
    event: "Error: ErrImagePull",
    variable: "BASKET_LIMIT",
    variableValue: "40",
    past: "Basket service restarted",
    patch: "# reviewed by two people",
    release: "Spring release",
    check: "lint",
    otherIncident: "slow answers since 09:00 UTC",
    comment: "I am looking at it as well.",
    commentBy: "reader",
    hint: null,
  };
}
