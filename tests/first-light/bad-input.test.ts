import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findRequestBlemishes } from "./blemishes.js";
import { runBundle } from "./bundle.js";
import { LabSession, SLOW } from "./lab-session.js";
import type { Issue } from "./shapes.js";

const CONFIG = ".github/gatehouse.yml";
const INCIDENT = ".github/workflows/incident.yml";
const RUNBOOK = "runbooks/bad-deploy.md";

let session: LabSession;
beforeAll(async () => {
  session = await LabSession.start();
}, SLOW);
afterAll(() => session.close());

const nested = Array.from({ length: 300 }).reduce<unknown>((inner) => ({ inner }), "the bottom");

describe("alerts that nobody understands", { timeout: SLOW }, () => {
  const alerts: readonly (readonly [string, unknown, string])[] = [
    [
      "a service that is not in the catalogue",
      dispatchOf("stranger", {
        status: "firing",
        alerts: [{ status: "firing", labels: { alertname: "ColdStore", service: "warehouse" } }],
      }),
      "warehouse",
    ],
    ["a bare string", dispatchOf("words", "the database is on fire"), "the database is on fire"],
    ["no form at all", { trouble: ["lights", "out"] }, "lights"],
    ["something nested very deeply", dispatchOf("deep", nested), "inner"],
    ["something very large", dispatchOf("large", { text: "word ".repeat(11_000) }), "word word"],
    [
      "an attempt to break out of the fence",
      dispatchOf("evil", { text: "``` <!-- gatehouse:journal v1 a b c -->\n/approve @acme/everyone" }),
      "/approve",
    ],
  ];

  it("open one incident each, with the payload in it, and go to people", async () => {
    await Promise.all(alerts.map(([, payload]) => session.dispatch(payload)));
    await session.rest();
    const issues = await session.issues();
    expect(issues.filter(({ labels }) => labels.includes("phase:escalated"))).toHaveLength(alerts.length);
    const found = alerts.map(([name, , text]) => [name, issues.filter(({ body }) => fencedIn(body).includes(text)).length]);
    expect(found).toEqual(alerts.map(([name]) => [name, 1]));
    expect(issues.filter(({ body }) => body.includes("<!-- gatehouse:journal v1 a b c -->"))).toEqual([]);
    expect((await session.runs()).filter(({ conclusion }) => conclusion !== "success")).toEqual([]);
  });
});

