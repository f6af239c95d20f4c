import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/parse.js";
import type { Config } from "../../src/config/config.js";
import { asFile, handsKey, mindKey, newKeyPair, smallest, whole, withService } from "./samples.js";

function read(text: string): Config {
  const parsed = parseConfig(asFile(text));
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.config;
}

function refusal(text: string): string {
  const parsed = parseConfig(asFile(text));
  return parsed.ok ? "accepted" : parsed.message;
}

describe("parseConfig", () => {
  it("reads the whole example", () => {
    const config = read(whole);
    expect(config.services.get("checkout")).toMatchObject({
      name: "checkout",
      repository: "acme/shop",
      mode: "act",
      core: true,
      owners: ["@acme/payments", "@octocat"],
      dependsOn: ["payments-db"],
    });
    expect(config.services.get("checkout")?.signals.get("errors")).toEqual({
      name: "errors",
      source: "loki",
      query: '{service="checkout"} |= "ERROR"',
      unit: null,
    });
    expect(config.services.get("checkout")?.targets.get("release")).toMatchObject({
      name: "release",
      action: "github.workflow",
      production: true,
      stateful: false,
      address: { workflow: "deploy.yml", ref: "main", inputs: { service: "checkout", version: "{after}" } },
    });
    expect(config.sources.prometheus).toEqual({
      url: "http://prometheus:9090",
      tokenEnv: "PROMETHEUS_TOKEN",
      auth: { kind: "bearer" },
      tls: null,
      timeoutMs: 10_000,
    });
    expect(config.sources.recordings).toEqual({ path: "recordings/checkout.json" });
    expect(config.keys).toEqual({ mind: [{ id: "m1", public: mindKey.public }], hands: [{ id: "h1", public: handsKey.public }] });
    expect(config.remediation.freeze).toEqual([
      { from: new Date("2026-12-24T00:00:00Z"), until: new Date("2026-12-26T23:00:00Z"), why: "holidays" },
    ]);
    expect(config.pager.channels).toEqual([
      { kind: "github", mention: ["@acme/on-call"] },
      { kind: "webhook", urlEnv: "PAGER_URL" },
    ]);
  });

  it("says who a source is asked as, and with which certificates", () => {
    const { sources } = read(
      `${smallest}sources:
  prometheus: {url: "https://metrics", auth: oidc, audience: metrics, token-url: "https://login/token", client-id: g, scope: "a b", tls: {ca-file: certs/ca.pem}}
  loki: {url: "https://logs", tls: {server-name: logs.internal, cert-env: LOGS_CERT, key-env: LOGS_KEY}}
  cloudwatch: {region: eu-central-1, endpoint: "https://vpce.example", timeout: 45s}
  datadog: {site: datadoghq.eu, api-key-env: DD_KEY}
`,
    );
    expect(sources).toMatchObject({
      prometheus: {
        auth: { kind: "oidc", audience: "metrics", exchange: { url: "https://login/token", clientId: "g", scope: "a b" } },
        tls: { caFile: "certs/ca.pem", serverName: null, client: null },
      },
      loki: { tls: { caFile: null, serverName: "logs.internal", client: { certEnv: "LOGS_CERT", keyEnv: "LOGS_KEY" } } },
      cloudwatch: { region: "eu-central-1", endpoint: "https://vpce.example", logsEndpoint: null, timeoutMs: 45_000 },
      datadog: { url: "https://api.datadoghq.eu", apiKeyEnv: "DD_KEY", applicationKeyEnv: "DD_APP_KEY", tls: null },
    });
  });

  it("reads where the lines of CloudWatch Logs are", () => {
    const { services } = read(
      withService("signals: {e: {source: cloudwatch-logs, query: '@message like /ERROR/', log-groups: [/ecs/checkout]}}"),
    );
    expect(services.get("checkout")?.signals.get("e")).toMatchObject({ logGroups: ["/ecs/checkout"] });
  });

  it("says how a source is asked, and what a service is called in traces", () => {
    const { sources, services } = read(
      smallest.replace(/^services: .*$/m, "") +
        `
services:
  checkout: { repository: acme/shop, environment: gate, owners: ["@octocat"], trace-service: shop/checkout }
sources:
  loki: { url: "http://loki:3100", token-env: LOKI_KEY, auth-header: X-Scope-OrgID }
  elasticsearch: { url: "http://es:9200", token-env: ES_LOGIN, auth: basic, index: "shop-*" }
  tempo: { url: "http://tempo:3200" }
`,
    );
    const timeoutMs = 10_000;
    expect(sources).toMatchObject({
      loki: { tokenEnv: "LOKI_KEY", auth: { kind: "header", name: "X-Scope-OrgID" } },
      elasticsearch: { auth: { kind: "basic" }, index: "shop-*", timeField: "@timestamp", messageField: "message" },
      tempo: { url: "http://tempo:3200", tokenEnv: null, auth: { kind: "bearer" }, timeoutMs },
      jaeger: null,
      alertmanager: null,
    });
    expect(services.get("checkout")?.traceService).toBe("shop/checkout");
  });

  it("gives what is left out its default", () => {
    const { services, path, sha, ...defaults } = read(smallest);
    expect({ path, sha, services: services.size }).toEqual({ path: ".github/gatehouse.yml", sha: "5".repeat(40), services: 0 });
    expect(defaults).toMatchSnapshot();
  });

  it("gives the example's sections the same values as their defaults", () => {
    const { analyst, diagnosis, gate, recoveryTargetsMs, postmortem } = read(whole);
    expect(read(smallest)).toMatchObject({ analyst, diagnosis, gate, recoveryTargetsMs, postmortem });
  });

  it("lets a service propose unless it says otherwise", () => {
    expect(read(withService()).services.get("checkout")).toMatchObject({ mode: "propose", core: false, dependsOn: [] });
  });

  it("counts a target as production without state unless it says otherwise", () => {
    const config = read(withService("targets: {people: {action: manual}}"));
    expect(config.services.get("checkout")?.targets.get("people")).toMatchObject({ production: true, stateful: false });
  });

  it("keeps the other severities' defaults where one is given", () => {
    expect(read(`${smallest}diagnosis: {confidence: {P0: 0.9}}\n`).diagnosis.confidence).toEqual({
      P0: 0.9,
      P1: 0.7,
      P2: 0.7,
      P3: 0.7,
    });
  });

  it("accepts two keys each while they are rotated", () => {
    const [a, b] = [newKeyPair(), newKeyPair()];
    const keys = `keys: {mind: [{id: a, public: "${a.public}"}, {id: b, public: "${b.public}"}], hands: []}`;
    expect(read(smallest.replace("keys: {mind: [], hands: []}", keys)).keys.mind).toHaveLength(2);
  });
});

