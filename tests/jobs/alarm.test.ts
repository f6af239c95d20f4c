import { describe, expect, it } from "vitest";
import { encodeIntakeBlock } from "../../src/intake/intake.js";
import { alarm, ALARM_LABEL, type AlarmRequest } from "../../src/jobs/alarm.js";
import type { AlarmPorts } from "../../src/ports.js";
import { readMarker } from "../../src/render/marker.js";
import { BOT, countAll, createFakeGitHub, createFakePager, type FakeGitHubOptions } from "../fakes/world.js";
import { journalBody, keys, mindFacts } from "../incident/support.js";
import * as sample from "../render/sample.js";

const config = { ...sample.config, keys };
const secret = `ghp_${"a1B2".repeat(9)}`;

function open(options: FakeGitHubOptions = {}) {
  const github = createFakeGitHub(options);
  const pager = createFakePager();
  const ports: AlarmPorts = { ...github.ports, ...countAll(github, { pager }) };
  const request = (changes: Partial<AlarmRequest> = {}): AlarmRequest => ({
    incident: null,
    failed: { job: "respond", result: "failure" },
    workflow: "incident",
    runId: 77,
    runUrl: "https://github.com/acme/shop/actions/runs/77",
    payload: null,
    config,
    ...changes,
  });
  const incident = (): number => {
    const { number } = github.openIssue(BOT.login, { title: "x", body: "newborn", labels: ["incident"] });
    const place = { repository: github.state.repositoryId, issue: number };
    github.changeIssue(number, { body: journalBody(mindFacts(sample.waiting()), place) }, BOT.login);
    return number;
  };
  return { github, pager, ports, request, incident };
}

describe("with an issue", () => {
  it("the break is said there and paged, with the run and what it was", async () => {
    const { github, pager, ports, request, incident } = open();
    const number = incident();
    expect(await alarm(request({ incident: number }), ports)).toEqual({ issue: number });
    const [said] = github.comments(number);
    expect(said?.body).toContain("**The automation broke.** Job `respond` of `incident` failed");
    expect(said?.body).toContain("https://github.com/acme/shop/actions/runs/77");
    expect(said?.body).toContain("@acme/on-call");
    expect(pager.pages).toMatchObject([
      {
        key: `${number}:alarm:respond:r3`,
        incident: number,
        reason: "automation-error",
        severity: "P1",
        link: github.issue(number).url,
      },
    ]);
    expect(github.transcript()).not.toContain("issues.create");
  });

  it.each([
    { result: "cancelled" as const, words: "was cancelled" },
    { result: "no-answer" as const, words: "ended without an answer" },
  ])("a job that $words is told so", async ({ result, words }) => {
    const { github, ports, request, incident } = open();
    await alarm(request({ incident: incident(), failed: { job: "check", result } }), ports);
    expect(github.comments()[0]?.body).toContain(words);
  });

  it("one job is said and paged once however many runs of it fail, another job or a new revision of the journal again", async () => {
    const { github, pager, ports, request, incident } = open();
    const number = incident();
    const failed = { job: "hand-over", result: "failure" } as const;
    for (const runId of [77, 77, 78]) await alarm(request({ incident: number, runId }), ports);
    await alarm(request({ incident: number, failed }), ports);
    const place = { repository: github.state.repositoryId, issue: number, revision: 4 };
    github.changeIssue(number, { body: journalBody(mindFacts(sample.approved()), place) }, BOT.login);
    await alarm(request({ incident: number, runId: 79 }), ports);
    expect(github.comments(number).map(({ body }) => readMarker(body)?.key)).toEqual([
      "alarm:respond:r3",
      "alarm:hand-over:r3",
      "alarm:respond:r4",
    ]);
    expect(pager.pages).toHaveLength(3);
  });

  it("a newborn has no revision: each run is said", async () => {
    const { github, pager, ports, request } = open();
    const body = encodeIntakeBlock({ key: "k1", alerts: [sample.alert], reportedBy: null });
    const { number } = github.openIssue(BOT.login, { title: "x", body, labels: ["incident"] });
    for (const runId of [77, 77, 78]) await alarm(request({ incident: number, runId }), ports);
    expect(github.comments(number).map(({ body: said }) => readMarker(said)?.key)).toEqual(["alarm:run-77", "alarm:run-78"]);
    expect(pager.pages).toHaveLength(2);
  });

  it("its own comment that somebody edited is said again", async () => {
    const { github, ports, request, incident } = open();
    const number = incident();
    await alarm(request({ incident: number }), ports);
    github.edit(github.comments(number)[0]?.id ?? 0, "all fine", "mallory");
    await alarm(request({ incident: number }), ports);
    expect(github.comments(number)).toHaveLength(2);
  });

  it("a broken journal is said once, however many runs find it, and again when it is broken in another way", async () => {
    const { github, pager, ports, request, incident } = open();
    const number = incident();
    github.changeIssue(number, { body: "Nothing to see here." }, "mallory");
    for (const runId of [77, 78, 79]) await alarm(request({ incident: number, runId }), ports);
    expect(github.comments(number)).toHaveLength(1);
    expect(github.comments(number)[0]?.body).toContain("neither a journal nor an intake block");
    expect(pager.pages).toMatchObject([{ reason: "journal-broken" }]);
    github.changeIssue(number, { body: "Really nothing." }, "mallory");
    await alarm(request({ incident: number, runId: 80 }), ports);
    expect(github.comments(number)).toHaveLength(2);
    expect(pager.pages).toHaveLength(2);
  });

  it("a locked issue takes no comment: people are paged all the same, and the job fails", async () => {
    const { github, pager, ports, request, incident } = open();
    const number = incident();
    github.changeIssue(number, { locked: true }, "mallory");
    await expect(alarm(request({ incident: number }), ports)).rejects.toThrow("locked");
    expect(pager.pages).toMatchObject([{ incident: number, reason: "automation-error", mentionedAt: null }]);
  });
});

