import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConfigurationError } from "../../src/app/app.js";
import { readShippedRunbooks } from "../../src/app/shipped-runbooks.js";
import { askedOnce, readAsked, readEvent, start } from "../../src/app/start.js";
import { whole } from "../config/samples.js";
import { blob } from "../github/answers.js";
import { shippedFiles } from "../diagnosis/support/shipped.js";
import { runnerVariables, serveTrunk, silent } from "./support.js";

const program = process.argv[1] ?? "";
/** The action finds its runbooks beside the program that runs. */
beforeEach(() => {
  process.argv[1] = new URL("../../dist/index.js", import.meta.url).pathname;
});
let close: (() => Promise<void>) | null = null;
afterEach(async () => {
  process.argv[1] = program;
  await close?.();
  close = null;
});

async function begin(trunk: Readonly<Record<string, unknown>>, payload: unknown = {}) {
  const server = await serveTrunk(trunk);
  close = () => server.close();
  const urls = { GITHUB_API_URL: server.url, GITHUB_GRAPHQL_URL: `${server.url}/graphql` };
  const app = await start(readAsked(runnerVariables(urls, payload)), silent);
  return { app, server };
}
const runbooks = (files: Readonly<Record<string, string>>) => ({
  runbooks: { entries: Object.entries(files).map(([name, text]) => ({ name, type: "blob", object: blob(text) })) },
});
const good = shippedFiles()[0]?.text ?? "";

describe("deployments of one wake-up", () => {
  const told = { deployments: [], releases: [], isCut: false, withheld: [] };
  const day = (of: number): { since: Date; releases: boolean; checks: boolean } => ({
    since: new Date(2026, 1, of),
    releases: true,
    checks: true,
  });
  function count(fails = 0) {
    const asked: string[] = [];
    const ports = askedOnce({
      deployments: { recent: async (repository) => (asked.push(`recent ${repository}`), []) },
      history: {
        since: (repository) => {
          asked.push(`since ${repository}`);
          return asked.length <= fails ? Promise.reject(new Error("down")) : Promise.resolve(told);
        },
      },
    });
    return { asked, ...ports };
  }

  it("are asked for once, by the evidence, and again only for an earlier time", async () => {
    const { asked, deployments, history } = count();
    await history.since("acme/shop", day(9));
    await history.since("acme/shop", day(10));
    await deployments.recent("acme/shop");
    expect(asked).toEqual(["since acme/shop"]);
    await history.since("acme/shop", day(8));
    await deployments.recent("acme/web");
    await deployments.recent("acme/web");
    expect(asked.slice(1)).toEqual(["since acme/shop", "recent acme/web"]);
  });

  it("are asked for anew after a failure", async () => {
    const { asked, deployments, history } = count(1);
    await expect(history.since("acme/shop", day(9))).rejects.toThrow("down");
    expect(await deployments.recent("acme/shop")).toEqual([]);
    expect(asked).toEqual(["since acme/shop", "recent acme/shop"]);
  });
});

describe("what was asked", () => {
  it("is refused in one message that names every bad input", () => {
    const wrong = { INPUT_COMMAND: "respnd", "INPUT_GITHUB-TOKEN": "", "INPUT_DRY-RUN": "maybe" };
    expect(() => readAsked(runnerVariables(wrong))).toThrow(ConfigurationError);
    for (const says of ['Did you mean "respond"?', '"github-token" is missing', '"dry-run" is'])
      expect(() => readAsked(runnerVariables(wrong))).toThrow(says);
  });

  it("is refused outside a runner, with every variable that is missing", () => {
    const bare = { INPUT_COMMAND: "sweep", "INPUT_GITHUB-TOKEN": "t" };
    for (const says of ["GITHUB_REPOSITORY", "GITHUB_RUN_ID", "run this as a step of a workflow"])
      expect(() => readAsked(bare)).toThrow(says);
  });

  it.each([
    { name: "a list", text: "3" },
    { name: "nothing", text: "null" },
  ])("is refused with an event file that holds $name", async ({ text }) => {
    const path = runnerVariables({}, text)["GITHUB_EVENT_PATH"] ?? "";
    await expect(readEvent(path)).rejects.toThrow("does not hold a JSON object");
  });
});

