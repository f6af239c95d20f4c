import { describe, expect, it } from "vitest";
import { checkConfig, describeConfigCheck } from "../../src/app/check-config.js";
import { parseConfig } from "../../src/config/parse.js";
import { asFile } from "../config/samples.js";

function check(yaml: string) {
  const parsed = parseConfig(asFile(`version: 1\nkeys: {mind: [], hands: []}\n${yaml}`));
  if (!parsed.ok) throw new Error(parsed.message);
  return checkConfig(parsed.config);
}
const common = `repository: acme/shop, environment: production-gate, owners: ["@octocat"]`;
const ratio = "error-ratio: {source: prometheus, query: a / b, unit: ratio}";

describe("gatehouse config check", () => {
  it("says of a config without gaps that it is accepted, and no more", () => {
    const checked = check(`services: {web: {${common}, signals: {${ratio}}}}\nsources: {prometheus: {url: "https://p"}}\n`);
    expect(describeConfigCheck(checked)).toBe(".github/gatehouse.yml is accepted: 1 service, 1 reviewed query.");
  });

  it.each([
    {
      name: "a query that no source answers",
      yaml: `services: {web: {${common}, signals: {${ratio}, errors: {source: datadog-logs, query: e}}}}\nsources: {prometheus: {url: "https://p"}}\n`,
      note: "services.web.signals.errors asks datadog-logs, but sources.datadog is not set: nobody will answer.",
    },
    {
      name: "a neighbour that is written otherwise",
      yaml: `services: {web: {${common}, depends-on: [order-db], signals: {${ratio}}}, orders-db: {${common}, signals: {${ratio}}}}\nsources: {prometheus: {url: "https://p"}}\n`,
      note: 'services.web.depends-on names order-db, which is no service of this file: it is not measured. Did you mean "orders-db"?',
    },
    {
      name: "a place in a cluster that nobody looks at",
      yaml: `services: {web: {${common}, kubernetes: {namespace: shop}, signals: {${ratio}}}}\nsources: {prometheus: {url: "https://p"}}\n`,
      note: "services.web.kubernetes is not looked at: sources.kubernetes is not set. Write sources: { kubernetes: {} }.",
    },
    {
      name: "a service without an error ratio",
      yaml: `services: {web: {${common}}}\n`,
      note: "services.web has no metric error-ratio: its severity is the alert's word, and whether it has recovered cannot be measured.",
    },
  ])("names $name", ({ yaml, note }) => expect(check(yaml).notes).toEqual([note]));

  it("lists the environment variables, each with every key that asks for it", () => {
    const { variables } = check(`services: {}
sources:
  loki: {url: "https://l", token-env: GRAFANA_TOKEN, tls: {cert-env: LOKI_CERT, key-env: LOKI_KEY}}
  tempo: {url: "https://t", token-env: GRAFANA_TOKEN}
  prometheus: {url: "https://p", auth: oidc, audience: a}
  datadog: {}
pager: {channels: [{kind: webhook, url-env: PAGER_URL}]}
`);
    expect([...variables]).toEqual([
      ["GRAFANA_TOKEN", ["sources.loki.token-env", "sources.tempo.token-env"]],
      ["LOKI_CERT", ["sources.loki.tls.cert-env"]],
      ["LOKI_KEY", ["sources.loki.tls.key-env"]],
      ["DD_API_KEY", ["sources.datadog.api-key-env"]],
      ["DD_APP_KEY", ["sources.datadog.application-key-env"]],
      ["PAGER_URL", ["pager.channels[0].url-env"]],
    ]);
  });
});