describe("parseConfig refuses", () => {
  it.each([
    ["an unknown version", smallest.replace("1", "2"), "1:10: version is 2. Write 1, the version of this format."],
    ["a version as text", smallest.replace("1", '"1"'), '1:10: version is "1". Write 1'],
    ["a misspelt key", `${smallest}alow-public: true\n`, '4:1: alow-public is not a known key. Did you mean "allow-public"?'],
    ["a key that resembles nothing", `${smallest}colour: red\n`, "4:1: colour is not a known key. Known here: version, keys, "],
    [
      "a misspelt key of a channel",
      `${smallest}pager: {channels: [{kind: webhook, urlenv: A}]}\n`,
      'pager.channels[0].urlenv is not a known key. Did you mean "url-env"?',
    ],
    [
      "a misspelt mode",
      withService("mode: atc"),
      '8:11: services.checkout.mode is "atc". Did you mean "act"? Write one of observe, propose, act.',
    ],
    [
      "a missing key",
      withService().replace(/ +repository.*\n/, ""),
      "4:3: services.checkout.repository is missing. Write a repository as owner/name.",
    ],
    ["missing keys", "version: 1\nservices: {}\n", "1:1: keys is missing. Write a map of keys."],
    [
      "a service without owners",
      withService("owners: []"),
      "services.checkout.owners is an empty list. Write at least one owner",
    ],
    [
      "an owner without @",
      withService("owners: [octocat]"),
      'services.checkout.owners[0] is "octocat". Write a GitHub user or team with its @',
    ],
    [
      "a service that needs itself",
      withService("depends-on: [db, checkout]"),
      '8:22: services.checkout.depends-on[1] names "checkout" itself.',
    ],
    [
      "a service name with a space",
      smallest.replace("services: {}", "services: {a b: {}}"),
      '3:12: services["a b"] is not a name that can be used here.',
    ],
    [
      "an unknown source",
      withService("signals: {e: {source: promtheus, query: up}}"),
      'signals.e.source is "promtheus". Did you mean "prometheus"?',
    ],
    [
      "CloudWatch Logs without its groups",
      withService("signals: {e: {source: cloudwatch-logs, query: x}}"),
      "8:15: services.checkout.signals.e asks CloudWatch Logs but names no log-groups.",
    ],
    [
      "log groups of another source",
      withService("signals: {e: {source: loki, query: x, log-groups: [a]}}"),
      "signals.e.log-groups is only for the source cloudwatch-logs.",
    ],
    [
      "OIDC without an audience",
      `${smallest}sources: {loki: {url: "https://l", auth: oidc}}\n`,
      "4:11: sources.loki says auth: oidc but no audience.",
    ],
    [
      "OIDC beside a token",
      `${smallest}sources: {loki: {url: "https://l", auth: oidc, audience: a, token-env: T}}\n`,
      "sources.loki.token-env is of no use with auth: oidc",
    ],
    [
      "an audience of nobody",
      `${smallest}sources: {loki: {url: "https://l", audience: a}}\n`,
      "sources.loki.audience is only for auth: oidc.",
    ],
    [
      "a scope that is not asked for",
      `${smallest}sources: {loki: {url: "https://l", auth: oidc, audience: a, scope: s}}\n`,
      "sources.loki.scope is only used with token-url.",
    ],
    [
      "a token sent in the clear",
      `${smallest}sources: {loki: {url: "https://l", auth: oidc, audience: a, token-url: "http://login"}}\n`,
      "sources.loki.token-url is in another form (not shown here: it may be a secret). Write an https address",
    ],
    [
      "half a client certificate",
      `${smallest}sources: {loki: {url: "https://l", tls: {cert-env: C}}}\n`,
      "sources.loki.tls needs both cert-env and key-env",
    ],
    [
      "certificates without TLS",
      `${smallest}sources: {loki: {url: "http://l", tls: {ca-file: ca.pem}}}\n`,
      "sources.loki.tls is of no use for an address that begins with http:",
    ],
    [
      "a region that is none",
      `${smallest}sources: {cloudwatch: {region: Frankfurt}}\n`,
      'sources.cloudwatch.region is "Frankfurt"',
    ],
    ["an empty query", withService("signals: {e: {source: loki, query: ''}}"), 'signals.e.query is "". Write the query'],
    [
      "an unknown action",
      withService("targets: {a: {action: github.workflw}}"),
      '8:27: services.checkout.targets.a.action names an unknown action ("github.workflw"). Did you mean "github.workflow"?',
    ],
    [
      "an action of a later version",
      withService("targets: {a: {action: kubernetes.scale}}"),
      "Actions of this version: github.workflow, manual.",
    ],
    [
      "bad settings of an action",
      withService("targets: {a: {action: github.workflow, ref: main, workflow: 3, inputs: {v: '{after}'}}}"),
      "8:65: services.checkout.targets.a: workflow",
    ],
    [
      "settings of a manual target",
      withService("targets: {a: {action: manual, workflow: x.yml}}"),
      "services.checkout.targets.a: a manual target has no settings of its own.",
    ],
    ["a flag that is text", `${smallest}trust-writers: "yes"\n`, 'trust-writers is "yes". Write true or false.'],
    [
      "a duration in words",
      `${smallest}remediation: {soak: 2 minutes}\n`,
      '4:21: remediation.soak is "2 minutes". Write a duration from 1s to 1h',
    ],
    [
      "a duration out of bounds",
      `${smallest}remediation: {soak: 2h}\n`,
      'remediation.soak is "2h". Write a duration from 1s to 1h',
    ],
    ["a duration as a number", `${smallest}remediation: {soak: 120}\n`, "remediation.soak is 120. Write a duration"],
    [
      "confidence above one",
      `${smallest}diagnosis: {confidence: {P1: 1.2}}\n`,
      "diagnosis.confidence.P1 is 1.2. Write a number from 0 to 1.",
    ],
    ["no attempts", `${smallest}diagnosis: {attempts: 0}\n`, "diagnosis.attempts is 0. Write a whole number from 1 to 5."],
    ["a quorum of nobody", `${smallest}gate: {quorum: {low: 0}}\n`, "gate.quorum.low is 0. Write a whole number from 1 to 5."],
    [
      "a quorum that falls with risk",
      `${smallest}gate: {quorum: {low: 3, medium: 3}}\n`,
      "gate.quorum.high asks for 2, fewer than medium (3).",
    ],
    [
      "a gate of a later version",
      `${smallest}gate: {kind: environment}\n`,
      'gate.kind is "environment". Write comment; environment and both are not available in this version.',
    ],
    [
      "approval without a person",
      `${smallest}gate: {auto: {risk: low}}\n`,
      "gate.auto is a map. Write null; approval without a person is not available in this version.",
    ],
    ["a gate that nobody can open", `${smallest}gate: {approvers: {roles: []}}\n`, "gate.approvers names nobody"],
    [
      "a role that must not approve",
      `${smallest}gate: {approvers: {roles: [read]}}\n`,
      'gate.approvers.roles[0] is "read". Write one of write, maintain, admin.',
    ],
    ["an approver with @", `${smallest}gate: {approvers: {users: ["@octocat"]}}\n`, "Write a GitHub login without @"],
    [
      "a freeze that ends before it begins",
      `${smallest}remediation: {freeze: [{from: 2026-12-24T18:00:00Z, until: 2026-12-23T18:00:00Z, why: x}]}\n`,
      "remediation.freeze[0].until is not after from",
    ],
    [
      "a freeze without a zone",
      `${smallest}remediation: {freeze: [{from: 2026-12-24, until: 2026-12-25, why: x}]}\n`,
      "Write a time with its zone",
    ],
    [
      "a channel of a later version",
      `${smallest}pager: {channels: [{kind: slack}]}\n`,
      'pager.channels[0].kind is "slack". Write a channel of kind github or webhook; another kind is not available in this version.',
    ],
    [
      "a directory outside the repository",
      `${smallest}postmortem: {directory: ../other}\n`,
      'postmortem.directory is "../other". Write a path inside the repository',
    ],
    ["a list in place of a map", `${smallest}sources: []\n`, "sources is an empty list. Write a map of keys."],
    ["text in place of the file", "hello\n", '1:1: the file is "hello". Write a map of keys.'],
    ["an empty file", "", "1:1: the file is empty. Write its keys."],
    ["only a comment", "# nothing\n", "1:1: the file is empty. Write its keys."],
    ["a key twice", `${smallest}services: {}\n`, "4:1: not valid YAML: Map keys must be unique."],
    ["broken YAML", `${smallest}gate: {kind: comment\n`, "not valid YAML: "],
    ["a second document", `${smallest}---\nversion: 1\n`, "4:1: a second YAML document begins here."],
    ["an alias", `${smallest}gate: &a {kind: comment}\npager: *a\n`, "5:8: the alias *a is not accepted. Write the value out."],
    ["a tag", `${smallest}gate: !!binary aGk=\n`, "4:16: the tag tag:yaml.org,2002:binary is not accepted."],
    [
      "__proto__ as a service",
      withService().replace("checkout", "__proto__"),
      "the key __proto__ is not accepted. Use another name.",
    ],
  ])("%s", (_, text, expected) => {
    expect(refusal(text)).toContain(expected);
    expect(refusal(text)).toMatch(/^\.github\/gatehouse\.yml:\d+:\d+: /);
  });

  it("a bomb of aliases, at once", () => {
    const bomb = [
      "a: &a [x, x, x, x, x, x, x, x, x]",
      ..."bcdefghij".split("").map((key, index) => `${key}: &${key} [${`*${"abcdefghi"[index]},`.repeat(9)}]`),
    ].join("\n");
    expect(refusal(bomb)).toContain("the alias *a is not accepted");
  });

  it("a file that is far too long", () => {
    expect(refusal(`${smallest}${"# padding\n".repeat(50_000)}`)).toContain("At most 400000 are read.");
  });

  it("every problem of a file in one message, in its order", () => {
    const message = refusal(`version: 2\nkeys: {mind: []}\nservices: {}\ngate: {quorum: {low: 4}}\npager: {chanels: []}\n`);
    expect(message.split("\n")).toEqual([
      ".github/gatehouse.yml:1:10: version is 2. Write 1, the version of this format.",
      ".github/gatehouse.yml:2:1: keys.hands is missing. Write a list of keys, [] for none.",
      ".github/gatehouse.yml:4:8: gate.quorum.medium asks for 1, fewer than low (4). Ask for at least as many where the risk is higher.",
      '.github/gatehouse.yml:5:9: pager.chanels is not a known key. Did you mean "channels"?',
    ]);
  });
});

