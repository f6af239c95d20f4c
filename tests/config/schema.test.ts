import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { drawAll } from "../../scripts/make-schemas.mjs";
import * as configSchema from "../../src/config/schema.js";
import * as runbookSchema from "../../src/diagnosis/runbook/schema.js";
import * as packCatalogue from "../../src/evidence/packs/catalogue.js";
import * as clusterMetrics from "../../src/evidence/packs/cluster-metrics.js";
import * as packMatchers from "../../src/evidence/packs/matchers.js";
import * as pack from "../../src/evidence/packs/pack.js";
import { smallest, whole, withService } from "./samples.js";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const published: object = JSON.parse(read("schema/gatehouse.schema.json"));
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
const acceptsForEditors = ajv.compile(published);

describe("what is published about the configuration", () => {
  it("is what the schemas say now", async () => {
    const sources = new Map<string, Readonly<Record<string, unknown>>>([
      ["src/config/schema.js", configSchema],
      ["src/diagnosis/runbook/schema.js", runbookSchema],
      ["src/evidence/packs/catalogue.js", packCatalogue],
      ["src/evidence/packs/cluster-metrics.js", clusterMetrics],
      ["src/evidence/packs/matchers.js", packMatchers],
      ["src/evidence/packs/pack.js", pack],
    ]);
    const drawn = await drawAll((path) => Promise.resolve(sources.get(path) ?? {}), read);
    expect(Object.keys(drawn)).toEqual([
      "schema/gatehouse.schema.json",
      "schema/runbook.schema.json",
      "docs/configuration.md",
      "docs/query-packs.md",
    ]);
    for (const [path, text] of Object.entries(drawn)) expect({ path, text: read(path) }).toEqual({ path, text });
  });

  it("describes every key", () => {
    const undescribed: string[] = [];
    const walk = (schema: unknown, path: string) => {
      if (typeof schema !== "object" || schema === null) return;
      const { properties = {}, ...rest } = schema as { properties?: Record<string, object> };
      for (const [key, child] of Object.entries(properties)) {
        if (!("description" in child) && !/^P\d$/.test(key)) undescribed.push(`${path}.${key}`);
        walk(child, `${path}.${key}`);
      }
      for (const [key, child] of Object.entries(rest)) walk(child, `${path}/${key}`);
    };
    walk(published, "");
    expect(undescribed).toEqual([]);
  });

  it.each([
    ["the smallest file", smallest, true],
    ["the whole example", whole, true],
    ["a service with defaults", withService(), true],
    ["a target with its action's settings", withService("targets: {a: {action: manual, anything: 1}}"), true],
    ["an empty section", `${smallest}gate: {}\n`, true],
    ["one severity of four", `${smallest}diagnosis: {confidence: {P0: 1}}\n`, true],
    ["no GitHub source", `${smallest}sources: {github: null}\n`, true],
    ["an unknown key", `${smallest}colour: red\n`, false],
    ["an unknown key of a section", `${smallest}gate: {colour: red}\n`, false],
    ["no version", smallest.replace("version: 1\n", ""), false],
    ["another version", smallest.replace("1", "2"), false],
    ["no keys", smallest.replace(/keys.*\n/, ""), false],
    ["a key that is none", smallest.replace("mind: []", "mind: [{id: a, public: abc}]"), false],
    ["an unknown mode", withService("mode: atc"), false],
    ["no owners", withService("owners: []"), false],
    ["a repository without its owner", withService("repository: shop"), false],
    ["an unknown source", withService("signals: {a: {source: x, query: y}}"), false],
    ["a pack with the labels of the service", withService("packs: {istio: {destination_workload: checkout}}"), true],
    ["an unknown pack", withService("packs: {istoi: {destination_workload: checkout}}"), false],
    ["a pack without labels", withService("packs: {istio: {}}"), false],
    ["a pack with a label that cannot be one", withService("packs: {istio: {destination-workload: checkout}}"), false],
    ["a pack with the metric's name as a label", withService("packs: {jvm: {__name__: up}}"), false],
    ["a pack with a number as a label", withService("packs: {jvm: {job: 1}}"), false],
    ["an unknown family of metrics", `${smallest}sources: {kubernetes: {metrics: [falco]}}\n`, false],
    ["a target without action", withService("targets: {a: {workflow: x}}"), false],
    ["a duration in words", `${smallest}remediation: {soak: 2 minutes}\n`, false],
    ["a number out of bounds", `${smallest}diagnosis: {attempts: 6}\n`, false],
    ["half an attempt", `${smallest}diagnosis: {attempts: 1.5}\n`, false],
    ["a gate of a later version", `${smallest}gate: {kind: both}\n`, false],
    ["approval without a person", `${smallest}gate: {auto: {}}\n`, false],
    ["a channel of a later version", `${smallest}pager: {channels: [{kind: slack}]}\n`, false],
    ["a channel with the other kind's key", `${smallest}pager: {channels: [{kind: github, url-env: A}]}\n`, false],
    ["a secret in place of its name", `${smallest}pager: {channels: [{kind: webhook, url-env: 'https://x'}]}\n`, false],
    ["credentials in an address", `${smallest}sources: {loki: {url: 'http://a:b@c'}}\n`, false],
    ["a freeze without a zone", `${smallest}remediation: {freeze: [{from: 2026-12-24, until: 2026-12-25, why: x}]}\n`, false],
  ])("says the same as the parser about %s", (_, text, expected) => {
    const value: unknown = parse(text);
    expect({ editor: acceptsForEditors(value), parser: configSchema.ConfigFile.safeParse(value).success }).toEqual({
      editor: expected,
      parser: expected,
    });
  });
});

describe("what is published about runbooks", () => {
  const accepts = ajv.compile(JSON.parse(read("schema/runbook.schema.json")) as object);
  const frontMatters = readdirSync(new URL("../../runbooks", import.meta.url)).flatMap((file) => {
    const text = /^---\n([\s\S]*?)\n---\n/.exec(file.endsWith(".md") ? read(`runbooks/${file}`) : "")?.[1];
    return text === undefined ? [] : [{ file, text }];
  });

  it.each(frontMatters)("accepts $file", ({ text }) => {
    accepts(parse(text));
    expect(accepts.errors ?? []).toEqual([]);
  });

  it.each(frontMatters)("refuses $file with a key that is not known", ({ text }) => {
    const value: unknown = parse(`${text}\ncolour: red\n`);
    expect({ editor: accepts(value), parser: runbookSchema.RunbookFile.safeParse(value).success }).toEqual({
      editor: false,
      parser: false,
    });
  });
});

describe("docs/configuration.md", () => {
  const page = read("docs/configuration.md");

  it("shows an example that the parser accepts", () => {
    const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
    const result = configSchema.ConfigFile.safeParse(parse(example));
    expect(result.error?.issues ?? []).toEqual([]);
  });

  it("names exactly the keys of the schema", () => {
    const documented = [...page.matchAll(/^\| `([\w-]+)` \|/gm)].map((match) => match[1] ?? "");
    expect(new Set(documented)).toEqual(new Set(keysOf(published)));
  });
});

function keysOf(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const own = "properties" in schema && typeof schema.properties === "object" ? Object.keys(schema.properties ?? {}) : [];
  return [...own, ...Object.values(schema).flatMap(keysOf)];
}
