import { describe, expect, it } from "vitest";
import type { MindFact } from "../../src/incident/facts.js";
import { findOurs, keysTold, postOnce } from "../../src/mind/comments.js";
import { readInbox } from "../../src/mind/inbox.js";
import { preview } from "../../src/mind/respond.js";
import { catalogue } from "../../src/actions/catalogue.js";
import { encodeIntakeBlock } from "../../src/intake/intake.js";
import { marker, readMarker } from "../../src/render/marker.js";
import { BOT, type FakeGitHub } from "../fakes/world.js";
import { comment, executionBody, journalBody, mind, mindFacts, newKey, person } from "../incident/support.js";
import { serviceWith } from "../plan/support.js";
import * as sample from "../render/sample.js";
import { config, intake, openStage, ours, type Stage } from "./support.js";

const waiting = mindFacts(sample.waiting());
const escalated: MindFact = { fact: "escalated", at: sample.at("03:16:40"), reason: "unsure", detail: sample.outside("") };
const withPeople = [...mindFacts(sample.diagnosedFacts()), escalated];
const happened = async (stage: Stage): Promise<readonly string[]> => {
  const result = await stage.respond();
  if (result.kind === "foreign") return ["foreign"];
  return result.kind === "rested" ? result.happened : [result.reason];
};

describe("a newborn issue", () => {
  it("is taken in, diagnosed and signed, once", async () => {
    const stage = openStage(null);
    const result = await stage.respond();
    expect(result).toMatchObject({ kind: "rested" });
    expect(stage.journal().facts[0]).toMatchObject({ fact: "opened", key: "k1" });
    expect(stage.journal().facts.map(({ fact }) => fact)).toContain("diagnosed");
  });

  it.each<{ name: string; change: (stage: Stage) => void; reason: string }>([
    {
      name: "somebody edited it",
      change: ({ github, incident }) => github.changeIssue(incident, { body: `${encodeIntakeBlock(intake)} ` }, "mallory"),
      reason: "journal-broken",
    },
    {
      name: "the mind's environment is open to any branch",
      change: ({ github }) =>
        void github.state.environments.set("gatehouse-mind", {
          name: "gatehouse-mind",
          exists: true,
          branches: null,
          requiredReviewers: 0,
        }),
      reason: "environment-unprotected",
    },
    {
      name: "the mind's environment does not exist",
      change: ({ github }) => void github.state.environments.delete("gatehouse-mind"),
      reason: "environment-missing",
    },
  ])("is refused, and nothing is written, when $name: $reason", async ({ change, reason }) => {
    const stage = openStage(null);
    change(stage);
    const before = stage.github.issue();
    expect(await stage.respond()).toMatchObject({ kind: "refused", reason });
    expect(stage.github.issue()).toEqual(before);
    expect(ours(stage)).toEqual([]);
  });

  it("is refused in a public repository, unless that is allowed", async () => {
    const stage = openStage(null, { visibility: "public" });
    expect(await stage.respond()).toMatchObject({ reason: "public-repository" });
    expect(await stage.respond({ config: { ...config, allowPublic: true } })).toMatchObject({ kind: "rested" });
  });

  it("that does not exist is refused", async () => {
    expect(await openStage(null).respond({ incident: 99 })).toMatchObject({ why: "There is no issue #99." });
  });
});