describe("parseConfig on keys and secrets", () => {
  const withKeys = (keys: string) => smallest.replace("keys: {mind: [], hands: []}", `keys: ${keys}`);

  it.each([
    [
      "three keys at once",
      `{mind: [${[1, 2, 3].map((n) => `{id: k${n}, public: "${newKeyPair().public}"}`).join(", ")}], hands: []}`,
      "at most two keys",
    ],
    [
      "an id used twice",
      `{mind: [{id: k, public: "${mindKey.public}"}], hands: [{id: k, public: "${handsKey.public}"}]}`,
      "keys.hands[0].id is the same as keys.mind[0].id.",
    ],
    [
      "one key pair for mind and hands",
      `{mind: [{id: m, public: "${mindKey.public}"}], hands: [{id: h, public: "${mindKey.public}"}]}`,
      "keys.hands[0].public is the same as keys.mind[0].public.",
    ],
    [
      "a key of another kind",
      '{mind: [{id: k, public: "bm90IGEga2V5"}], hands: []}',
      "Write an Ed25519 public key as base64 SPKI on one line.",
    ],
    ["a truncated key", `{mind: [{id: k, public: "${mindKey.public.slice(0, -4)}"}], hands: []}`, "Write an Ed25519 public key"],
  ])("refuses %s", (_, keys, expected) => {
    expect(refusal(withKeys(keys))).toContain(expected);
  });

  it("says that a private key in the file must be replaced, without repeating it", () => {
    const message = refusal(withKeys(`{mind: [{id: k, public: "${mindKey.private}"}], hands: []}`));
    expect(message).toContain("is a private key, which must be replaced now that it stands in a file");
    expect(message).not.toContain(mindKey.private.slice(20, 40));
  });

  it.each([
    [
      "a token in place of its name",
      "sources: {prometheus: {url: 'http://p', token-env: ghp_0123456789abcdef}}",
      "sources.prometheus.token-env",
      "0123456789",
    ],
    [
      "a hook's address in place of its name",
      "pager: {channels: [{kind: webhook, url-env: 'https://hooks.example.com/T0P5ECRET'}]}",
      "pager.channels[0].url-env",
      "T0P5ECRET",
    ],
    ["credentials in an address", "sources: {loki: {url: 'https://user:hunter2@loki'}}", "sources.loki.url", "hunter2"],
  ])("does not repeat %s", (_, line, name, secret) => {
    const message = refusal(`${smallest}${line}\n`);
    expect(message).toContain(`${name} is in another form (not shown here: it may be a secret). Write `);
    expect(message).not.toContain(secret);
  });
});
