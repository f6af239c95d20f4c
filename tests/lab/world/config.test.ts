import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { gatehouseConfig } from "../../../lab/world/config.js";
import { shopQueries } from "../../../lab/world/queries.js";

const options = {
  mindKey: { id: "m1", public: "MCowBQ+/=" },
  handsKey: { id: "h1", public: "MCowBQ==" },
  urls: { prometheus: "http://127.0.0.1:9090", loki: "http://127.0.0.1:3100" },
};

interface Parsed {
  keys: unknown;
  services: { checkout: { signals: Record<string, { query: string }>; targets: unknown } };
  sources: unknown;
  remediation: unknown;
}

describe("the demo's config", () => {
  it("holds keys, sources and target as given", () => {
    const config = parse(gatehouseConfig(options)) as Parsed;
    expect(config.keys).toEqual({ mind: [options.mindKey], hands: [options.handsKey] });
    expect(config.sources).toMatchObject({ prometheus: { url: options.urls.prometheus }, loki: { url: options.urls.loki } });
    expect(config.services.checkout.targets).toMatchObject({
      release: { action: "github.workflow", workflow: "deploy.yml", inputs: { service: "checkout", version: "{after}" } },
    });
  });

  it.each([
    { fast: true, soak: "1s" },
    { fast: false, soak: "4s" },
  ])("asks only what the monitor answers (fast: $fast)", ({ fast, soak }) => {
    const config = parse(gatehouseConfig({ ...options, fast })) as Parsed;
    const { errorRatio, poolWaiting, latencyP95, errors } = shopQueries(fast);
    expect(Object.values(config.services.checkout.signals).map(({ query }) => query)).toEqual(
      [errorRatio, poolWaiting, latencyP95, errors].map(({ query }) => query),
    );
    expect(config.remediation).toEqual({ "query-step": "1s", soak });
  });
});
