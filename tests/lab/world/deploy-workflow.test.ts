import { execFile, execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { createHostAgent } from "../../../lab/world/host-agent.js";
import { type Listening, listen } from "../../../lab/world/servers.js";
import { offsetClock, seededRepository, temporaryFolder } from "./support.js";

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const run = promisify(execFile);
const asked: string[] = [];
const api = new Hono();
const live: string[] = [];
const servers: Listening[] = [];
let repository: string;
const shop = {
  frontDoorUrl: "",
  switchTo: async (version: string, folder: string) => {
    const { size } = JSON.parse(readFileSync(join(folder, "config", "pool.json"), "utf8")) as { size: number };
    live.push(`${version} with a pool of ${size}`);
  },
  live: () => null,
  stop: async () => undefined,
};

api.post("/repos/acme/shop/deployments", async (context) => {
  asked.push(`${context.req.header("authorization")} deployment ${JSON.stringify(await context.req.json())}`);
  return context.json({ id: 42 }, 201);
});
api.post("/repos/acme/shop/deployments/42/statuses", async (context) => {
  asked.push(JSON.stringify(await context.req.json()));
  return context.json({ id: 1 }, 201);
});

beforeAll(async () => {
  repository = await seededRepository();
  const agent = createHostAgent({
    shop,
    clock: offsetClock(),
    token: "host-token",
    folder: temporaryFolder(),
    onEffect: () => undefined,
  });
  servers.push(await listen(api), await listen(agent));
});
afterAll(() => Promise.all(servers.map((server) => server.close())));

/** Runs the scripts of deploy.yml as a runner would, up to the first that fails; then those for a failure. */
async function runDeploy(version: string, hostToken: string): Promise<"success" | "failure"> {
  const [folder, temporary] = [temporaryFolder(), temporaryFolder()];
  execFileSync("git", ["-c", "advice.detachedHead=false", "clone", "--quiet", "--branch", "v1.4.2", repository, folder]);
  const workflow = parse(readFileSync(join(folder, ".github/workflows/deploy.yml"), "utf8")) as {
    jobs: { deploy: { steps: Step[] } };
  };
  const output = join(temporary, "output");
  writeFileSync(output, "");
  const values: Record<string, string> = {
    "${{ github.token }}": "job-token",
    "${{ vars.SHOP_HOST_URL }}": servers[1]?.url ?? "",
    "${{ secrets.SHOP_HOST_TOKEN }}": hostToken,
  };
  const variables = {
    PATH: process.env["PATH"],
    SERVICE: "checkout",
    VERSION: version,
    RUNNER_TEMP: temporary,
    GITHUB_OUTPUT: output,
  };
  const github = { GITHUB_API_URL: servers[0]?.url, GITHUB_REPOSITORY: "acme/shop" };

  let failed = false;
  for (const step of workflow.jobs.deploy.steps.filter((each) => each.run !== undefined)) {
    const deployment = /^id=(.*)$/m.exec(readFileSync(output, "utf8"))?.[1] ?? "";
    const isDue = step.if === undefined ? !failed : failed && deployment !== ""; // its only condition
    if (!isDue) continue;
    values["${{ steps.deployment.outputs.id }}"] = deployment;
    const own = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, values[value]]));
    const env = { ...variables, ...github, ...own };
    await run("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run ?? ""], { cwd: folder, env }).catch(
      () => (failed = true),
    );
  }
  return failed ? "failure" : "success";
}

describe("deploy.yml", () => {
  it("makes a deployment of the tag, uploads the tag's files and reports success", async () => {
    expect(await runDeploy("v1.4.2", "host-token")).toBe("success");
    expect(live).toEqual(["v1.4.2 with a pool of 50"]);
    expect(asked.splice(0)).toEqual([
      'Bearer job-token deployment {"ref":"v1.4.2","environment":"production","auto_merge":false,"required_contexts":[],"payload":{"service":"checkout"}}',
      '{"state":"in_progress"}',
      '{"state":"success"}',
    ]);
  });

  it("reports a failure when the host refuses", async () => {
    expect(await runDeploy("v1.4.2", "wrong")).toBe("failure");
    expect(asked.splice(0).at(-1)).toBe('{"state":"failure"}');
  });

  it("touches nothing when the version is not a tag", async () => {
    expect(await runDeploy('v1.4.2"; curl example.test', "host-token")).toBe("failure");
    expect(asked).toEqual([]);
  });
});
