/** Every place that somebody outside can write to, and for each a harmless text that does change the answer. */
import type { Runbook } from "../../../src/diagnosis/runbook/runbook.js";
import type { Scene, Texts } from "./scenes.js";

/** How far a text reaches: what is decided, what people are told about it, or only the page that shows it. */
export const REACHES = ["decision", "explanation", "page"] as const;
export type Reach = (typeof REACHES)[number];

export interface Field {
  readonly name: string;
  /** The same world with this text in this place, as far as the place can hold it. */
  readonly put: (text: string, texts: Texts) => Texts;
  /** Evidence has to be gathered anew: the text is part of what the sources say. */
  readonly inEvidence: boolean;
  readonly triedIn: (scene: Scene, turn: number) => boolean;
  readonly control: Control;
}
/** Any of the texts in any of the scenes. */
export interface Control {
  readonly says: string;
  readonly reach: Reach; // at least
  readonly scenes: readonly string[];
  readonly given?: Partial<Texts>; // with and without the text
  readonly texts: (runbooks: readonly Runbook[]) => readonly string[];
  readonly put: (text: string, texts: Texts) => Texts;
}

const OTHERS = ["release", "unknown", "healthy", "outage", "unmeasured"];
const ALL = ["pool", "two causes", ...OTHERS];

/** Where a word could tip the scale most easily, and the others by turns. */
const widely: Field["triedIn"] = ({ name, close }, turn) => close || OTHERS[turn % OTHERS.length] === name;
const byTurns: Field["triedIn"] = ({ name }, turn) => ALL[turn % ALL.length] === name;
const inCluster: Field["triedIn"] = ({ cluster }) => cluster === true;

type Place = { readonly [Key in keyof Texts]-?: Texts[Key] extends string | null ? Key : never }[keyof Texts];
type Given = Omit<Control, "put"> & { readonly put?: Control["put"] };

function field(name: string, place: Place, rest: Omit<Field, "name" | "put" | "control">, control: Given): Field {
  const put: Field["put"] = (text, texts) => ({ ...texts, [place]: text });
  return { name, put, ...rest, control: { put, ...control } };
}

/** Names that git, Kubernetes or a shell would take: the words stay, everything else becomes a dash. */
function slug(text: string, other: RegExp, by: string, max: number): string {
  return (
    text
      .replace(other, by)
      .slice(0, max)
      .replace(/^\W+|\W+$/g, "") || "x"
  );
}

const ALERT = { inEvidence: true, triedIn: widely }; // changes are weighed by its words
const SAID = { inEvidence: false, triedIn: widely };
const SEEN = { inEvidence: true, triedIn: widely };
const FURTHER = { inEvidence: true, triedIn: byTurns };
const CLUSTER = { inEvidence: true, triedIn: inCluster };
const ids = (runbooks: readonly Runbook[]): readonly string[] => runbooks.map(({ id }) => id);
const titles = (runbooks: readonly Runbook[]): readonly string[] => runbooks.map(({ title }) => title);
const FITTING = ["two causes", "pool", "release", "outage"];

