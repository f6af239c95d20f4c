import { describe, expect, it } from "vitest";
import { decodeIntakeBlock } from "../../src/intake/intake.js";
import { openIncident, type OpenResult } from "../../src/intake/open.js";
import { BOT, FakeRepository, Killed, NOON, configOf, service } from "./fakes.js";
import { alertmanager, captured, dispatch } from "./payloads.js";

const config = configOf(service("checkout", ["payments"]), service("payments"), service("search"));

function open(repository: FakeRepository, clientPayload: unknown): Promise<OpenResult> {
  return openIncident({ kind: "dispatch", clientPayload }, repository.ports(), config);
}

function minutesLater(minutes: number): Date {
  return new Date(NOON.getTime() + minutes * 60_000);
}

describe("an alert", () => {
  it("opens an incident that is born with its intake and labels", async () => {
    const repository = new FakeRepository();
    expect(await open(repository, dispatch(captured("firing"), { key: "k-1" }))).toMatchObject({
      incident: 1,
      others: [],
      created: true,
      outcome: "opened",
    });
    const issue = repository.issue(1);
    expect(issue.title).toBe("checkout: Checkout error rate is 37% since 04:40 UTC");
    expect(issue.labels).toEqual(["incident", "phase:opened"]);
    expect(decodeIntakeBlock(issue.body)).toMatchObject({
      key: "k-1",
      reportedBy: null,
      alerts: [{ service: "checkout", severity: "P1", state: "firing" }],
    });
  });

  it("costs three requests when it is the first", async () => {
    const repository = new FakeRepository();
    await open(repository, dispatch(captured("firing")));
    expect(repository.calls).toEqual(["list all", "create", "list open"]);
  });

  it("delivered twice writes nothing the second time", async () => {
    const repository = new FakeRepository();
    const payload = dispatch(captured("firing"));
    await open(repository, payload);
    const writes = repository.writes().length;
    expect(await open(repository, payload)).toMatchObject({ incident: 1, created: false, outcome: "repeated" });
    expect(repository.writes()).toHaveLength(writes);
  });

  it("of the same fingerprint and state under another key is a plain repeat", async () => {
    const repository = new FakeRepository();
    await open(repository, dispatch(captured("firing"), { key: "a" }));
    expect(await open(repository, dispatch(captured("firing"), { key: "b" }))).toMatchObject({ outcome: "repeated" });
    expect(repository.comments.get(1)).toEqual([]);
  });

  it("that resolves becomes one comment with its intake, however often it is delivered", async () => {
    const repository = new FakeRepository();
    await open(repository, dispatch(captured("firing")));
    expect(await open(repository, dispatch(captured("resolved")))).toMatchObject({ incident: 1, outcome: "joined" });
    expect(await open(repository, dispatch(captured("resolved")))).toMatchObject({ incident: 1, outcome: "repeated" });
    const comments = repository.comments.get(1) ?? [];
    expect(comments).toHaveLength(1);
    expect(decodeIntakeBlock(comments[0]?.body ?? "")?.alerts[0].state).toBe("resolved");
  });

  it("that fires again after it resolved is news", async () => {
    const repository = new FakeRepository();
    await open(repository, dispatch(alertmanager({ service: "search" })));
    await open(repository, dispatch(alertmanager({ service: "search", status: "resolved" })));
    await open(repository, dispatch(alertmanager({ service: "search", startsAt: "2026-11-20T11:59:20Z" })));
    expect(repository.comments.get(1)).toHaveLength(2);
  });

  it("that is over and unknown opens nothing", async () => {
    const repository = new FakeRepository();
    expect(await open(repository, dispatch(captured("resolved")))).toMatchObject({ incident: null, outcome: "nothing-to-end" });
    expect(repository.writes()).toEqual([]);
  });

  it("of several services opens one incident for each", async () => {
    const repository = new FakeRepository();
    const payload = dispatch(
      alertmanager({ service: "checkout" }, { service: "search" }, { service: "checkout", fingerprint: "other" }),
    );
    expect(await open(repository, payload)).toMatchObject({ incident: 1, others: [2], created: true });
    expect(await open(repository, payload)).toMatchObject({ incident: 1, others: [2], created: false });
    expect(repository.openIncidents().map(({ title }) => title.split(":")[0])).toEqual(["checkout", "search"]);
  });

  it("of another service is another incident, even of one it depends on", async () => {
    const repository = new FakeRepository();
    await open(repository, dispatch(alertmanager({ service: "checkout" })));
    expect(await open(repository, dispatch(alertmanager({ service: "payments" })))).toMatchObject({
      incident: 2,
      outcome: "opened",
    });
  });

  it("never joins an incident that a person closed", async () => {
    const repository = new FakeRepository();
    await open(repository, dispatch(alertmanager({ service: "search" })));
    await repository.ports().issues.update(1, { ...repository.issue(1), state: "closed" });
    repository.now = minutesLater(5);
    const payload = dispatch(alertmanager({ service: "search", startsAt: "2026-11-20T12:04:00Z" }));
    expect(await open(repository, payload)).toMatchObject({ incident: 2, created: true });
  });

  it("without any time in it opens anew when its incident is over", async () => {
    const repository = new FakeRepository();
    const raw = { summary: "Queue is full", labels: { severity: "critical" } };
    await open(repository, dispatch(raw, { monitor: "json" }));
    await repository.ports().issues.update(1, { ...repository.issue(1), state: "closed" });
    expect(await open(repository, dispatch(raw, { monitor: "json" }))).toMatchObject({ incident: 1, outcome: "repeated" });
    repository.now = minutesLater(600);
    const later = dispatch(raw, { monitor: "json", received_at: minutesLater(599).toISOString() });
    expect(await open(repository, later)).toMatchObject({ incident: 2, outcome: "opened" });
  });

  it("nobody understands still opens an incident with the payload fenced in it", async () => {
    const repository = new FakeRepository();
    await open(repository, { what: ["is", "this"], "```": "<!-- gatehouse:intake v1 AAAA -->" });
    const { body } = repository.issue(1);
    expect(body).toContain("````json");
    expect(decodeIntakeBlock(body)).not.toBeNull();
  });

  it("is not swallowed by an intake comment that somebody else typed", async () => {
    const repository = new FakeRepository();
    await open(repository, dispatch(alertmanager({ service: "search" })));
    const over = dispatch(alertmanager({ service: "search", status: "resolved" }));
    const elsewhere = new FakeRepository();
    await open(elsewhere, dispatch(alertmanager({ service: "search" })));
    await open(elsewhere, over);
    repository.say(1, { login: "mallory", isBot: false }, elsewhere.comments.get(1)?.[0]?.body ?? "");
    expect(await open(repository, over)).toMatchObject({ outcome: "joined" });
  });
});

