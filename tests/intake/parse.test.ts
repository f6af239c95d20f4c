import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Alert } from "../../src/incident/facts.js";
import { NOTE, RAW } from "../../src/intake/draft-alert.js";
import { decodeIntakeBlock, encodeIntakeBlock, MAX_INTAKE_BLOCK, type Intake } from "../../src/intake/intake.js";
import { parseDispatch } from "../../src/intake/parse.js";
import { newbornTitle, renderNewborn } from "../../src/render/newborn.js";
import { NOON, configOf, service } from "./fakes.js";
import { alertmanager, captured, dispatch } from "./payloads.js";

const config = configOf(service("checkout"), service("search"));

function parse(payload: unknown): Intake[] {
  return parseDispatch(payload, config, NOON);
}
function only(payload: unknown): Intake["alerts"][0] {
  const [first, ...others] = parse(payload);
  expect(others).toEqual([]);
  if (!first) throw new Error("Nothing was taken in.");
  return first.alerts[0];
}

describe("Alertmanager", () => {
  it("as captured becomes our normal form", () => {
    expect(only(dispatch(captured("firing")))).toEqual({
      monitor: "alertmanager",
      id: "76a3e0ae99a65d7a",
      fingerprint: "76a3e0ae99a65d7a",
      name: { outside: "CheckoutErrorRateHigh" },
      service: "checkout",
      severity: "P1",
      state: "firing",
      startedAt: new Date("2026-11-20T04:40:00.189Z"),
      endedAt: null,
      summary: { outside: "Checkout error rate is 37%" },
      labels: expect.objectContaining({ job: { outside: "shop" }, team: { outside: "payments" } }),
      annotations: expect.objectContaining({ description: { outside: "127.0.0.1:9191 of shop above 5%" } }),
      links: [
        "https://example.test/runbooks/checkout.md",
        "http://monitor:9192/graph?g0.expr=shop_error_rate%7Bservice%3D%22checkout%22%7D+%3E+0.05&g0.tab=1",
        "http://monitor:9193/",
      ],
      value: null,
      threshold: null,
    });
  });

  it("of a group keeps every alert, those that fire first", () => {
    const [intake] = parse(dispatch(captured("group-mixed")));
    expect(intake?.alerts.map(({ state, fingerprint }) => [state, fingerprint])).toEqual([
      ["firing", "76dbd7705948ec5d"],
      ["resolved", "f7f7d738c1a14fbc"],
    ]);
  });

  it.each(["amtool", "resolved", "group-firing"] as const)("%s is understood", (name) => {
    expect(only(dispatch(captured(name))).annotations[RAW]).toBeUndefined();
  });

  it("with a start that is no date is taken as starting when it was received, and says so", () => {
    const alert = only(dispatch(alertmanager({ service: "checkout", startsAt: "yesterday-ish" })));
    expect(alert.startedAt).toEqual(new Date("2026-11-20T11:59:30Z"));
    expect(alert.annotations[NOTE]?.outside).toContain('"yesterday-ish" is not a usable date');
  });

  it("is recognised under any monitor's name", () => {
    expect(only(dispatch(captured("firing"), { monitor: "my-own" })).fingerprint).toBe("76a3e0ae99a65d7a");
  });
});

describe("several services", () => {
  const payload = dispatch(alertmanager({ service: "checkout" }, { service: "search" }, { service: "nobody" }), { key: "k" });

  it("are several intakes, each with a key of its own that is the same next time", () => {
    expect(parse(payload).map(({ key, alerts }) => [key, alerts[0].service])).toEqual([
      ["k/checkout", "checkout"],
      ["k/search", "search"],
      ["k/-", null],
    ]);
    expect(parse(payload)).toEqual(parse(payload));
  });
});