const WRITTEN_BY_MONITORS: readonly Field[] = [
  field("alert name", "name", ALERT, {
    says: "a P0 whose name speaks of data loss goes to people",
    reach: "decision",
    scenes: ["outage"],
    texts: () => ["Checkout data loss"],
  }),
  field("alert summary", "summary", ALERT, {
    says: "a P0 whose summary speaks of corruption goes to people",
    reach: "decision",
    scenes: ["outage"],
    texts: () => ["Orders are corrupted"],
  }),
  field("alert annotation", "description", ALERT, {
    says: "the annotation runbook_url names a runbook that fits as well",
    reach: "explanation",
    scenes: FITTING,
    texts: (runbooks) => ids(runbooks).map((id) => `https://wiki.example/runbooks/${id}`),
    put: (runbookNote, texts) => ({ ...texts, runbookNote }),
  }),
  field("alert annotation name", "annotationName", ALERT, {
    says: "an annotation of the name runbook names one that fits as well",
    reach: "explanation",
    scenes: FITTING,
    given: { description: "dependency-down" },
    texts: () => ["runbook"],
  }),
  field("alert annotation runbook_url", "runbookNote", ALERT, {
    says: "the name of a runbook that fits as well",
    reach: "explanation",
    scenes: FITTING,
    texts: ids,
  }),
  field("alert label", "label", ALERT, {
    says: "the label service names another service of the catalogue",
    reach: "decision",
    scenes: ["pool"],
    texts: () => ["basket"],
    put: (service, texts) => ({ ...texts, service }),
  }),
  field("alert label name", "labelName", ALERT, {
    says: "a label named severity decides where nothing is measured",
    reach: "decision",
    scenes: ["unmeasured"],
    given: { label: "critical" },
    texts: () => ["severity"],
  }),
  {
    name: "metric label value",
    put: (text, texts) => ({ ...texts, instances: [text] }),
    ...FURTHER,
    control: {
      says: "a second series is told of: the most changed one is shown",
      reach: "page",
      scenes: ["pool"],
      texts: () => ["10.0.0.8:9090"],
      put: (text, texts) => ({ ...texts, instances: [...texts.instances, text] }),
    },
  },
  field("another alert's name", "otherAlert", FURTHER, {
    says: "shown among the evidence; offline no runbook goes by a neighbour's alert",
    reach: "page",
    scenes: ["pool"],
    texts: () => ["DatabaseReplicaDown"],
  }),
  field("another alert's annotation", "otherAnnotation", FURTHER, {
    says: "shown among the evidence; offline no runbook goes by a neighbour's alert",
    reach: "page",
    scenes: ["pool"],
    texts: () => ["The replica does not answer"],
  }),
];

const WRITTEN_BY_PROGRAMS: readonly Field[] = [
  field("log line", "log", SEEN, {
    says: "a kind of line that was not there before speaks against no incident",
    reach: "decision",
    scenes: ["healthy"],
    texts: () => ["stock service unreachable"],
    put: (newLog, texts) => ({ ...texts, newLog }),
  }),
  {
    name: "new log line",
    put: (newLog, texts) => ({ ...texts, newLog: texts.newLog === null ? null : newLog }),
    ...SEEN,
    control: {
      says: "a line that names a dependency, or a pool",
      reach: "decision",
      scenes: ["release", "unknown"],
      texts: () => ["connect ECONNREFUSED payments-db:5432", "no free connection in pool"],
      put: (newLog, texts) => ({ ...texts, newLog }),
    },
  },
  field("span", "span", SEEN, {
    says: "an operation that calls somebody else's host points outside our changes",
    reach: "explanation",
    scenes: ["release"],
    given: { spanMessage: "503 service unavailable", newLog: null },
    texts: () => ["GET https://api.carrier.com/rates"],
  }),
  field("span's message", "spanMessage", FURTHER, {
    says: "somebody else's host that fails points outside our changes",
    reach: "explanation",
    scenes: ["release"],
    given: { newLog: null },
    texts: () => ["503 unavailable from api.carrier.com"],
  }),
  field("service name in a trace", "spanService", FURTHER, {
    says: "the service in which traces fail first is named in the cause and speaks against a change of this one",
    reach: "explanation",
    scenes: ["release"],
    texts: () => ["payments-db"],
  }),
  {
    name: "pod name",
    put: (text, texts) => ({ ...texts, podName: slug(text.toLowerCase(), /[^a-z0-9-]+/g, "-", 60) }),
    ...CLUSTER,
    control: {
      says: "by design nothing goes by what a pod is called: its label says whose it is",
      reach: "page",
      scenes: ["cluster"],
      texts: () => ["basket"],
      put: (podApp, texts) => ({ ...texts, podApp }),
    },
  },
  field("event message", "event", CLUSTER, {
    says: "what the registry answered tells a wrong image from one that cannot be reached",
    reach: "decision",
    scenes: ["cluster"],
    texts: () => ['Failed to pull image "registry.example/shop/checkout:v3": dial tcp: lookup registry.example: no such host'],
  }),
  {
    name: "environment variable's name",
    put: (text, texts) => ({ ...texts, variable: slug(text.toUpperCase(), /[^A-Z0-9_]+/g, "_", 80) }),
    ...CLUSTER,
    control: {
      says: "shown with the address that leads nowhere; the value decides, whatever it is called",
      reach: "page",
      scenes: ["cluster"],
      given: { variableValue: "basket:9999" },
      texts: () => ["CART_ADDR"],
      put: (variable, texts) => ({ ...texts, variable }),
    },
  },
  field("environment variable's value", "variableValue", CLUSTER, {
    says: "an address of a service that is not there",
    reach: "decision",
    scenes: ["cluster"],
    texts: () => ["basket:9999"],
  }),
];

