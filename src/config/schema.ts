/**
 * The configuration as people write it: `.github/gatehouse.yml`. Descriptions become the published JSON Schema and the tables of
 * `docs/configuration.md`; relations between keys are in `relations.ts`, the meaning in `draft.ts`.
 */
import { z } from "zod";
import { PACK_NAMES } from "../evidence/packs/catalogue.js";
import { METRIC_FAMILIES } from "../evidence/packs/cluster-metrics.js";
import type { Severity } from "../words.js";
import * as field from "./fields.js";
import { LOG_SOURCES, METRIC_SOURCES } from "./signal-sources.js";

const NOT_YET = "is not available in this version";

const MEANING: Readonly<Record<Severity, string>> = {
  P0: "Complete outage.",
  P1: "More than 20 % of users, or a core function.",
  P2: "Degraded, fewer than 20 % of users.",
  P3: "A warning.",
};

/** One value for each severity; `make` gives each its default, so that an empty map is a whole one. */
function perSeverity<T extends z.ZodType>(make: (severity: Severity) => T) {
  const value = (severity: Severity) => make(severity).describe(MEANING[severity]);
  return z.strictObject({ P0: value("P0"), P1: value("P1"), P2: value("P2"), P3: value("P3") }).prefault({} as never);
}

export const PublicKeyEntry = z.strictObject({
  id: field.name.describe("Name of the key, written into every signature. Never used again for another key."),
  public: field.publicKey.describe("Base64 SPKI of the Ed25519 public key, one line."),
});

const keyList = (who: string) =>
  z
    .array(PublicKeyEntry, { error: "a list of keys, [] for none" })
    .max(2, "at most two keys: the current one and, while rotating, the next")
    .describe(who);

export const Keys = z.strictObject({
  mind: keyList("Public keys of the mind, which writes the issue. Empty: nothing is signed, incidents are only diagnosed."),
  hands: keyList("Public keys of the hands, which write the execution comment. Empty: nothing is ever carried out."),
});

