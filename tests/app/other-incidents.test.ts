import { afterEach, describe, expect, it } from "vitest";
import { createSources } from "../../src/app/sources.js";
import { readAsked, start } from "../../src/app/start.js";
import { whole } from "../config/samples.js";
import { blob } from "../github/answers.js";
import { runnerVariables, serveTrunk, silent } from "./support.js";

let close: (() => Promise<void>) | null = null;
const program = process.argv[1] ?? "";
afterEach(async () => {
  process.argv[1] = program;
  await close?.();
  close = null;
});

/** The action finds its runbooks beside the program that runs. */
async function begin(trunk: Readonly<Record<string, unknown>>, config = whole) {
  process.argv[1] = new URL("../../dist/index.js", import.meta.url).pathname;
  const server = await serveTrunk({ config: blob(config), ...trunk });
  close = () => server.close();
  const urls = { GITHUB_API_URL: server.url, GITHUB_GRAPHQL_URL: `${server.url}/graphql` };
  const respond = { INPUT_COMMAND: "respond", INPUT_INCIDENT: "3" };
  const app = await start(readAsked(runnerVariables({ ...urls, ...respond })), silent);
  const sources = await createSources(app);
  return { names: sources.map(({ name }) => name), asked: server.asked() };
}
const open = (number: number): unknown => ({
  number,
  title: "P1 payments-db: it fails since 03:00 UTC",
  createdAt: "2026-03-02T03:00:00Z",
  url: `https://github.com/acme/shop/issues/${number}`,
  author: { kind: "Bot", login: "github-actions" },
});

describe("what other incidents tell", () => {
  it.each([
    { name: "nothing is set up for where there are none", trunk: { openIncidents: { nodes: [open(3)] } }, expected: [] },
    { name: "other open incidents", trunk: { openIncidents: { nodes: [open(4), open(3)] } }, expected: ["incidents"] },
    { name: "post-mortems, where there is an index", trunk: { index: blob("# Post-mortems") }, expected: ["postmortems"] },
  ])("$name, with the look at the repository alone", async ({ trunk, expected }) => {
    const { names, asked } = await begin(trunk);
    expect(names.filter((name) => name === "incidents" || name === "postmortems")).toEqual(expected);
    expect(asked).toBe(1);
  });

  it("is left out where the config says so", async () => {
    const config = whole.replace(/^sources:$/m, "sources:\n  postmortems: false").replace(/^ {2}github: .*$/m, "  github: null");
    const { names } = await begin({ openIncidents: { nodes: [open(4)] }, index: blob("# Post-mortems") }, config);
    expect(names).not.toContain("incidents");
    expect(names).not.toContain("postmortems");
    expect(names).not.toContain("github");
  });
});