const WRITTEN_BY_PEOPLE: readonly Field[] = [
  field("commit message", "commit", SEEN, {
    says: "a message that speaks of what fails takes the blame back from somebody else's host",
    reach: "explanation",
    scenes: ["release"],
    given: { spanMessage: "503 unavailable from api.carrier.com", newLog: null },
    texts: () => ["Ask api.carrier.com for the rates", "Read the total of the basket from its rows"],
  }),
  field("commit's author", "author", FURTHER, {
    says: "shown with the commit; who wrote it says nothing about what it does",
    reach: "page",
    scenes: ["release"],
    texts: () => ["hubot"],
  }),
  field("who deployed", "deployer", FURTHER, {
    says: "shown with the deployment; who started it says nothing about what it does",
    reach: "page",
    scenes: ["release"],
    texts: () => ["hubot"],
  }),
  {
    name: "tag name",
    put: (text, texts) => ({ ...texts, tag: slug(text, /[^\w.+/-]+/g, "-", 90) }),
    ...FURTHER,
    control: {
      says: "the cause names the release, and the plan says what it takes back",
      reach: "page",
      scenes: ["release"],
      texts: () => ["v2.1.1"],
      put: (tag, texts) => ({ ...texts, tag }),
    },
  },
  {
    name: "file path",
    put: (text, texts) => ({ ...texts, path: text.replace(/[\n\0]/g, " ").slice(0, 200) }),
    ...FURTHER,
    control: {
      says: "a file of settings among those that changed",
      reach: "explanation",
      scenes: ["release"],
      texts: () => ["config/limits.json"],
      put: (path, texts) => ({ ...texts, path }),
    },
  },
  field("similar past incident", "past", SEEN, {
    says: "the title of a runbook that fits as well and nearly as well",
    reach: "explanation",
    scenes: FITTING,
    texts: titles,
  }),
  field("changed line", "patch", FURTHER, {
    says: "it is quoted as what the deployment changed",
    reach: "page",
    scenes: ["pool"],
    texts: () => ["# checked on Monday"],
  }),
  field("release name", "release", FURTHER, {
    says: "it is quoted beside the release",
    reach: "page",
    scenes: ["release"],
    texts: () => ["Summer release"],
  }),
  field("check name", "check", FURTHER, {
    says: "it is quoted among the checks that failed",
    reach: "page",
    scenes: ["release"],
    texts: () => ["build"],
  }),
  field("title of another incident", "otherIncident", FURTHER, {
    says: "it is quoted among the incidents that are open",
    reach: "page",
    scenes: ["release"],
    texts: () => ["no answers since 09:00 UTC"],
  }),
  field("comment", "comment", SAID, {
    says: "a maintainer's /approve",
    reach: "decision",
    scenes: ["pool"],
    texts: () => ["/approve {digest}"],
    put: (comment, texts) => ({ ...texts, comment, commentBy: "maintainer" }),
  }),
  field("hint of /retry", "hint", SAID, {
    says: "the title of another runbook that fits",
    reach: "decision",
    scenes: FITTING,
    texts: titles,
  }),
];

export const FIELDS: readonly Field[] = [...WRITTEN_BY_MONITORS, ...WRITTEN_BY_PROGRAMS, ...WRITTEN_BY_PEOPLE];