describe("a journal", () => {
  it.each([
    { name: "signed by a stranger", body: journalBody(waiting, { repository: 4711, issue: 1 }, newKey("m1").signing) },
    { name: "of another repository", body: journalBody(waiting, { repository: 1, issue: 1 }) },
    { name: "cut away", body: "Nothing to see here." },
  ])("$name is refused, and nothing is written", async ({ body }) => {
    const stage = openStage(waiting);
    stage.github.changeIssue(stage.incident, { body }, "mallory");
    expect(await stage.respond()).toMatchObject({ kind: "refused", reason: "journal-broken" });
    expect(stage.github.issue().body).toBe(body);
  });

  it("that moved while the mind was at work is read again, and nothing is said twice", async () => {
    const stage = openStage(withPeople);
    const { body } = stage.github.issue();
    const question = stage.github.say("rita", "/status", stage.incident);
    let moved = false;
    const issues = {
      create: (change: Parameters<typeof stage.ports.issues.create>[0]) => stage.ports.issues.create(change),
      current: (incident: number) => stage.ports.issues.current(incident),
      update: (incident: number, change: Parameters<typeof stage.ports.issues.update>[1]) =>
        stage.ports.issues.update(incident, change),
    };
    const slowReactor = {
      react: async (id: number, reaction: "seen" | "done" | "refused") => {
        await stage.ports.reactor.react(id, reaction);
        if (moved || reaction !== "done") return;
        moved = true; // another mind has written in the meantime
        stage.github.changeIssue(
          stage.incident,
          { body: journalBody([...withPeople, escalated], { repository: 4711, issue: 1, revision: 4 }) },
          BOT.login,
        );
        stage.github.advance(60_000);
      },
    };
    expect(await stage.respond({}, { issues, reactor: slowReactor })).toMatchObject({ kind: "rested" });
    expect(stage.github.issue().body).not.toBe(body);
    expect(ours(stage).filter((text) => readMarker(text)?.key === `answer:${question.id}`)).toHaveLength(1);
    expect(stage.journal().revision).toBeGreaterThanOrEqual(5);
  });
});

describe("the mind comes to rest", () => {
  it("where nothing is due, and writes nothing", async () => {
    const stage = openStage(withPeople);
    await stage.respond();
    const { body } = stage.github.issue();
    const since = stage.github.calls.length + 1;
    expect(await happened(stage)).toEqual([]);
    expect(stage.github.issue().body).toBe(body);
    expect(stage.github.transcript(since).filter((call) => /update|post|page|react$/.test(call))).toEqual([]);
  });

  it("though no pager can be reached: each page is tried once, the rest goes on, and the next wake-up tries again", async () => {
    const stage = openStage(null);
    stage.pager.failing = ["fake"];
    expect(await stage.respond()).toMatchObject({ kind: "rested", wait: { for: "people" } });
    expect(stage.pager.attempts.map(({ reason }) => reason)).toEqual(["opened", "unsure"]);
    stage.pager.failing = [];
    await stage.respond();
    expect(stage.pager.pages.map(({ reason }) => reason)).toEqual(["opened", "unsure"]);
  });

  it("though very many people have asked something at once", async () => {
    const stage = openStage(withPeople);
    for (let n = 0; n < 70; n += 1) stage.github.say("rita", "/status", stage.incident);
    expect(await stage.respond()).toMatchObject({ kind: "rested" });
    expect(await happened(stage)).toEqual([]);
  });

  it("when the monitor says that an incident of an unknown service is over", async () => {
    const stranger = { ...sample.alert, service: null };
    const unknown: MindFact[] = [
      { ...sample.opened, alerts: [stranger] } as MindFact,
      ...mindFacts(sample.diagnosedFacts()).slice(1, 2),
      { ...escalated, reason: "unknown-service" },
    ];
    const stage = openStage(unknown);
    const resolved = { key: "k2", alerts: [{ ...stranger, state: "resolved" }], reportedBy: null } as const;
    stage.github.say(BOT.login, encodeIntakeBlock(resolved), stage.incident);
    expect(await stage.respond()).toMatchObject({ kind: "rested", wait: { for: "people" } });
    expect(stage.journal().facts).toContainEqual(expect.objectContaining({ fact: "recovery-checked", healthy: null }));
  });
});

describe("a recovery that the monitor reports", () => {
  it.each([
    { name: "is believed when it is measured", ratio: 0.01, firing: false, healthy: true, phase: "resolved" },
    { name: "is not believed while requests fail", ratio: 0.3, firing: false, healthy: false, phase: "escalated" },
    { name: "is not believed while the alert fires", ratio: 0.01, firing: true, healthy: false, phase: "escalated" },
    { name: "stays open when nothing can be measured", ratio: null, firing: false, healthy: null, phase: "escalated" },
    { name: "stays open when nobody can tell of the alert", ratio: 0.01, firing: null, healthy: null, phase: "escalated" },
  ])("$name", async ({ ratio, firing, healthy, phase }) => {
    const stage = openStage(withPeople);
    stage.signals.values.set("error-ratio", ratio);
    stage.signals.firing = firing;
    const resolved = { key: "k2", alerts: [{ ...sample.alert, state: "resolved" }], reportedBy: null } as const;
    stage.github.say(BOT.login, encodeIntakeBlock(resolved), stage.incident);
    await stage.respond();
    expect(stage.journal().facts).toContainEqual(expect.objectContaining({ fact: "recovery-checked", healthy }));
    expect(stage.journal().incident.phase.at).toBe(phase);
  });
});