describe("the key", () => {
  it("defaults to the payload's hash, whatever the order of its members", () => {
    const [one] = parse(dispatch({ a: 1, b: 2 }));
    const [other] = parse(dispatch({ b: 2, a: 1 }));
    expect(one?.key).toMatch(/^[0-9a-f]{64}$/);
    expect(other?.key).toBe(one?.key);
    expect(parse(dispatch({ a: 1, b: 3 }))[0]?.key).not.toBe(one?.key);
  });

  it("that is no plain word is not used", () => {
    expect(parse(dispatch({ a: 1 }, { key: "<!-- x -->" }))[0]?.key).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("other monitors, read as JSON", () => {
  it.each([
    {
      vendor: "alarm",
      raw: { AlarmName: "HighCPU", AlarmDescription: "CPU above 90 %", Threshold: 90, Priority: "P3" },
      expected: ["HighCPU", "CPU above 90 %", "P3", "firing"],
    },
    {
      vendor: "alarm in an envelope",
      raw: {
        Type: "Notification",
        Message: JSON.stringify({ AlarmName: "Bytes", NewStateValue: "OK", AlarmDescription: "too large" }),
      },
      expected: ["Bytes", "too large", null, "resolved"],
    },
    {
      vendor: "rule",
      raw: { ruleName: "CPU alert", state: "alerting", title: "[Alerting] CPU", message: "boom!", tags: { severity: "warning" } },
      expected: ["CPU alert", "boom!", "P3", "firing"],
    },
    {
      vendor: "condition",
      raw: { condition_name: "Apdex", details: "low", severity: "CRITICAL", current_state: "closed" },
      expected: ["Apdex", "low", "P1", "resolved"],
    },
    {
      vendor: "exception",
      raw: { level: "error", message: "TypeError: x", culprit: "app.js", event: { title: "TypeError" } },
      expected: ["TypeError", "TypeError: x", "P2", "firing"],
    },
    {
      vendor: "pairs",
      raw: { name: "Keep", description: "text", fields: [{ key: "priority", value: "P2" }], service: "$SERVICE" },
      expected: ["Keep", "text", "P2", "firing"],
    },
    {
      vendor: "tags",
      raw: { title: "Disk", message: "full", tags: "env:prod, service:search", priority: 1 },
      expected: ["Disk", "full", "P1", "firing"],
    },
    {
      vendor: "a word",
      raw: "something broke",
      expected: ["Alert", "An alert in a form that is not known", null, "firing"],
    },
    { vendor: "nothing", raw: null, expected: ["Alert", "An alert in a form that is not known", null, "firing"] },
  ])("$vendor", ({ raw, expected }) => {
    const alert = only(dispatch(raw, { monitor: "json" }));
    expect([alert.name.outside, alert.summary.outside, alert.severity, alert.state]).toEqual(expected);
    expect(alert.annotations[RAW]).toBeDefined();
  });

  it("finds the service in tags", () => {
    expect(only(dispatch({ title: "Disk", tags: "env:prod,service:search" }, { monitor: "json" })).service).toBe("search");
  });

  it("gives firing and resolved of one alert the same fingerprint, and others another", () => {
    const of = (raw: unknown): string => only(dispatch(raw, { monitor: "json" })).fingerprint;
    const fires = of({ title: "[Alerting] CPU", state: "alerting", message: "boom", time: 1 });
    expect(of({ title: "[OK] CPU", state: "ok", message: "fine", time: 2 })).toBe(fires);
    expect(of({ title: "[OK] Disk", state: "ok", message: "fine", time: 2 })).not.toBe(fires);
  });

  it("says when a monitor is not known", () => {
    expect(only(dispatch({ title: "x" }, { monitor: "acme-watch" })).annotations[NOTE]?.outside).toBe(
      'There is no intake for the monitor "acme-watch". It was read as plain JSON.',
    );
  });
});

describe("our normal form", () => {
  it("needs no more than a name", () => {
    expect(only({ version: 1, monitor: "own", alerts: [{ name: "Queue full" }] })).toMatchObject({
      name: { outside: "Queue full" },
      state: "firing",
      severity: null,
      startedAt: NOON,
    });
  });

  it("is taken as it is", () => {
    const alerts = [
      {
        name: "Queue full",
        service: "search",
        severity: "P1",
        state: "resolved",
        startedAt: "2026-11-20T11:00:00Z",
        endedAt: "2026-11-20T11:30:00Z",
        value: 9.5,
        links: ["https://x.example/a", "javascript:alert(1)"],
        labels: { n: 1 },
      },
    ];
    expect(only({ version: 1, monitor: "own", alerts })).toMatchObject({
      service: "search",
      severity: "P1",
      state: "resolved",
      endedAt: new Date("2026-11-20T11:30:00Z"),
      value: 9.5,
      links: ["https://x.example/a"],
      labels: { n: { outside: "1" } },
    });
  });

  it("without names is read as JSON", () => {
    expect(only({ version: 1, monitor: "own", alerts: [{ summary: "something" }] }).annotations[NOTE]?.outside).toContain(
      "not in our normal form",
    );
  });
});

describe("a client payload that is not ours", () => {
  it.each([
    ["another version", { version: 2, raw: { title: "x" } }],
    ["both raw and alerts", { version: 1, raw: {}, alerts: [] }],
    ["neither", { version: 1, monitor: "json" }],
    ["a text", "boom"],
    ["nothing", undefined],
    ["a list", [1, 2]],
  ])("%s is kept as it came, with the reason", (_name, payload) => {
    const alert = only(payload);
    expect(alert.annotations[NOTE]?.outside).toMatch(/^The client payload/);
    expect(alert.annotations[RAW]).toBeDefined();
  });
});

describe("limits and secrets", () => {
  it("keeps 50 alerts and says how many there were", () => {
    const [intake] = parse(
      dispatch(alertmanager(...Array.from({ length: 60 }, (_, n) => ({ service: "checkout", fingerprint: `f${n}` })))),
    );
    expect(intake?.alerts).toHaveLength(50);
    expect(intake?.alerts[0].annotations[NOTE]?.outside).toContain("holds 60 alerts; the first 50 are kept");
  });

  it("hides secrets in labels, texts, links and the raw payload", () => {
    const secret = "hunter2-hunter2";
    const raw = {
      title: `password=${secret}`,
      labels: { password: secret },
      url: `https://u:${secret}@x.example/`,
      nested: { api_key: secret },
    };
    const [intake] = parse(dispatch(raw, { monitor: "json" }));
    expect(JSON.stringify(intake)).not.toContain(secret);
  });

  it("survives a payload nested ten thousand deep", () => {
    const deep: unknown = JSON.parse(`${"[".repeat(10_000)}${"]".repeat(10_000)}`);
    expect(only(dispatch(deep, { monitor: "json" })).name.outside).toBe("Alert");
  });
});

const word = fc.constantFrom(
  "title",
  "name",
  "status",
  "state",
  "severity",
  "labels",
  "alerts",
  "startsAt",
  "service",
  "tags",
  "annotations",
  "raw",
  "version",
  "key",
  "url",
  "priority",
  "__proto__",
  "fields",
  "value",
);
const messyJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(
      "checkout",
      "critical",
      "resolved",
      "2026-11-20T11:00:00Z",
      "https://x.example/a",
      "a:b",
      "{",
      '{"a":1}',
      null,
      true,
      0,
      -1,
      1e308,
    ),
    fc.string(),
    fc.double(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(word, fc.string({ maxLength: 5 })), tie("value"), { maxKeys: 6 }),
  ),
})).value;
const envelope = fc.record(
  {
    version: fc.constantFrom(1, 1, 1, 2),
    monitor: fc.constantFrom("alertmanager", "json", "x", 3),
    key: fc.oneof(fc.string(), fc.constant("k")),
    received_at: messyJson,
    raw: messyJson,
    alerts: messyJson,
  },
  { requiredKeys: ["version"] },
);