export const SignalEntry = z.strictObject({
  source: field.oneOf([...METRIC_SOURCES, ...LOG_SOURCES, "recording"]).describe("The source that answers the query."),
  query: field
    .prose(4_000, "the query, in the source's own language, of at most 4000 characters")
    .describe("A reviewed query. Analysts name it; they never write one."),
  unit: field
    .text(/^[A-Za-z%/]{1,20}$/, "a unit of at most 20 letters, such as ratio or seconds")
    .nullable()
    .default(null)
    .describe("What the number counts: `ratio`, `seconds` …"),
  "log-groups": z
    .array(field.text(/^[A-Za-z0-9_/.#-]{1,512}$/, "the name of a log group, such as /ecs/checkout"))
    .max(50, "at most 50 log groups")
    .default([])
    .describe("Only for `cloudwatch-logs`: where its lines are."),
});

/** Names that begin with two underscores are Prometheus' own. */
const labelName = field.text(
  /^(?!__)[a-zA-Z_][a-zA-Z0-9_]{0,62}$/,
  "the name of a label: letters, digits and underscores, not two underscores first",
);

const LABELS_NEEDED = "at least one label that tells the service apart, such as job: checkout";
const LabelValues = z
  .record(labelName, field.prose(200, "the value of a label, of at most 200 characters, or ~ and a regular expression"), {
    error: "labels with their values, such as { job: checkout }",
  })
  .refine((labels) => Object.keys(labels).length > 0, LABELS_NEEDED)
  .meta({ minProperties: 1 });

export const TargetEntry = z
  .looseObject({
    action: z
      .string({ error: "the name of an action, such as github.workflow" })
      .describe("The action that moves this target. Its own settings stand beside it."),
    production: field.flag.default(true).describe("Whether moving it touches production: then a person always approves."),
    stateful: field.flag.default(false).describe("Whether it keeps data: then it is left to people."),
  })
  .describe("One thing that a plan may move.");

export const ServiceEntry = z.strictObject({
  repository: field.repository.describe("The repository the service is released from, `owner/name`."),
  environment: field
    .prose(255, "the name of a protected GitHub environment")
    .describe("The gated GitHub environment of its hands. It must exist and be protected."),
  mode: field
    .oneOf(["observe", "propose", "act"])
    .default("propose")
    .describe("`observe`: diagnose only. `propose`: plan, and people act. `act`: approved plans are carried out."),
  core: field.flag.default(false).describe("A core function: degraded is P1, not P2."),
  owners: z
    .array(field.owner)
    .min(1, "at least one owner, a user or a team")
    .describe("Who is asked: users and teams, quoted, with @."),
  "depends-on": z
    .array(field.name, { error: "a list of services, such as [payments, orders-db]" })
    .default([])
    .describe(
      "Services that it needs. Those of this file are compared with it by the signals they have in common; others need not be in it.",
    ),
  signals: z.record(field.name, SignalEntry).default({}).describe("Reviewed queries by name."),
  packs: z
    .partialRecord(field.oneOf(PACK_NAMES), LabelValues, {
      error: "packs, each with the labels of the service, such as { jvm: { job: checkout } }",
    })
    .default({})
    .describe(
      "Query packs (docs/query-packs.md), each with the labels of the service. `signals` of the same name win, then the pack written first.",
    ),
  targets: z.record(field.name, TargetEntry).default({}).describe("What plans may move, by name."),
  kubernetes: z
    .strictObject({
      namespace: field.text(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "the name of a namespace").describe("Where it runs."),
      selector: field
        .text(/^[\w./=!,() -]{1,200}$/, "a label selector, like app=checkout")
        .nullable()
        .default(null)
        .describe("Labels of its objects. `null`: the whole namespace."),
      context: field
        .text(/^[\w.:@/-]{1,200}$/, "the name of a kubeconfig context")
        .nullable()
        .default(null)
        .describe("The kubeconfig context. `null`: that of `sources.kubernetes`, else the current one."),
    })
    .nullable()
    .default(null)
    .describe("Where it runs in a cluster. `null`: not looked at."),
  "trace-service": field
    .text(/^[\w.:@/ -]{1,200}$/, "the name of a service in traces")
    .nullable()
    .default(null)
    .describe("Its `service.name` in traces. `null`: its own name."),
});

const certificateKeys = z
  .strictObject({
    "ca-file": field
      .prose(500, "the path of a PEM file")
      .nullable()
      .default(null)
      .describe("PEM file with the roots that are trusted instead of the runner's own: absolute, or in the job's workspace."),
    "server-name": field
      .text(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/, "a host name, such as prometheus.internal")
      .nullable()
      .default(null)
      .describe("Name that its certificate is for, where the address has another."),
    "cert-env": field.environmentVariable
      .nullable()
      .default(null)
      .describe("Environment variable that holds a client certificate as PEM, with `key-env`."),
    "key-env": field.environmentVariable
      .nullable()
      .default(null)
      .describe("Environment variable that holds its private key as PEM."),
  })
  .nullable()
  .prefault(null)
  .describe("Certificates of an https address. `null`: the runner's roots, no client certificate.");

const httpKeys = {
  url: field.baseUrl.describe("Base address, without credentials."),
  "token-env": field.environmentVariable
    .nullable()
    .default(null)
    .describe("Environment variable that holds the token; for `basic`, `user:password`."),
  auth: field
    .oneOf(["bearer", "basic", "api-key", "oidc"])
    .default("bearer")
    .describe("Scheme that the token is sent with in `Authorization`. `oidc`: the job's own GitHub token, as bearer."),
  "auth-header": field
    .text(/^[A-Za-z][A-Za-z0-9-]{0,62}$/, "the name of a header, such as X-Api-Key")
    .nullable()
    .default(null)
    .describe("Header that carries the token as it is, instead of `Authorization`."),
  audience: field
    .text(/^\S{1,500}$/, "an audience, as the other side expects it")
    .nullable()
    .default(null)
    .describe("Only for `oidc`, and needed there: whom the GitHub token is for."),
  "token-url": field.tokenUrl
    .nullable()
    .default(null)
    .describe("Only for `oidc`: where the GitHub token is exchanged for one of the source. `null`: it is sent as it is."),
  "client-id": field
    .text(/^\S{1,500}$/, "the id of an OAuth client")
    .nullable()
    .default(null)
    .describe("Only with `token-url`: the OAuth client it is exchanged as."),
  scope: field
    .text(/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/, "scopes with one space between")
    .nullable()
    .default(null)
    .describe("Only with `token-url`: the scopes asked for."),
  tls: certificateKeys,
  timeout: field.duration("1s", "60s").prefault("10s").describe("How long one answer may take."),
};

const httpSource = (what: string) => z.strictObject(httpKeys).nullable().prefault(null).describe(what);

const fieldName = field.text(/^[\w@.-]{1,200}$/, "the name of a field");

export const Sources = z.strictObject({
  prometheus: httpSource("Where metrics come from. Not set: not asked."),
  loki: httpSource("Where logs come from. Not set: not asked."),
  elasticsearch: z
    .strictObject({
      ...httpKeys,
      index: field
        .text(/^[a-z0-9.*][\w.*:,-]{0,299}$/, "indices, aliases or patterns with commas between, such as logs-*")
        .default("logs-*")
        .describe("Where the lines are."),
      "time-field": fieldName.default("@timestamp").describe("The field with a line's time."),
      "message-field": fieldName.default("message").describe("The field with its text."),
    })
    .nullable()
    .prefault(null)
    .describe("Where logs come from: Elasticsearch (from 7.10) or OpenSearch. Not set: not asked."),
  cloudwatch: z
    .strictObject({
      region: field.text(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS region, such as eu-central-1").describe("The AWS region."),
      endpoint: field.baseUrl.nullable().default(null).describe("Another address of CloudWatch. `null`: that of the region."),
      "logs-endpoint": field.baseUrl
        .nullable()
        .default(null)
        .describe("Another address of CloudWatch Logs. `null`: that of the region."),
      timeout: field.duration("1s", "120s").prefault("30s").describe("How long all questions together may take."),
    })
    .nullable()
    .prefault(null)
    .describe("Metrics and logs of Amazon CloudWatch, with the AWS credentials of the job. Not set: not asked."),
  datadog: z
    .strictObject({
      site: field
        .text(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9-]+)+$/, "a Datadog site, such as datadoghq.eu")
        .default("datadoghq.com")
        .describe("The Datadog site that holds your data."),
      url: field.baseUrl.nullable().default(null).describe("Another address of the API. `null`: `https://api.` and the site."),
      "api-key-env": field.environmentVariable.default("DD_API_KEY").describe("Environment variable that holds the API key."),
      "application-key-env": field.environmentVariable
        .default("DD_APP_KEY")
        .describe("Environment variable that holds the application key, with the scopes timeseries_query and logs_read_data."),
      tls: certificateKeys,
      timeout: field.duration("1s", "60s").prefault("10s").describe("How long all questions together may take."),
    })
    .nullable()
    .prefault(null)
    .describe("Metrics and logs of Datadog. Not set: not asked."),
  jaeger: httpSource("Where traces come from: the address of Jaeger's query service. Not set: not asked."),
  tempo: httpSource("Where traces come from: the address of Tempo. Not set: not asked."),
  alertmanager: httpSource("Which other alerts fire, and whether one still does. Not set: not asked."),
  github: z
    .strictObject({
      deployments: field.flag.default(true).describe("Read the deployments of a service's repository."),
      commits: field.flag.default(true).describe("Read the commits between two deployments, and what they changed together."),
      "commit-diffs": field.flag
        .default(false)
        .describe(
          "Read what each commit changed where the deployment nearest before the onset brought two to eight: a request each.",
        ),
      releases: field.flag.default(true).describe("Read releases; asked with the deployments, no request of their own."),
      checks: field.flag
        .default(true)
        .describe("Read failing checks of what was deployed; asked with the deployments, no request of their own."),
      incidents: field.flag
        .default(true)
        .describe("Tell of other open incidents of the service and its neighbours; no request of their own."),
    })
    .nullable()
    .prefault({})
    .describe("What GitHub itself knows about changes. `null`: not asked."),
  kubernetes: z
    .strictObject({
      context: field
        .text(/^[\w.:@/-]{1,200}$/, "the name of a kubeconfig context")
        .nullable()
        .default(null)
        .describe("The kubeconfig context. `null`: the current one."),
      timeout: field.duration("1s", "120s").prefault("45s").describe("How long all questions together may take."),
      metrics: z
        .array(field.oneOf(METRIC_FAMILIES))
        .default([])
        .describe("What Prometheus is asked about the apps and nodes around a service. Needs `sources.prometheus`."),
    })
    .nullable()
    .default(null)
    .describe("The cluster, through the runner's kubectl, read verbs only. Not set: not asked."),
  postmortems: field.flag
    .default(true)
    .describe(
      "Tell of earlier incidents of the service and its neighbours, from the post-mortems; one request where there are any.",
    ),
  recordings: z
    .strictObject({ path: field.prose(500, "the path of a recording").describe("The recording, a JSON file.") })
    .nullable()
    .default(null)
    .describe("Recorded answers, for drills. Not set: not used."),
});

const model = (preset: string) => field.text(/^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,127}$/, "the id of a model").default(preset);

export const AnalystSection = z.strictObject({
  kind: field
    .oneOf(["auto", "runbooks", "claude"])
    .default("auto")
    .describe("Who reasons. `auto`: Claude where there is a key, else the runbooks."),
  "triage-model": model("claude-haiku-5-5").describe("The small model: triage, and asking for more."),
  model: model("claude-sonnet-5-5").describe("The model for diagnosis, proposal and narrative."),
  "base-url": field.baseUrl.nullable().default(null).describe("Another address of the API. `null`: the vendor's own."),
  budget: z
    .strictObject({
      usd: field.amount(0, 1_000).default(0.5).describe("Money one incident may cost, in US dollars."),
      "input-tokens": field.whole(0, 100_000_000).default(200_000).describe("Tokens one incident may send."),
    })
    .prefault({})
    .describe("What one incident may spend. Used up: the runbooks take over."),
  prices: z
    .record(
      z.string(),
      z.strictObject({
        input: field.amount(0, 10_000).describe("A plain input token."),
        output: field.amount(0, 10_000).describe("An output token."),
        "cache-write": field.amount(0, 10_000).describe("An input token written to the prompt cache."),
        "cache-read": field.amount(0, 10_000).describe("An input token read from the prompt cache."),
      }),
    )
    .default({})
    .describe("Prices by model id, in US dollars for a million tokens; they replace the built-in list prices."),
});

export const DiagnosisSection = z.strictObject({
  confidence: perSeverity(() => field.amount(0, 1).default(0.7)).describe(
    "Confidence that a diagnosis needs before a plan is made.",
  ),
  attempts: field.whole(1, 5).default(3).describe("Diagnoses before people take over; each doubles the windows."),
  windows: z
    .strictObject({
      logs: field.duration("1m", "24h").prefault("30m").describe("Metrics and logs before the onset, at the first attempt."),
      changes: field.duration("10m", "336h").prefault("24h").describe("Changes before the onset, at the first attempt."),
    })
    .prefault({})
    .describe("How far back the first attempt looks."),
});

export const GateSection = z.strictObject({
  kind: field
    .oneOf(["comment"], `comment; environment and both ${NOT_YET.replace("is", "are")}`)
    .default("comment")
    .describe("How a plan is approved: by a comment on the incident."),
  approvers: z
    .strictObject({
      roles: z
        .array(field.oneOf(["write", "maintain", "admin"]))
        .default(["maintain", "admin"])
        .describe("Repository roles that may approve; a stronger role counts too."),
      users: z.array(field.login).default([]).describe("Logins that may approve, whatever their role."),
      teams: z
        .array(field.team)
        .default([])
        .describe("Teams that may approve, `organisation/team`. Needs a token that can read teams."),
    })
    .prefault({})
    .describe("Who may approve a plan."),
  quorum: z
    .strictObject({
      low: field.whole(1, 5).default(1).describe("Approvals for a plan of low risk."),
      medium: field.whole(1, 5).default(1).describe("Approvals for a plan of medium risk."),
      high: field.whole(1, 5).default(2).describe("Approvals for a plan of high risk."),
    })
    .prefault({})
    .describe("How many different people must approve. Never fewer for a higher risk."),
  "answer-within": perSeverity((severity) =>
    field.duration("1m", "72h").prefault(severity === "P0" || severity === "P1" ? "15m" : "2h"),
  ).describe("How long a plan waits for its answer."),
  auto: z
    .null({ error: `null; approval without a person ${NOT_YET}` })
    .default(null)
    .describe(`Approval without a person. It ${NOT_YET}.`),
});

export const FreezeEntry = z.strictObject({
  from: field.instant.describe("Begin, with time zone."),
  until: field.instant.describe("End, with time zone."),
  why: field.prose(200, "a reason of at most 200 characters").describe("Shown to whoever is refused."),
});

export const RemediationSection = z.strictObject({
  "max-steps": field.whole(1, 20).default(5).describe("Steps that a plan may have."),
  breaker: z
    .strictObject({
      per: field.duration("1m", "168h").prefault("1h").describe("The span that is looked at."),
      most: field.whole(1, 100).default(3).describe("Remediations of one service within the span."),
    })
    .prefault({})
    .describe("When a service is remediated too often, people take over."),
  freeze: z.array(FreezeEntry).prefault([]).describe("Times in which nothing is carried out."),
  "query-step": field.duration("1s", "5m").prefault("15s").describe("Time between two readings while verifying."),
  soak: field.duration("1s", "1h").prefault("2m").describe("How long it must stay well before it counts as recovered."),
  "resume-within": field
    .duration("1m", "6h")
    .prefault("60m")
    .describe("How long after its start a broken execution may be resumed and undone."),
});

const RECOVERY = { P0: "15m", P1: "60m", P2: "4h", P3: "24h" } as const;

export const Channel = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      kind: z.literal("github").describe("A comment on the incident that mentions people."),
      mention: z.array(field.owner).min(1, "at least one user or team to mention").describe("Who is mentioned."),
    }),
    z.strictObject({
      kind: z.literal("webhook").describe("A POST of the page as JSON."),
      "url-env": field.environmentVariable.describe("Environment variable that holds the address."),
    }),
  ],
  { error: `a channel of kind github or webhook; another kind ${NOT_YET}` },
);

