import { describe, expect, it } from "vitest";
import { VERB_RULES, VERBS } from "../../src/gate/commands.js";
import type { Fact } from "../../src/incident/facts.js";
import { digestOf } from "../../src/plan/digest.js";
import { renderAlarm, renderAlarmTitle } from "../../src/render/alarm.js";
import { renderExecution } from "../../src/render/execution.js";
import { COMMANDS, renderHelp } from "../../src/render/help.js";
import { readPageMarker } from "../../src/render/marker.js";
import { renderOutcome } from "../../src/render/outcome.js";
import { renderPage } from "../../src/render/page.js";
import { REASON_CODES } from "../../src/render/reasons.js";
import { renderRefusal, type RefusalView } from "../../src/render/refusal.js";
import { renderStatus } from "../../src/render/status.js";
import { renderSummary } from "../../src/render/summary.js";
import type { PageMessage } from "../../src/ports.js";
import type { EffectKey } from "../../src/words.js";
import * as sample from "./sample.js";
import { countVisibleWords } from "./visible.js";

const mentions = ["@acme/on-call"];
const digest = digestOf(sample.plan());

function execution(facts: readonly Fact[]): string {
  const [run] = sample.incident(facts).executions;
  if (!run) throw new Error("the sample has no execution");
  return renderExecution({ plan: sample.plan(), execution: run, facts, repositoryUrl: sample.REPOSITORY_URL });
}
const outcome = (facts: readonly Fact[]): string =>
  renderOutcome({ incident: sample.incident(facts), config: sample.config, mentions });

describe("the execution comment", () => {
  it.each([
    { name: "running", facts: [...sample.approved(), ...sample.started()] },
    { name: "recovered", facts: sample.recovered() },
    { name: "worse", facts: sample.worse() },
  ])("reads like this when $name", async ({ name, facts }) => {
    await expect(execution(facts)).toMatchFileSnapshot(`snapshots/execution-${name}.md`);
  });

  it("says which step runs while its end is not known", () => {
    const facts = [...sample.approved(), ...sample.started().slice(0, 2)];
    expect(execution(facts)).toContain("**Step 1 is running** since 03:19 UTC");
  });

  it("shows a gap as no data, never as zero", () => {
    const unknown: Fact = {
      fact: "verified",
      at: sample.at("03:22:40"),
      verdict: "unknown",
      readings: sample.readings([null, 0, null]),
      afterStep: 1,
    };
    const text = execution([...sample.approved(), ...sample.started(), unknown]);
    expect(text).toContain("| error-ratio below 5 % | 37 % | no data | ? no data |");
  });

  it("shows the error of a failed step, dead", () => {
    const [start, intent] = sample.started();
    if (!start || !intent || intent.fact !== "intent") throw new Error("the sample has changed");
    const failed: Fact = {
      fact: "done",
      at: sample.at("03:20:00"),
      key: intent.key,
      outcome: "failed",
      detail: sample.outside("boom <img> @everyone"),
      url: null,
    };
    const text = execution([...sample.approved(), start, intent, failed]);
    expect(text).toContain("✗ failed (boom");
    expect(text).not.toMatch(/<img|@everyone/);
  });
});

