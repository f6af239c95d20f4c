import { describe, expect, it } from "vitest";
import { createSources } from "../../src/app/sources.js";
import { parseConfig } from "../../src/config/parse.js";
import { timeoutOf } from "../../src/evidence/timed-source.js";
import { asFile, smallest } from "../config/samples.js";
import type { Trunk } from "../../src/ports.js";
import { aRunner } from "./support.js";

const TRUNK: Trunk = {
  repositoryId: 1,
  fullName: "acme/shop",
  visibility: "private",
  defaultBranch: "main",
  head: "a".repeat(40),
  config: null,
  runbooks: [],
  tagRulesets: [],
  postmortemIndex: null,
};

async function sourcesOf(section: string): Promise<readonly (readonly [string, number])[]> {
  const parsed = parseConfig(asFile(`${smallest}sources: ${section}\n`));
  if (!parsed.ok) throw new Error(parsed.message);
  const clock = { now: () => new Date("2026-11-20T04:41:00Z"), sleep: () => Promise.resolve() };
  const notAsked = (): Promise<never> => Promise.reject(new Error("not asked"));
  const environment = { workspace: "/nowhere", serverUrl: "https://github.com" };
  const sources = await createSources({
    ...aRunner(),
    config: parsed.config,
    history: { since: notAsked },
    github: { clock, changes: { compare: notAsked, filesOf: notAsked }, postmortems: { read: notAsked } },
    environment,
    inputs: { incident: null },
    snapshot: { at: clock.now(), trunk: TRUNK, issue: null, comments: [], openIncidents: [] },
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