describe("a command", () => {
  it("gets a look, an answer and a sign, and is answered once", async () => {
    const stage = openStage(withPeople);
    const { id } = stage.github.say("tess", "/ack", stage.incident);
    await stage.respond();
    await stage.respond();
    const thread = stage.github.comments(stage.incident).find((each) => each.id === id);
    expect(thread?.ourReactions).toEqual(["seen", "done"]);
    expect(stage.journal().incident.acknowledgedBy).toBe("tess");
    expect(stage.journal().facts.filter(({ fact }) => fact === "command")).toHaveLength(1);
  });

  it.each([
    { name: "of the wrong person", by: "rita", body: "/hold", reason: "no-role" },
    { name: "of a stranger", by: "mallory", body: "/resolve", reason: "no-role" },
    { name: "that nobody knows", by: "tess", body: "/lgtm", reason: "unknown-command" },
    { name: "without a plan to approve", by: "alice", body: "/approve", reason: "no-plan" },
    {
      name: "for a plan that the guard refuses",
      by: "will",
      body: "/plan github.workflow release to=v99",
      reason: "bad-parameters",
    },
  ])("$name is refused in one comment that says why: $reason", async ({ by, body, reason }) => {
    const stage = openStage(withPeople);
    const { id } = stage.github.say(by, body, stage.incident);
    await stage.respond();
    await stage.respond();
    const refusals = ours(stage).filter((text) => readMarker(text)?.key === `refusal:${id}`);
    expect(refusals).toHaveLength(1);
    const thread = stage.github.comments(stage.incident).find((each) => each.id === id);
    expect(thread?.ourReactions).toEqual(["seen", "refused"]);
    expect(stage.journal().facts).toContainEqual(
      expect.objectContaining({ fact: "command", comment: id, outcome: "refused", reason }),
    );
  });

  it("of a person who may writes a plan through the same guard", async () => {
    const stage = openStage(withPeople);
    stage.github.say("will", "/plan github.workflow release to=previous", stage.incident);
    await stage.respond();
    expect(stage.journal().incident.phase).toMatchObject({
      at: "awaiting-approval",
      plan: { proposedBy: "will", plan: { steps: [{ after: "v141" }] } },
    });
  });

  it("that replaces a plan whose comment was edited makes a plan that can be approved", async () => {
    const stage = openStage(withPeople);
    stage.github.say("will", "/plan github.workflow release to=previous", stage.incident);
    await stage.respond();
    const asked = stage.github.comments(stage.incident).find(({ body }) => readMarker(body)?.key.startsWith("plan:"));
    stage.github.edit(asked?.id ?? 0, "harmless", "mallory");
    stage.github.advance(60_000);
    stage.github.say("will", "/plan github.workflow release to=previous", stage.incident);
    await stage.respond();
    expect(stage.journal().incident).toMatchObject({
      plans: [{}, {}],
      phase: { at: "awaiting-approval", plan: { plan: { sequence: 2 } } },
    });
  });

  it("hides what looks like a secret before it is kept", async () => {
    const stage = openStage(withPeople);
    const secret = `ghp_${"a1B2".repeat(9)}`;
    stage.github.say("tess", `/cause the token ${secret} was revoked`, stage.incident);
    await stage.respond();
    expect(stage.journal().incident.causeByPerson).not.toContain(secret);
    expect(stage.github.issue().body).not.toContain(secret);
  });
});