describe("the outcome comment", () => {
  it.each([
    { name: "resolved", facts: sample.recovered() },
    { name: "escalated", facts: sample.worse() },
    { name: "no-incident", facts: sample.noIncident() },
  ])("reads like this when $name", async ({ name, facts }) => {
    await expect(outcome(facts)).toMatchFileSnapshot(`snapshots/outcome-${name}.md`);
  });

  it("notifies people only when they have to act", () => {
    expect(outcome(sample.worse())).toContain("@acme/on-call");
    expect(outcome(sample.recovered())).not.toContain("@acme/on-call");
  });

  it("says when nothing was changed in production", () => {
    expect(outcome(sample.unsure())).toContain("Nothing was changed in production.");
  });

  it("says once who rejected the plan", () => {
    const rejected: Fact = {
      fact: "escalated",
      at: sample.at("03:18:00"),
      reason: "rejected",
      detail: sample.outside("theo-marsh rejected the plan: too risky"),
    };
    const text = outcome([...sample.waiting(), rejected]);
    expect(text).toContain("theo-marsh rejected the plan: too risky.");
    expect(text.match(/rejected the plan/g)).toHaveLength(1);
  });

  it("points to the issue for the evidence, and promises nothing of /cause", () => {
    expect(outcome(sample.unsure())).toContain("Read the evidence in the issue.");
    expect(outcome(sample.recovered())).toContain("a filed post-mortem is not rewritten");
    expect(outcome(sample.recovered())).not.toContain("learn");
  });

  it("is not told before there is one", () => {
    expect(() => outcome(sample.waiting())).toThrow("Incident 42 is awaiting-approval");
  });
});

describe("a refusal", () => {
  const refuse = (changes: Partial<RefusalView>): string =>
    renderRefusal({ by: "mallory", verb: "approve", reason: "no-role", digest, config: sample.config, detail: null, ...changes });

  it.each(Object.keys(REASON_CODES))("says why and what would be accepted, in few words: %s", (reason) => {
    const text = refuse({ reason });
    expect(text).toContain("@mallory `/approve` was not carried out.");
    expect(text).toContain(`Reason: \`${reason}\``);
    expect(countVisibleWords(text)).toBeLessThan(60);
  });

  it("names who may", () => {
    expect(refuse({ reason: "no-role" })).toContain("accepted from: *maintain* or *admin*");
    expect(refuse({ reason: "no-role", verb: "retry" })).toContain("accepted from: write and above");
  });

  it.each(["digest-needed", "stale-digest", "edited"])("shows the command that would count: %s", (reason) => {
    expect(refuse({ reason })).toContain(`/approve ${digest.slice(0, 8)}`);
  });

  it("offers no digest when no plan waits, or when another one would not help", () => {
    expect(refuse({ reason: "digest-needed", digest: null })).not.toContain("/approve ");
    expect(refuse({ reason: "no-role" })).not.toContain(digest.slice(0, 8));
  });

  it("shows how a malformed command is written", () => {
    expect(refuse({ reason: "malformed-command", verb: "plan", digest: null })).toContain(
      "/plan &#60;action&#62; &#60;target&#62;",
    );
  });

  it.each([
    { verb: "aprove", meant: "/approve" },
    { verb: "resolved", meant: "/resolve" },
  ])("offers the command that was probably meant by /$verb", ({ verb, meant }) => {
    expect(refuse({ verb, reason: "unknown-command", digest: null })).toContain(`Did you mean \`${meant}\`?`);
    expect(refuse({ verb: "make-coffee", reason: "unknown-command", digest: null })).not.toContain("Did you mean");
  });

  it("begins what was wrong like a sentence, but leaves names alone", () => {
    expect(
      refuse({ verb: "severity", reason: "malformed-command", detail: "one of P0, P1, P2, P3 must follow /severity" }),
    ).toContain(" One of P0, P1, P2, P3 must follow /severity.");
    expect(refuse({ reason: "observe-mode-plan", detail: "error-ratio is not there" })).toContain(" error-ratio is not there.");
  });

  it("keeps what was typed dead", () => {
    const text = refuse({ by: "x</a>@everyone", verb: "<img>@everyone", reason: "unknown-command", detail: "@everyone" });
    expect(text).not.toMatch(/<img|<\/a>|@everyone/);
  });
});