/** The whole file. */
export const ConfigFile = z.strictObject({
  version: z.literal(1, { error: "1, the version of this format" }).describe("Version of this format."),
  keys: Keys.describe("Public keys that journals are verified with."),
  "allow-public": field.flag.default(false).describe("Accept a public repository: its incidents are public for ever."),
  "trust-writers": field.flag
    .default(false)
    .describe("Accept repository secrets and a missing tag ruleset: everybody with write access is trusted."),
  services: z.record(field.name, ServiceEntry).describe("The service catalogue, by name as alerts give it."),
  sources: Sources.prefault({}).describe("Where evidence comes from."),
  analyst: AnalystSection.prefault({}).describe("Who reasons about the evidence."),
  diagnosis: DiagnosisSection.prefault({}).describe("When a diagnosis is good enough."),
  gate: GateSection.prefault({}).describe("Who opens the gate, and how."),
  remediation: RemediationSection.prefault({}).describe("Bounds on what is carried out."),
  "recovery-targets": perSeverity((severity) => field.duration("1m", "720h").prefault(RECOVERY[severity])).describe(
    "Time to recovery that is aimed at; a warning comes at three quarters.",
  ),
  pager: z
    .strictObject({ channels: z.array(Channel).default([]).describe("Ways to reach people, all of them used.") })
    .prefault({})
    .describe("How people are called."),
  postmortem: z
    .strictObject({
      directory: field.folder.default("postmortems").describe("Where post-mortems are kept."),
      via: field
        .oneOf(["auto", "commit", "pull-request"])
        .default("auto")
        .describe("How they are filed. `auto`: a commit, a pull request where the branch is protected."),
    })
    .prefault({})
    .describe("Where the post-mortem goes."),
});
export type ConfigFile = z.output<typeof ConfigFile>;