describe("an issue that was never an incident", () => {
  it.each([
    { name: "another workflow's", labels: ["report"], body: "Broken links found." },
    { name: "an alarm's", labels: ["gatehouse-alarm"], body: "The automation broke." },
  ])("is left alone when it is $name", async ({ labels, body }) => {
    const stage = openStage(withPeople);
    const { number } = stage.github.openIssue(BOT.login, { title: "x", body, labels });
    const before = stage.github.issue(number);
    expect(await stage.respond({ incident: number })).toEqual({ kind: "foreign", issue: number });
    expect(stage.github.issue(number)).toEqual(before);
    expect(stage.github.comments(number)).toEqual([]);
    expect(stage.pager.pages).toEqual([]);
  });

  it("is not what an incident becomes whose journal somebody cut out", async () => {
    const stage = openStage(withPeople);
    stage.github.changeIssue(stage.incident, { body: "All fine." }, "mallory");
    expect(await stage.respond()).toMatchObject({ kind: "refused", reason: "journal-broken" });
  });
});

describe("postOnce", () => {
  const key = "outcome:1";
  const text = `Told.\n\n${marker(key, 3)}`;
  it.each([
    { name: "ours", thread: comment(7, text), found: true },
    { name: "ours but edited", thread: comment(7, text, { editedAt: sample.at("03:20:00") }), found: false },
    { name: "a person's", thread: comment(7, text, { author: person("mallory") }), found: false },
    { name: "another bot's", thread: comment(7, text, { author: { login: "other[bot]", isBot: true } }), found: false },
    { name: "of another key", thread: comment(7, `Told.\n\n${marker("outcome:2", 3)}`), found: false },
    { name: "with the key in the middle", thread: comment(7, `${marker(key, 3)}\nmore`), found: false },
  ])("finds a comment that is $name: $found", ({ thread, found }) => {
    expect(findOurs(key, [thread], BOT.login) !== null).toBe(found);
    expect(keysTold([thread], BOT.login).has(key)).toBe(found);
  });

  it.each([
    { name: "our very words", body: text, taken: true },
    { name: "other words under our key", body: `Told otherwise.\n\n${marker(key, 3)}`, taken: false },
    { name: "more after our words", body: `Told.\n\n<!-- x -->\nAnd more.\n\n${marker(key, 3)}`, taken: false },
  ])("takes $name for the comment that people will approve: $taken", async ({ body, taken }) => {
    const stage = openStage(withPeople);
    const { ports, github } = stage;
    const looked = await ports.desk.look(stage.incident);
    const snapshot = { ...looked, comments: [comment(7, body)] };
    const journal = {
      ...stage.journal(),
      issue: github.issue(),
      key: { id: "m1" },
      note: () => undefined,
      flush: () => Promise.resolve(),
    };
    const answer = await postOnce(key, "Told.", { ports, config, snapshot, journal, catalogue }, "same-text");
    expect(answer.id === 7).toBe(taken);
    expect(answer.body).toMatch(/^Told\.\n\n<!-- gatehouse:outcome:1 r\d+ -->$/);
  });

  it("writes what is not there with its key and the stored revision, and nothing the second time", async () => {
    const stage = openStage(withPeople);
    const { ports, github } = stage;
    const post = async (): Promise<number> => {
      const snapshot = await ports.desk.look(stage.incident);
      const journal = {
        ...stage.journal(),
        issue: github.issue(),
        key: { id: "m1" },
        note: () => undefined,
        flush: () => Promise.resolve(),
      };
      return (await postOnce(key, "Told.", { ports, config, snapshot, journal, catalogue })).id;
    };
    expect(await post()).toBe(await post());
    expect(ours(stage).map((body) => readMarker(body))).toEqual([{ key, revision: 3 }]);
  });
});

