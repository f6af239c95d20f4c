import { execFile } from "node:child_process";
import { createPublicKey, createPrivateKey } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { type Lab, startLab } from "../../lab/lab.js";
import { writePlainRoot } from "./lab-root.js";

let lab: Lab;
const folder = mkdtempSync(join(tmpdir(), "lab-test-"));
beforeAll(async () => {
  lab = await startLab({ fast: true, root: writePlainRoot(join(folder, "root")) });
});
afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true });
});

const Deployments = z.array(z.object({ ref: z.string(), environment: z.string(), created_at: z.string(), payload: z.unknown() }));

// Never the synchronous kind: the server that git talks to lives in this process.
const run = promisify(execFile);

async function api(path: string, seat: keyof Lab["address"]["tokens"] = "read"): Promise<{ status: number; body: unknown }> {
  const { api_url, owner, repo, tokens } = lab.address;
  const response = await fetch(`${api_url}/repos/${owner}/${repo}${path}`, {
    headers: { authorization: `Bearer ${tokens[seat]}` },
  });
  return { status: response.status, body: await response.json() };
}

async function control(method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> {
  const response = await fetch(lab.address.control_url + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

async function world() {
  const { text } = await control("GET", "/world");
  return z
    .object({
      release: z.string(),
      version: z.string(),
      error_rate: z.number(),
      effects: z.array(z.object({ kind: z.string() })),
    })
    .parse(JSON.parse(text));
}

/** On a busy machine an order now and then comes too late. */
const healthy = 0.02;

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error("it did not come true within 15 s");
    await sleep(50);
  }
}

it("begins with the healthy release live, customers served and its deployment history", async () => {
  await until(async () => (await world()).error_rate < healthy);
  expect(await world()).toMatchObject({ release: "v1.4.2", version: "good", effects: [] });
  const { body } = await api("/deployments");
  const [last, before] = Deployments.parse(body);
  expect([last?.ref, before?.ref]).toEqual(["v1.4.2", "v1.4.1"]);
  const ageHours = (lab.clock.now().getTime() - Date.parse(last?.created_at ?? "")) / 3_600_000;
  expect(ageHours).toBeCloseTo(47, 1);
});

it("keeps the repository private and gives each seat its role", async () => {
  expect((await api("", "outsider")).status).toBe(404);
  const { body } = await api("/collaborators/jonas-weber/permission", "admin");
  expect(body).toMatchObject({ role_name: "maintain" });
});

it("puts the private halves of fresh keys into environments and the public ones into the config", async () => {
  const mind = lab.github.environment("gatehouse-mind").secrets["GATEHOUSE_MIND_KEY"] ?? "";
  const derived = createPublicKey(createPrivateKey({ key: Buffer.from(mind, "base64"), format: "der", type: "pkcs8" }));
  expect(derived.export({ type: "spki", format: "der" }).toString("base64")).toBe(lab.publicKeys.mind);

  const clone = join(folder, "clone");
  const url = lab.address.git_url.replace("http://", `http://x:${lab.address.tokens.read}@`);
  await run("git", ["clone", "--quiet", url, clone]);
  const config = readFileSync(join(clone, ".github", "gatehouse.yml"), "utf8");
  expect(config).toContain(lab.publicKeys.mind);
  expect(config).toContain(lab.publicKeys.hands);
  expect(readFileSync(join(clone, "runbooks", "example.md"), "utf8")).toBe("# Example\n");
});

it("really deploys: the bad release makes orders fail, the good one heals, and no job is told which is which", {
  timeout: 45_000,
}, async () => {
  const { status, text } = await control("POST", "/world/deploy", { version: "bad" });
  expect(status).toBe(202);
  const { run_id } = z.object({ run_id: z.number() }).parse(JSON.parse(text));
  await lab.engine.idle();
  const deployment = lab.github.runs.find((candidate) => candidate.id === run_id);
  expect([deployment?.conclusion, deployment?.jobs[0]?.log]).toEqual(["success", expect.not.stringMatching(/\b(good|bad)\b/)]);
  await until(async () => (await world()).error_rate > 0.1);

  await control("POST", "/world/deploy", { version: "good" });
  await lab.engine.idle();
  await until(async () => (await world()).error_rate < healthy);
  expect((await world()).effects.map(({ kind }) => kind)).toEqual(["deploy v1.5.0", "deploy v1.4.2"]);
  expect(Deployments.parse((await api("/deployments")).body).map(({ ref }) => ref)).toEqual([
    "v1.4.2",
    "v1.5.0",
    "v1.4.2",
    "v1.4.1",
  ]);
  expect(lab.github.validation.problems).toEqual([]);

  const log = await control("GET", `/runs/${run_id}/jobs/deploy/log`);
  expect(log.text).toContain("VERSION");
  expect(log.text).not.toContain(lab.world.hostToken);
});

it("moves one clock for everything and starts what fell due", async () => {
  const before = lab.clock.now().getTime();
  const { text } = await control("POST", "/clock", { advance_seconds: 3600 });
  const { now, started } = z.object({ now: z.string(), started: z.array(z.number()) }).parse(JSON.parse(text));
  expect(Date.parse(now) - before).toBeGreaterThanOrEqual(3_600_000);
  expect(started).toHaveLength(1);
  await lab.engine.idle();
  const runs = JSON.parse((await control("GET", "/runs")).text) as {
    runs: { id: number; workflow: string; jobs: { ms: number }[] }[];
  };
  const sweep = runs.runs.find(({ id }) => id === started[0]);
  expect(sweep).toMatchObject({ workflow: "sweep", jobs: [{ name: "only", status: "completed", conclusion: "success" }] });
  expect(sweep?.jobs[0]?.ms).toBeLessThan(60_000);
});

it("refuses to rewrite or delete reservation tags", async () => {
  const cwd = mkdtempSync(join(folder, "tags-"));
  const url = lab.address.git_url.replace("http://", `http://x:${lab.address.tokens.write}@`);
  const git = (...args: string[]) => run("git", args, { cwd });
  await git("clone", "--quiet", url, ".");
  await git("tag", "gatehouse/plan/1/abc/1");
  await git("push", "--quiet", "origin", "gatehouse/plan/1/abc/1");
  await git("tag", "--force", "gatehouse/plan/1/abc/1", "HEAD~1");
  await expect(git("push", "--force", "origin", "gatehouse/plan/1/abc/1")).rejects.toThrow();
  await expect(git("push", "--delete", "origin", "gatehouse/plan/1/abc/1")).rejects.toThrow();
});