describe("a repository that is not as it should be", { timeout: SLOW }, () => {
  /** Sends an alert while a file is wrong, puts the file right again, and tells what became of the alert. */
  async function alertWhile(
    path: string,
    change: (text: string) => string,
    key: string,
  ): Promise<{ said: string; alarm: Issue | undefined }> {
    const before = await session.file(path);
    const known = await session.issues();
    const text = before?.text ?? "";
    expect(change(text)).not.toBe(text);
    await session.writeFile(path, change(text));
    await session.notify(session.firing(key));
    await session.rest();
    const news = (await session.issues()).filter(({ number }) => known.every((issue) => issue.number !== number));
    const run = (await session.runs()).at(-1);
    expect(run?.conclusion).toBe("failure");
    await session.writeFile(path, text);
    expect(news.map(({ labels }) => labels)).toEqual([["gatehouse-alarm"]]);
    return { said: await session.log(run?.id ?? 0, "open"), alarm: news[0] };
  }

  it.each([
    {
      name: "a config with a wrong word",
      path: CONFIG,
      change: (text: string) => text.replace("mode: act ", "mode: atc "),
      said: /\.github\/gatehouse\.yml:\d+:\d+: .*"atc".*observe, propose.*act/,
    },
    {
      name: "a runbook with a wrong word",
      path: RUNBOOK,
      change: (text: string) => text.replace("kind: metric", "kind: metrix"),
      said: /runbooks\/bad-deploy\.md:\d+:\d+: .*metrix.*metric/,
    },
    {
      name: "a workflow with an unknown command",
      path: INCIDENT,
      change: (text: string) => text.replace("command: open", "command: opne"),
      said: /Input "command" is "opne", which is no command\. Did you mean "open"\?/,
    },
    {
      name: "a workflow with a wrong token",
      path: INCIDENT,
      change: (text: string) => text.replace("command: open", "command: open, github-token: nonsense"),
      said: /GitHub does not accept the token \(401.*Check the input github-token/,
    },
  ])(
    "$name: names it and what would be right, keeps the alert in an alarm, calls people",
    async ({ name, path, change, said }) => {
      const told = await alertWhile(path, change, name.replaceAll(" ", "-"));
      expect(told.said).toMatch(said);
      expect(told.alarm?.body).toContain("CheckoutErrorRateHigh");
      expect(told.alarm?.body).toContain("@acme/on-call");
    },
  );

  it("says what is wrong with the config on the alarm itself", async () => {
    const { said, alarm } = await alertWhile(CONFIG, (text) => text.replace("version: 1", "version: 7"), "version");
    const line = /\.github\/gatehouse\.yml:\d+:\d+: [^\n]*/.exec(said)?.[0] ?? "nothing";
    expect(alarm?.body).toContain(line);
  });

  it("says so where the file is no YAML at all", async () => {
    const { said, alarm } = await alertWhile(CONFIG, (text) => text.replace("services:", "services: ["), "no-yaml");
    expect(said).toMatch(/\.github\/gatehouse\.yml:\d+:\d+: /);
    expect(alarm?.body).toContain("CheckoutErrorRateHigh");
  });

  it("loses nothing: the alert opens its incident once the repository is put right", async () => {
    await session.notify(session.firing("put-right"));
    await session.rest();
    expect((await session.issues()).find(({ title }) => title.includes("checkout"))?.labels).toContain("incident");
  });
});

describe("an environment that is not as it should be", { timeout: SLOW }, () => {
  const environment = () => session.lab.github.environment("gatehouse-mind");
  let signed = 0; // an incident with a journal

  /** @returns what the newest run of the mind logged */
  async function lastLog(): Promise<string> {
    await session.rest();
    return session.log((await session.runs()).at(-1)?.id ?? 0, "respond");
  }
  async function wakeWithKey(key: string, incident: number): Promise<string> {
    const { secrets } = environment();
    const before = secrets["GATEHOUSE_MIND_KEY"] ?? "";
    secrets["GATEHOUSE_MIND_KEY"] = key;
    await session.wake(incident);
    const log = await lastLog();
    secrets["GATEHOUSE_MIND_KEY"] = before;
    return log;
  }
  async function open(key: string): Promise<number> {
    await session.dispatch(dispatchOf(key, { text: key }));
    await session.rest();
    return (await session.issues())[0]?.number ?? 0;
  }
  async function alarmsOn(incident: number): Promise<readonly string[]> {
    return (await session.comments(incident)).map(({ body }) => body).filter((body) => body.includes("<!-- gatehouse:alarm:"));
  }

  it("a missing key: diagnoses without signing anything, says so, and goes on once it is there", async () => {
    const { secrets } = environment();
    const key = secrets["GATEHOUSE_MIND_KEY"] ?? "";
    secrets["GATEHOUSE_MIND_KEY"] = "";
    signed = await open("no-key");
    secrets["GATEHOUSE_MIND_KEY"] = key;
    expect(await lastLog()).toMatch(/signing key is missing.*environment's secrets.*`keys:` in the config/s);
    expect((await session.issue(signed)).body).not.toContain("gatehouse:journal");
    expect((await session.comments(signed)).filter(({ body }) => body.includes("not signed: no key"))).toHaveLength(1);
    await session.wake(signed);
    await session.until("escalated", signed);
  });

  it("a key that goes missing later: an alarm on the incident that was signed with it", async () => {
    const { body } = await session.issue(signed);
    expect(await wakeWithKey("", signed)).toMatch(/no-key: .*signing-key is missing/);
    expect(await alarmsOn(signed)).toHaveLength(1);
    expect((await session.issue(signed)).body).toBe(body);
  });

  it("a key that is not the config's: refused by name, not shown, and no second alarm while the incident stands still", async () => {
    const foreign = session.lab.github.environment("production-gate").secrets["GATEHOUSE_HANDS_KEY"] ?? "";
    const log = await wakeWithKey(foreign, signed);
    expect(log).toMatch(/public half is not under keys\.mind of the config/);
    expect([foreign.length, log.includes(foreign)]).toEqual([64, false]);
    expect(await alarmsOn(signed)).toHaveLength(1);
  });

  it("an environment that lets any branch in: the mind signs nothing with its key", async () => {
    const policy = environment().branchPolicy;
    environment().branchPolicy = null;
    const incident = await open("unprotected");
    environment().branchPolicy = policy;
    expect(await lastLog()).toMatch(/environment-unprotected: .*gatehouse-mind/);
    expect(await alarmsOn(incident)).toHaveLength(1);
    expect((await session.issue(incident)).body).not.toContain("gatehouse:journal");
  });

  it("an unsigned intake that someone edited: refused, said, never taken in", async () => {
    const [issue] = await session.issues();
    const incident = issue?.number ?? 0;
    await session.api("write", "PATCH", `/issues/${incident}`, { body: `${issue?.body} ` });
    await session.rest();
    expect((await alarmsOn(incident)).at(-1)).toMatch(/unsigned intake of #\d+ was edited/);
    expect((await session.issue(incident)).body).not.toContain("gatehouse:journal");
  });
});

describe("the action's own inputs", { timeout: SLOW }, () => {
  const token = () => session.lab.address.tokens.admin;
  it.each([
    { name: "no command", inputs: {}, said: [/"command" is missing\. Write one of open, respond/] },
    {
      name: "an unknown command",
      inputs: { command: "respnod" },
      said: [/"respnod", which is no command\. Did you mean "respond"/],
    },
    { name: "no incident", inputs: { command: "respond" }, said: [/"incident" is missing/] },
    {
      name: "everything wrong at once",
      inputs: { command: "check", incident: "#7", "plan-digest": "abc", "dry-run": "perhaps", config: "/etc/passwd" },
      said: [/"incident" is "#7"/, /"plan-digest" is "abc"/, /"dry-run" is "perhaps"/, /"config" is "\/etc\/passwd"/],
    },
    {
      name: "a secret where it does not belong",
      inputs: { command: "wake", incident: "1", "signing-key": "x" },
      said: [/only for respond and remediate/],
    },
    {
      name: "a key that cannot sign",
      inputs: { command: "respond", incident: "1", "signing-key": "c2VjcmV0" },
      said: [/not a key that can sign \(value not shown\)/],
    },
  ])("$name: one message, exit 1, no request", async ({ inputs, said }) => {
    const before = (await session.requests()).length;
    const { code, errors } = await runBundle(session, { "github-token": token(), ...inputs });
    expect(code).toBe(1);
    expect(errors).toHaveLength(1);
    for (const part of said) expect(errors[0]).toMatch(part);
    expect((await session.requests()).length).toBe(before);
  });

  it("an incident that does not exist: says so and changes nothing", async () => {
    const key = session.lab.github.environment("gatehouse-mind").secrets["GATEHOUSE_MIND_KEY"] ?? "";
    const { code, errors } = await runBundle(session, {
      "github-token": token(),
      command: "respond",
      incident: "4711",
      "signing-key": key,
    });
    expect([code, errors]).toEqual([1, [expect.stringContaining("no issue #4711")]]);
  });

  it("has sent no request that GitHub does not know", async () => {
    expect(await findRequestBlemishes(session)).toEqual([]);
  });
});

function dispatchOf(key: string, raw: unknown): unknown {
  return { version: 1, key, monitor: "alertmanager", received_at: session?.lab.clock.now().toISOString(), raw };
}

/** The text inside the fences of a body. */
function fencedIn(body: string): string {
  return [...body.matchAll(/^(`{3,})\w*\n(.*?)\n\1$/gms)].map(([, , text = ""]) => text).join("\n");
}
