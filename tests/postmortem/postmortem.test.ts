import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fact, MindFact } from "../../src/incident/facts.js";
import { decideFiling } from "../../src/postmortem/filing.js";
import { FrontMatter, readFrontMatter, writeFrontMatter } from "../../src/postmortem/front-matter.js";
import { postmortemPath } from "../../src/postmortem/path.js";
import { renderPostmortem } from "../../src/postmortem/render.js";
import { summarize } from "../../src/postmortem/summarize.js";
import * as sample from "../render/sample.js";

const followUps = ["alert on pool waiters before errors rise"];

function write(facts: readonly Fact[], items: readonly string[] = followUps) {
  return renderPostmortem({
    incident: sample.incident(facts),
    config: sample.config,
    repositoryUrl: sample.REPOSITORY_URL,
    followUps: items,
  });
}
/** As the archive job sees it: told, not filed yet. */
const narrated = sample.filed().slice(0, -1);

describe("the post-mortem", () => {
  it("reads like this", async () => {
    await expect(write(narrated).text).toMatchFileSnapshot("snapshots/postmortem.md");
  });

  it("has the same bytes for the same facts", () => {
    expect(write(narrated)).toEqual(write(narrated));
  });

  it.each([
    "Summary",
    "Impact",
    "Timeline",
    "Root cause",
    "Contributing factors",
    "Less likely",
    "What was done and verified",
    "What went well",
    "What went badly",
    "Where we were lucky",
    "Action items",
    "Links",
  ])("has a section %s that is not empty, even for an incident nobody understood", (title) => {
    const resolved: MindFact = {
      fact: "resolved",
      at: sample.at("05:00:00"),
      how: "by-person",
      by: "octocat",
      note: sample.outside("restarted the database by hand"),
    };
    const section = write([...sample.unsure(), resolved], []).text.split(`\n## ${title}\n\n`)[1];
    expect(section?.split("\n## ")[0]?.trim()).toBeTruthy();
  });

  it("cites only evidence that exists", () => {
    const text = write(narrated).text;
    expect(text).toContain("**E2** new since the onset, 2,871× from 03:12:06 UTC: timeout: no free connection");
    expect(text).not.toContain("**E9**");
  });

  it("turns the runbook's follow-ups and what was missing into action items with owner and priority", () => {
    const text = write(narrated).text;
    expect(text).toMatch(/\| alert on pool waiters before errors rise \| @\S*acme\/payments \| high \|/);
    expect(text).toMatch(/\| See that tempo answers during an incident \| .* \| medium \|/);
  });

  it("says when the recovery target was missed", () => {
    const late: MindFact = { fact: "resolved", at: sample.at("05:00:00"), how: "by-person", by: null, note: null };
    expect(write([...sample.worse(), late]).text).toContain("The recovery target of 1 h was missed by 45 min 19 s.");
  });

  it("notifies nobody and lets nothing from outside come alive", () => {
    expect(write(narrated).text).not.toMatch(/@acme|@octocat|@everyone|<img/);
  });

  it("is not written before the incident is resolved", () => {
    expect(() => write(sample.waiting())).toThrow("Incident 42 is awaiting-approval");
  });
});

describe("the path", () => {
  it("is made of number, service and cause", () => {
    expect(write(narrated).path).toBe("postmortems/2026/42-checkout-connection-pool-exhausted.md");
  });

  it.each([
    { name: "no incident", facts: sample.noIncident(), expected: "postmortems/2026/42-checkout-no-incident.md" },
    { name: "a cause nobody found", facts: [sample.opened], expected: "postmortems/2026/42-checkout-cause-unknown.md" },
  ])("has words for $name", ({ facts, expected }) => {
    expect(postmortemPath(sample.incident(facts), "postmortems/")).toBe(expected);
  });

  it("stays the same from the resolution on", () => {
    const paths = [sample.recovered(), narrated, sample.filed()].map((facts) =>
      postmortemPath(sample.incident(facts), "postmortems"),
    );
    expect(new Set(paths).size).toBe(1);
  });

  it("holds only safe characters, whatever service and runbook are called", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), fc.string(), (service, runbook) => {
        const plan = sample.plan({ runbook: { id: runbook, sha: "" } });
        const incident = { ...sample.incident(sample.recovered(plan)), service };
        expect(postmortemPath(incident, "postmortems")).toMatch(/^postmortems\/2026\/42-[\da-z]+(-[\da-z]+)*\.md$/);
      }),
    );
  });
});

describe("the front matter", () => {
  const values = summarize(sample.incident(narrated));

  it("is documented, every field", () => {
    const page = readFileSync(new URL("../../docs/postmortems.md", import.meta.url), "utf8");
    for (const field of Object.keys(FrontMatter.shape)) expect(page).toContain(`| \`${field}\` |`);
  });

  it("sums up the incident", () => {
    expect(values).toMatchObject({
      incident: 42,
      service: "checkout",
      severity: "P1",
      "minutes-to-recover": 11,
      how: "remediated",
      "cause-by": "analyst",
      runbook: "connection-pool-exhausted",
      confidence: 0.86,
      attempts: 1,
      signals: ["error-ratio", "pool-waiting"],
      actions: [{ action: "github.workflow", target: "checkout/release", risk: "low", outcome: "recovered" }],
      verdict: "recovered",
    });
  });

  it("trusts a person's verdict on the cause above the analyst's", () => {
    const cause: MindFact = {
      fact: "command",
      at: sample.at("03:24:00"),
      comment: 9,
      by: "octocat",
      verb: "cause",
      outcome: "done",
      reason: null,
      text: sample.outside("the pool size"),
      severity: null,
    };
    expect(summarize(sample.incident([...narrated, cause]))).toMatchObject({ cause: "the pool size", "cause-by": "person" });
  });

  it("is read back as written, whatever the cause says", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (cause) => {
        expect(readFrontMatter("p.md", `${writeFrontMatter({ ...values, cause })}\n# x\n`)).toEqual({
          ok: true,
          values: { ...values, cause },
        });
      }),
    );
  });

  it("of a rendered post-mortem is valid", () => {
    const { path, text } = write(narrated);
    expect(readFrontMatter(path, text)).toEqual({ ok: true, values: FrontMatter.parse(values) });
  });

  it.each([
    { name: "missing", text: "# Hello", says: 'no front matter; the file must begin with a block between two lines "---"' },
    { name: "not YAML", text: "---\na: [\n---\n", says: "is not YAML" },
    { name: "of the wrong shape", text: "---\nschema: 1\nincident: none\n---\n", says: "incident:" },
  ])("that is $name is refused with the path and the reason", ({ text, says }) => {
    const reading = readFrontMatter("postmortems/2026/1-x.md", text);
    expect(reading).toMatchObject({ ok: false });
    expect(reading.ok ? "" : reading.message).toContain(says);
    expect(reading.ok ? "" : reading.message).toMatch(/^postmortems\/2026\/1-x\.md: /);
  });
});

describe("filing", () => {
  it.each([
    { existing: null, decision: "write" },
    { existing: "edited by people", decision: "keep" },
    { existing: "", decision: "keep" },
  ])("of a file that is $existing: $decision", ({ existing, decision }) => {
    expect(decideFiling(existing, "new text")).toBe(decision);
  });
});