describe("readInbox", () => {
  async function inboxOf(stage: Stage) {
    return readInbox(await stage.ports.desk.look(stage.incident), stage.journal(), config, stage.ports);
  }
  const said = (github: FakeGitHub, login: string) => github.say(login, encodeIntakeBlock({ ...intake, key: "k2" }));

  it("believes an intake of our own bot, unedited, and no other", async () => {
    const stage = openStage(withPeople);
    const good = said(stage.github, BOT.login);
    said(stage.github, "mallory");
    said(stage.github, "other[bot]");
    stage.github.edit(said(stage.github, BOT.login).id, `${encodeIntakeBlock(intake)} `, "mallory");
    const { intakes } = await inboxOf(stage);
    expect(intakes.map(({ comment: id }) => id)).toEqual([good.id]);
  });

  it("asks nothing of the gate before a plan is approved, and everything after a run of it ended", async () => {
    const idle = openStage(withPeople);
    expect((await inboxOf(idle)).gate).toBeNull();
    expect(idle.github.transcript()).toEqual(["desk.look"]);

    const approved = openStage(mindFacts(sample.approved()));
    expect(await inboxOf(approved)).toMatchObject({ gate: { runs: [], admission: { kind: "admitted" } } });
  });

  it("knows that a dead plan is used up once its last tag stands, and asks only while that is not noted", async () => {
    const rejected = [...mindFacts(sample.approved()), { ...escalated, reason: "rejected" }];
    const stage = openStage(rejected);
    const { digest } = stage.journal().incident.plans[0] ?? { digest: "" };
    expect((await inboxOf(stage)).burned).toEqual([]);
    stage.github.state.tags.set(`gatehouse/plan/${stage.incident}/${digest}/1`, { message: "6", commit: "c" });
    expect((await inboxOf(stage)).burned).toEqual([]); // its run may have died: another could follow
    stage.github.state.tags.set(`gatehouse/plan/${stage.incident}/${digest}/5`, { message: "7", commit: "c" });
    const { burned } = await inboxOf(stage);
    expect(burned).toMatchObject([{ fact: "burned", digest }]);

    const noted = openStage([...rejected, ...burned]);
    expect((await inboxOf(noted)).burned).toEqual([]);
    expect(noted.github.transcript()).not.toContain("reservations.of");
  });

  it("knows an execution that the journal has not seen, and one that went on since", async () => {
    const facts = mindFacts(sample.approved());
    const stage = openStage(facts);
    const place = { repository: 4711, issue: 1 };
    const record = stage.github.say(BOT.login, executionBody(sample.started(), { ...place, revision: 2 }), stage.incident);
    const inbox = await inboxOf(stage);
    expect(inbox.executions).toMatchObject([{ fact: "execution-seen", comment: record.id, revision: 2 }]);
    const seen = inbox.executions[0];
    stage.github.changeIssue(stage.incident, { body: journalBody([...facts, seen], { ...place, revision: 4 }) }, BOT.login);
    expect((await inboxOf(stage)).executions).toEqual([]);
    stage.github.edit(record.id, executionBody(sample.started(), { ...place, revision: 3 }), BOT.login);
    expect((await inboxOf(stage)).executions).toMatchObject([{ revision: 3 }]);
  });

  it("looks for the post-mortem only once there is a story to file", async () => {
    const resolved = openStage(mindFacts(sample.recovered()).slice(0, -1));
    expect((await inboxOf(resolved)).filedAt).toBeNull();
    const narrated = openStage([...mindFacts(sample.unsure()), ...mindFacts(sample.filed()).slice(-3, -1)]);
    expect((await inboxOf(narrated)).filedAt).toBeNull();
    const path = narrated.github.calls.find(({ port, method }) => port === "archive" && method === "file")?.args ?? "[]";
    narrated.github.commitFile((JSON.parse(path) as string[])[0] ?? "", "# Post-mortem");
    expect((await inboxOf(narrated)).filedAt).toMatchObject({ via: "commit" });
  });
});

describe("preview", () => {
  it("says what would be done first and changes nothing", async () => {
    const stage = openStage(null);
    const before = stage.github.issue();
    const request = { incident: stage.incident, config, key: mind.signing, catalogue };
    expect(await preview(request, stage.ports)).toMatchObject({ do: "triage" });
    expect(stage.github.issue()).toEqual(before);
    expect(stage.github.transcript().filter((call) => /update|post|create|react$|page/.test(call))).toEqual([]);
  });
});

it("a service in mode observe is diagnosed and handed to people, and no plan is made", async () => {
  const observed = { ...config, services: new Map([["checkout", serviceWith({ mode: "observe" })]]) };
  const stage = openStage(mindFacts(sample.diagnosedFacts()));
  await stage.respond({ config: observed });
  expect(stage.journal().incident).toMatchObject({ phase: { at: "escalated", reason: "observe-mode" }, plans: [] });
});