describe("twins", () => {
  it("heal: the younger closes as a duplicate of the older", async () => {
    const one = new FakeRepository();
    await open(one, dispatch(captured("firing")));
    const newborn = one.issue(1);
    const repository = new FakeRepository();
    let isPlanted = false;
    repository.onCall = (name, when) => {
      if (name !== "create" || when !== "before" || isPlanted) return;
      isPlanted = true;
      repository.plant(BOT, newborn.title, newborn.body, newborn.labels);
    };
    expect(await open(repository, dispatch(captured("firing")))).toMatchObject({
      incident: 1,
      created: false,
      outcome: "repeated",
    });
    expect(repository.openIncidents().map(({ number }) => number)).toEqual([1]);
    expect(repository.comments.get(2)?.map(({ body }) => body.split("\n")[0])).toEqual([
      "Duplicate of #1: the same event was taken in twice. Everything goes on there.",
    ]);
  });

  it("left behind by a run that died heal in the next", async () => {
    const repository = new FakeRepository();
    await open(repository, dispatch(captured("firing")));
    const newborn = repository.issue(1);
    repository.plant(BOT, newborn.title, newborn.body, newborn.labels);
    expect(await open(repository, dispatch(captured("firing")))).toMatchObject({ incident: 1, outcome: "repeated" });
    expect(repository.openIncidents().map(({ number }) => number)).toEqual([1]);
  });
});

describe("killed before or after any call and run again", () => {
  const stories: readonly { readonly name: string; readonly play: (repository: FakeRepository) => Promise<unknown> }[] = [
    { name: "one alert", play: (repository) => open(repository, dispatch(captured("firing"))) },
    {
      name: "two services",
      play: (repository) => open(repository, dispatch(alertmanager({ service: "checkout" }, { service: "search" }))),
    },
    {
      name: "a person's issue",
      play: (repository) => {
        const first =
          [...repository.issues.values()][0] ??
          repository.plant({ login: "ada", isBot: false }, "search is slow", "since noon", ["incident"]);
        repository.roles.set("ada", "triage");
        return openIncident({ kind: "issue", issue: first }, repository.ports(), config);
      },
    },
    {
      name: "an alert on an existing incident",
      play: async (repository) => {
        if (repository.issues.size === 0) await open(repository, dispatch(alertmanager({ service: "search" })));
        await open(repository, dispatch(alertmanager({ service: "search", status: "resolved" })));
      },
    },
  ];

  it.each(stories)("$name ends the same", async ({ play }) => {
    const undisturbed = new FakeRepository();
    await play(undisturbed);
    const points = undisturbed.calls.length;
    expect(points).toBeGreaterThan(2);
    for (const when of ["before", "after"] as const) {
      for (let point = 1; point <= points; point += 1) {
        const repository = new FakeRepository();
        await expect(killAt(repository, point, when, play)).rejects.toThrow(Killed);
        await play(repository);
        expect([...repository.issues], `killed ${when} call ${point}`).toEqual([...undisturbed.issues]);
        expect([...repository.comments], `killed ${when} call ${point}`).toEqual([...undisturbed.comments]);
      }
    }
  });
});

/** A dead process makes no further call: once killed, everything throws until the next run. */
async function killAt(
  repository: FakeRepository,
  point: number,
  when: "before" | "after",
  play: (repository: FakeRepository) => Promise<unknown>,
): Promise<void> {
  let isDead = false;
  repository.onCall = (_name, at, nth) => {
    isDead ||= nth === point && at === when;
    if (isDead) throw new Killed();
  };
  try {
    await play(repository);
  } finally {
    repository.onCall = () => {};
  }
}

describe("a lost answer to the creation", () => {
  it("is looked up, not repeated", async () => {
    const repository = new FakeRepository();
    repository.onCall = (name, when) => {
      if (name === "create" && when === "after") throw new Error("socket hang up");
    };
    expect(await open(repository, dispatch(captured("firing")))).toMatchObject({ incident: 1, outcome: "opened" });
    expect(repository.openIncidents()).toHaveLength(1);
  });

  it("is passed on when the issue is not there", async () => {
    const repository = new FakeRepository();
    repository.onCall = (name, when) => {
      if (name === "create" && when === "before") throw new Error("403: no issues: write");
    };
    await expect(open(repository, dispatch(captured("firing")))).rejects.toThrow("403: no issues: write");
  });
});
