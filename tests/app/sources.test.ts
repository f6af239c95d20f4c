import { describe, expect, it } from "vitest";
import { createSources } from "../../src/app/sources.js";
import { parseConfig } from "../../src/config/parse.js";
import { timeoutOf } from "../../src/evidence/timed-source.js";
import { asFile, smallest } from "../config/samples.js";
import { aRunner } from "./support.js";

async function sourcesOf(section: string): Promise<readonly (readonly [string, number])[]> {
  const parsed = parseConfig(asFile(`${smallest}sources: ${section}\n`));
  if (!parsed.ok) throw new Error(parsed.message);
  const clock = { now: () => new Date("2026-11-20T04:41:00Z"), sleep: () => Promise.resolve() };
  const changes = { compare: () => Promise.reject(new Error("not asked")) };
  const sources = await createSources({
    ...aRunner(),
    config: parsed.config,
    deployments: { recent: () => Promise.resolve([]) },
    github: { clock, changes },
  });
  return sources.map((source) => [source.name, timeoutOf(source)]);
}

describe("the sources of a config", () => {
  it("are those that are set, with their deadlines; none is asked for its keys or certificates before its first question", async () => {
    expect(
      await sourcesOf(`{
  prometheus: {url: "https://p", auth: oidc, audience: a},
  loki: {url: "https://l", tls: {ca-file: not-there.pem}, timeout: 20s},
  cloudwatch: {region: eu-central-1},
  datadog: {site: datadoghq.eu},
  github: null}`),
    ).toEqual([
      ["prometheus", 10_000],
      ["loki", 20_000],
      ["cloudwatch", 30_000],
      ["datadog", 10_000],
      ["neighbours", 10_000],
    ]);
  });

  it("are GitHub alone where nothing is set", async () => {
    expect(await sourcesOf("{}")).toEqual([["github", 10_000]]);
  });
});