describe("help", () => {
  it("lists exactly the commands that are understood, with the roles that are asked for", () => {
    expect(COMMANDS.map(({ verb }) => verb).sort()).toEqual([...VERBS].sort());
    const roles = COMMANDS.filter(({ role }) => role !== "approver").map(({ verb, role }) => [verb, role]);
    expect(Object.fromEntries(roles)).toEqual(
      Object.fromEntries(VERBS.filter((verb) => verb !== "approve").map((verb) => [verb, VERB_RULES[verb].atLeast])),
    );
  });

  it("names the approvers of this config", () => {
    const approvers = { roles: [], users: ["octocat"], teams: ["acme/payments"] } as const;
    const text = renderHelp({ ...sample.config, gate: { ...sample.config.gate, approvers } });
    expect(text).toContain("octocat or team acme/payments");
  });
});

describe("a page", () => {
  const message: PageMessage = {
    key: "42/your-approval/1" as EffectKey,
    incident: 42,
    reason: "your-approval",
    severity: "P1",
    service: "checkout",
    symptom: sample.outside("37 % of requests fail @everyone"),
    cause: "v142 came with a smaller pool",
    asked: "Approve or reject plan 7c1e90ab until 03:31 UTC",
    link: sample.PLAN_URL,
    mentionedAt: null,
  };

  it("calls those on duty, says what is asked and ends with its key", () => {
    const text = renderPage(message, mentions);
    expect(text).toMatch(/^@acme\/on-call \*\*P1 · checkout\*\*/);
    expect(text).toContain("Approve or reject plan 7c1e90ab until 03:31 UTC.");
    expect(text).toContain(`[Open the incident](${sample.PLAN_URL})`);
    expect(readPageMarker(text)).toBe(message.key);
    expect(text).not.toContain("@everyone");
  });
});

describe("the alarm", () => {
  it("names job, run and next step, and keeps an alert that found no issue", () => {
    const text = renderAlarm({
      job: "open",
      workflow: "incident",
      runUrl: "https://github.com/acme/incidents/actions/runs/1",
      result: "failure",
      why: sample.outside("502 from GitHub"),
      payload: sample.outside('{"alert": "``` </details> <img>"}'),
      mentions,
    });
    for (const part of [
      "`open`",
      "[run and log](https://github.com/acme/incidents/actions/runs/1)",
      "502 from GitHub",
      "by hand",
      "@acme/on-call",
      '{"alert"',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).toContain("````json");
  });

  it.each([
    { where: "on an incident", payload: null, says: "`/retry`", silentOn: "close this issue" },
    { where: "on an issue of its own", payload: sample.outside("{}"), says: "close this issue", silentOn: "`/" },
    {
      where: "on an issue of its own that may not show the alert",
      payload: sample.outside(""),
      says: "send the alert again",
      silentOn: "<details>",
    },
  ])("advises only what works $where", ({ payload, says, silentOn }) => {
    const text = renderAlarm({ job: "open", workflow: "incident", runUrl: "", result: "failure", why: null, payload, mentions });
    expect(text).toContain(says);
    expect(text).not.toContain(silentOn);
  });

  it("has a title of plain words", () => {
    expect(renderAlarmTitle("open<img>")).toBe("Gatehouse broke in job openimg: an alert may be unattended");
  });
});

describe("status and summary", () => {
  it("tell whose turn it is and what happened last", () => {
    const text = renderStatus({
      incident: sample.incident(sample.waiting()),
      config: sample.config,
      now: sample.at("03:17:00"),
      revision: 9,
      keyId: "m1",
      minutes: null,
    });
    expect(text).toContain("Your turn");
    expect(text).toContain("**03:16:33** paged");
    expect(text).not.toContain("03:14:41");
  });

  it("say what happened, what comes next and why nothing was done", () => {
    const text = renderSummary({
      command: "check",
      incident: { number: 42, url: `${sample.REPOSITORY_URL}/issues/42` },
      phase: "approved",
      happened: [],
      comesNext: "The hands carry the plan out.",
      reason: "freeze",
      dryRun: true,
    });
    for (const part of ["[incident 42]", "Dry run", "Nothing was due.", "`freeze`", "**Next:** The hands carry the plan out."])
      expect(text).toContain(part);
  });
});
