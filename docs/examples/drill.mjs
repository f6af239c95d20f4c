/**
 * A fire drill in the lab: break the shop, send the alert, reject the first plan, and see that nothing was touched.
 * Run it from the folder of the checkout after `npm ci`: node docs/examples/drill.mjs
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

const lab = spawn(process.execPath, ["bin/gatehouse.js", "lab", "--json", "--fast"], { stdio: ["ignore", "pipe", "inherit"] });
try {
  const address = JSON.parse(await firstLine(lab.stdout));
  const repository = `${address.api_url}/repos/${address.owner}/${address.repo}`;
  const github = (method, path, as, body) => ask(method, `${repository}${path}`, body, address.tokens[as]);
  const control = (method, path, body) => ask(method, `${address.control_url}${path}`, body);

  await control("POST", "/world/deploy", { version: "bad" });
  await until("the shop fails", async () => (await control("GET", "/world")).error_rate > 0.2);

  const raw = JSON.parse(readFileSync("lab/world/alerts/firing.json", "utf8"));
  raw.alerts[0].startsAt = new Date().toISOString();
  const client_payload = { version: 1, monitor: "alertmanager", raw };
  await github("POST", "/dispatches", "maintain", { event_type: "alert", client_payload });

  const labels = async () => (await github("GET", "/issues/1", "read")).labels?.map(({ name }) => name) ?? [];
  await until("a plan waits", async () => (await labels()).includes("phase:awaiting-approval"));

  await github("POST", "/issues/1/comments", "triage", { body: "/reject we are in the middle of a migration" });
  await until("people have it", async () => (await labels()).includes("phase:escalated"));

  const { effects } = await control("GET", "/world");
  const { requests } = await control("GET", "/requests");
  const invalid = requests.filter(({ valid }) => !valid).length;
  say(`effects in the world: ${effects.map(({ kind }) => kind).join(", ")}; requests GitHub would refuse: ${invalid}`);
} finally {
  lab.kill("SIGTERM");
}

async function ask(method, url, body, token) {
  const headers = { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const answer = await fetch(url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  const text = await answer.text();
  return text === "" ? null : JSON.parse(text);
}

async function until(what, isSo) {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(500)) if (await isSo()) return say(what);
  throw new Error(`After a minute still not so: ${what}.`);
}

function firstLine(stream) {
  return new Promise((done) => createInterface({ input: stream }).once("line", done));
}

function say(text) {
  process.stdout.write(`${text}\n`);
}