describe("without an issue", () => {
  it("one is opened with the payload, redacted and fenced, and is no incident", async () => {
    const { github, pager, ports, request } = open();
    const payload = { alert: "```\n@everyone", token: secret };
    const { issue } = await alarm(request({ failed: { job: "open", result: "failure" }, payload }), ports);
    const opened = github.issue(issue);
    expect(opened.labels).toEqual([ALARM_LABEL]);
    expect(opened.title).toBe("Gatehouse broke in job open: an alert may be unattended");
    expect(opened.body).toContain("The alert that could not be opened");
    expect(opened.body).not.toContain(secret);
    expect(opened.body).toContain("````");
    expect(pager.pages).toMatchObject([{ incident: issue, link: opened.url }]);
  });

  it("nothing of the payload is shown in a public repository", async () => {
    const { github, ports, request } = open({ visibility: "public" });
    const { issue } = await alarm(request({ payload: { customer: "Ada Lovelace" } }), ports);
    expect(github.issue(issue).body).not.toContain("Lovelace");
  });

  it("an issue that does not exist is as good as none", async () => {
    const { github, ports, request } = open();
    const { issue } = await alarm(request({ incident: 99 }), ports);
    expect(github.issue(issue).labels).toEqual([ALARM_LABEL]);
  });

  it("people are paged though no issue can be opened, and the job fails", async () => {
    const { github, pager, ports, request } = open();
    github.fault({ call: "issues.create", when: "before", error: new Error("GitHub is down") });
    await expect(alarm(request(), ports)).rejects.toThrow("GitHub is down");
    expect(pager.pages).toMatchObject([{ reason: "automation-error", link: "https://github.com/acme/shop/actions/runs/77" }]);
  });

  it("a config that cannot be read does not keep it from saying what it can, and why", async () => {
    const { github, pager, ports, request } = open();
    const unreadable = {
      why: "gatehouse.yml:3:1: unknown key sevices",
      channels: [{ kind: "github", mention: ["@acme/ops"] }],
    } as const;
    const { issue } = await alarm(request({ config: null, unreadable }), ports);
    expect(github.issue(issue).body).toContain("unknown key sevices");
    expect(github.issue(issue).body).toContain("@acme/ops");
    expect(pager.pages).toHaveLength(1);
  });
});