describe("the start", () => {
  it("opens config and runbooks with one question to GitHub", async () => {
    const { app, server } = await begin({ config: blob(whole) });
    expect([...app.config.services.keys()]).toEqual(["checkout"]);
    expect(app.runbooks.map(({ id }) => id).toSorted()).toEqual(
      shippedFiles()
        .map(({ path }) => path.slice(9, -3))
        .toSorted(),
    );
    await app.github.desk.look(null);
    expect(server.asked()).toBe(1);
    await app.github.desk.look(null);
    expect(server.asked()).toBe(2);
  });

  it("lets a runbook of the repository replace the shipped one of the same id", async () => {
    const own = good.replace(/^title: .*$/m, "title: Our own way");
    const { app } = await begin({
      config: blob(whole),
      ...runbooks({ [`${shippedFiles()[0]?.path.slice(9)}`]: own, "README.md": "# Ours" }),
    });
    expect(app.runbooks).toHaveLength(shippedFiles().length);
    expect(app.runbooks.find(({ title }) => title === "Our own way")).toBeDefined();
  });

  it("is refused without a config, and says where it belongs", async () => {
    await expect(begin({ config: null })).rejects.toThrow(
      ".github/gatehouse.yml does not exist on the branch main of acme/shop. Add it;",
    );
  });

  it("is refused with every problem of the config in one message", async () => {
    const wrong = "version: 2\nkeys: {mind: [], hands: []}\nservices: {}\nsevices: {}\n";
    const failure = await begin({ config: blob(wrong) }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigurationError);
    expect(failure).toMatchObject({ message: expect.stringContaining(".github/gatehouse.yml:1:") });
    expect(failure).toMatchObject({ message: expect.stringContaining('Did you mean "services"?') });
  });

  it("is refused with every bad runbook in one message", async () => {
    const failure = await begin({
      config: blob(whole),
      ...runbooks({ "one.md": "no front matter", "two.md": "---\nid: two\nsignals: []\n---\n" }),
    }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigurationError);
    for (const path of ["runbooks/one.md", "runbooks/two.md"])
      expect(failure).toMatchObject({ message: expect.stringContaining(path) });
  });

  it("is refused in a public repository, unless the config allows it", async () => {
    await expect(begin({ config: blob(whole), visibility: "PUBLIC" })).rejects.toThrow("set allow-public: true");
    await close?.();
    const allowed = whole.replace("allow-public: false", "allow-public: true");
    expect((await begin({ config: blob(allowed), visibility: "PUBLIC" })).app.config.allowPublic).toBe(true);
  });
});

describe("the runbooks that come with the action", () => {
  it.each(["dist/index.js", "lib/src/main.js"])("are found beside %s", async (path) => {
    process.argv[1] = new URL(`../../${path}`, import.meta.url).pathname;
    expect((await readShippedRunbooks()).map((file) => file.path)).toEqual(
      shippedFiles()
        .map((file) => file.path)
        .toSorted(),
    );
  });

  it("are found where the program was called by a link, as npx does", async () => {
    const folder = await mkdtemp(join(tmpdir(), "gatehouse-link-"));
    process.argv[1] = join(folder, "gatehouse");
    await symlink(fileURLToPath(new URL("../../bin/gatehouse.js", import.meta.url)), process.argv[1]);
    expect(await readShippedRunbooks()).toHaveLength(shippedFiles().length);
    await rm(folder, { recursive: true });
  });

  it("are missed with a message that says what to do", async () => {
    process.argv[1] = "/nowhere/at/all/index.js";
    await expect(readShippedRunbooks()).rejects.toThrow("Check out the action as a whole");
  });
});
