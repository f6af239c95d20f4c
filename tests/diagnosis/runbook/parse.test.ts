import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseRunbook } from "../../../src/diagnosis/runbook/parse.js";
import { RunbookFile } from "../../../src/diagnosis/runbook/schema.js";

const CONTRACT = `---
id: connection-pool-exhausted
title: Connection pool exhausted
cause: "{service} has more work than database connections: {why}"
signals:                       # all must hold unless any: true
  - {kind: log, match: 'no free connection|pool (is )?exhausted|too many clients', new-since-onset: true, weight: 3}
  - {kind: metric, signal: pool-waiting, rose: true, weight: 2}
excludes: [{kind: metric, signal: database-cpu, rose: true}]
look-alikes: {slow-queries: "query time rose before waiting did"}
after: {kind: change, of: [deployment, config], within: 30m, weight: 2}
actions:
  - {when: recent-deployment, action: github.workflow, target: release, to: previous}
  - {else: true, action: manual, task: "raise the pool or find who holds connections"}
verify: [{signal: error-ratio, below: 0.05}, {alert: not-firing}]
follow-ups: ["alert on pool waiters before errors rise"]
---
Prose for people.
`;

function parse(text: string, path = "runbooks/connection-pool-exhausted.md"): ReturnType<typeof parseRunbook> {
  return parseRunbook({ path, text, sha: "e".repeat(40) });
}

function messageOf(text: string): string {
  const parsed = parse(text);
  return parsed.ok ? "" : parsed.message;
}

describe("a runbook", () => {
  it("is read as the contract shows it", () => {
    expect(parse(CONTRACT)).toMatchObject({
      ok: true,
      runbook: {
        id: "connection-pool-exhausted",
        sha: "e".repeat(40),
        any: false,
        inOrder: false,
        signals: [
          { kind: "log", newSinceOnset: true, weight: 3 },
          { kind: "metric", signals: ["pool-waiting"], direction: "rose", beyond: null, weight: 2 },
        ],
        excludes: [{ kind: "metric", signals: ["database-cpu"], direction: "rose", beyond: null, weight: 1 }],
        lookAlikes: new Map([["slow-queries", "query time rose before waiting did"]]),
        after: { kind: "change", of: ["deployment", "config"], withinMs: 1_800_000, weight: 2 },
        actions: [
          { applies: "recent-deployment", action: "github.workflow", target: "release", params: { to: "previous" } },
          {
            applies: "else",
            action: "manual",
            target: "people",
            params: { task: "raise the pool or find who holds connections" },
          },
        ],
        verify: [{ signal: "error-ratio", below: 0.05 }, { alert: "not-firing" }],
        followUps: ["alert on pool waiters before errors rise"],
        body: "Prose for people.",
      },
    });
  });

  it("may have Windows line ends and no prose", () => {
    const text = CONTRACT.replace("Prose for people.\n", "").replaceAll("\n", "\r\n");
    expect(parse(text)).toMatchObject({ ok: true, runbook: { body: "" } });
  });

  it("has a published JSON Schema", () => {
    const schema = z.toJSONSchema(RunbookFile, { io: "input" });
    expect(schema).toMatchObject({ type: "object", required: ["id", "title", "cause", "signals"], additionalProperties: false });
  });
});

describe("a runbook that is not valid", () => {
  it.each([
    {
      name: "no front matter",
      change: () => "Just prose.",
      says: /^runbooks\/connection-pool-exhausted\.md:1:1: there is no front matter/,
    },
    {
      name: "broken YAML",
      change: (text: string) => text.replace("excludes: [", "excludes: [["),
      says: /:\d+:\d+: not valid YAML/,
    },
    {
      name: "an unknown key",
      change: (text: string) => text.replace("follow-ups", "followups"),
      says: /:15:1: followups is not a known key\. Did you mean "follow-ups"\?/,
    },
    {
      name: "another id than the file",
      change: (text: string) => text.replace("id: connection-pool-exhausted", "id: pool"),
      says: /:2:5: id is "pool"\. Write "connection-pool-exhausted", the file's name\./,
    },
    {
      name: "a missing cause",
      change: (text: string) => text.replace(/^cause.*\n/m, ""),
      says: /cause is missing\. Write one sentence/,
    },
    {
      name: "an unknown placeholder",
      change: (text: string) => text.replace("{why}", "{when}"),
      says: /:4:8: cause is .*Write only \{service\}, \{object\} and \{why\} in braces/,
    },
    {
      name: "no signals",
      change: (text: string) => text.replace(/signals:[\s\S]*?excludes/, "signals: []\nexcludes"),
      says: /signals is an empty list\. Write at least one signal/,
    },
    {
      name: "an unknown kind of signal",
      change: (text: string) => text.replace("kind: log", "kind: trace"),
      says: /:6:.*signals\[0\]\.kind is "trace"\. Write kind: log, metric, change, alert, state or event/,
    },
    {
      name: "a metric that neither rose nor fell",
      change: (text: string) => text.replace("pool-waiting, rose: true", "pool-waiting"),
      says: /:7:.*signals\[1\].*Write either rose: true or fell: true/,
    },
    {
      name: "a metric that did both",
      change: (text: string) => text.replace("pool-waiting, rose: true", "pool-waiting, rose: true, fell: true"),
      says: /either rose: true or fell: true/,
    },
    {
      name: "a broken pattern",
      change: (text: string) => text.replace("pool (is )?exhausted", "pool (is exhausted"),
      says: /signals\[0\]\.match is .*Write a valid regular expression/,
    },
    {
      name: "a dangerous pattern",
      change: (text: string) => text.replace("too many clients", "(a+)+b"),
      says: /Write a pattern without a repeat inside a repeat/,
    },
    {
      name: "a duration without a unit",
      change: (text: string) => text.replace("within: 30m", "within: 30"),
      says: /after\.within is 30\. Write a duration/,
    },
    {
      name: "a weight of nothing",
      change: (text: string) => text.replace("weight: 3", "weight: 0"),
      says: /signals\[0\]\.weight is 0\. Write a number from 0\.1 to 10/,
    },
    {
      name: "a task without words",
      change: (text: string) => text.replace(/, task: "[^"]*"/, ""),
      says: /:13:.*actions\[1\].*Write a task beside action: manual/,
    },
    {
      name: "an action without a target",
      change: (text: string) => text.replace(" target: release,", ""),
      says: /actions\[0\].*Write a target beside the action/,
    },
    {
      name: "when and else together",
      change: (text: string) => text.replace("{when:", "{else: true, when:"),
      says: /either when or else, not both/,
    },
    {
      name: "a criterion without a bound",
      change: (text: string) => text.replace(", below: 0.05", ""),
      says: /verify\[0\].*Write a signal with below or above, or alert: not-firing/,
    },
    {
      name: "a criterion with two bounds",
      change: (text: string) => text.replace("below: 0.05", "below: 0.05, above: 0.01"),
      says: /verify\[0\].*Write a signal with below or above/,
    },
  ])("says so: $name", ({ change, says }) => {
    expect(messageOf(change(CONTRACT))).toMatch(says);
  });

  it("tells every problem at once, in the order of the file", () => {
    const text = CONTRACT.replace("weight: 3", "weight: 99").replace("below: 0.05", "under: 0.05").replace("title:", "titel:");
    const lines = messageOf(text)
      .split("\n")
      .map((line) => Number(line.split(":")[1]));
    expect(lines).toEqual([2, 3, 6, 14, 14]); // the last twice: an unknown key, and no bound
  });
});