describe("for any JSON", () => {
  it("there is an intake that the journal accepts, that survives its block and that can be rendered", () => {
    fc.assert(
      fc.property(fc.oneof(messyJson, envelope), (payload) => {
        const intakes = parse(payload);
        expect(intakes.length).toBeGreaterThan(0);
        for (const intake of intakes) {
          const alerts: unknown = JSON.parse(JSON.stringify(intake.alerts));
          expect(Alert.array().safeParse(alerts).error).toBeUndefined();
          const block = encodeIntakeBlock(intake);
          expect(decodeIntakeBlock(block)).toEqual(intake);
          const body = `${renderNewborn(intake, config, NOON)}\n\n${block}`;
          expect(decodeIntakeBlock(body)).toEqual(intake);
          expect(newbornTitle(intake, NOON).length).toBeLessThanOrEqual(120);
        }
      }),
      { numRuns: 1_500 },
    );
  });
});

describe("the intake block", () => {
  it("stays under 30,000 characters for the worst payload, and the rest of the body with it", () => {
    const text = "é".repeat(2_000);
    const labels = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`label${n}`, text]));
    const alerts = Array.from({ length: 60 }, (_, n) => ({
      labels: { alertname: `A${n}`, service: "checkout", ...labels },
      annotations: labels,
      status: "firing",
      startsAt: "2026-11-20T11:00:00Z",
    }));
    const [intake] = parse(dispatch({ alerts }));
    if (!intake) throw new Error("Nothing was taken in.");
    const block = encodeIntakeBlock(intake);
    expect(block.length).toBeLessThan(MAX_INTAKE_BLOCK);
    expect(decodeIntakeBlock(block)?.alerts[0].annotations[NOTE]?.outside).toContain("Cut to fit");
    expect(renderNewborn(intake, config, NOON).length).toBeLessThan(25_000);
  });

  it.each([
    ["none", "no block"],
    ["two", `${encodeIntakeBlock(sample())}\n${encodeIntakeBlock(sample())}`],
    ["no JSON", "<!-- gatehouse:intake v1 AAAA -->"],
    ["another form", `<!-- gatehouse:intake v1 ${Buffer.from('{"key":"k","alerts":[]}').toString("base64")} -->`],
    [
      "an unknown member",
      `<!-- gatehouse:intake v1 ${Buffer.from(JSON.stringify({ ...sample(), more: 1 })).toString("base64")} -->`,
    ],
    ["too large", `<!-- gatehouse:intake v1 ${"A".repeat(MAX_INTAKE_BLOCK)} -->`],
  ])("%s is refused", (_name, body) => {
    expect(decodeIntakeBlock(body)).toBeNull();
  });
});

function sample(): Intake {
  const [intake] = parse(dispatch(captured("firing")));
  if (!intake) throw new Error("Nothing was taken in.");
  return intake;
}
