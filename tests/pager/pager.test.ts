import { describe, expect, it } from "vitest";
import type { Channel } from "../../src/config/config.js";
import { createPager, type PagerDeps } from "../../src/pager/pager.js";
import { createFakeGitHub } from "../fakes/world.js";
import { pageMessage } from "./message.js";

const MENTION: Channel = { kind: "github", mention: ["@acme/on-call", "@octocat"] };
const WEBHOOK: Channel = { kind: "webhook", urlEnv: "PAGER_URL" };

function arrange(change: Partial<PagerDeps> = {}) {
  const github = createFakeGitHub();
  const { number } = github.openIssue("github-actions[bot]", { title: "Checkout fails", body: "" });
  const sent: Request[] = [];
  const warnings: string[] = [];
  const deps: PagerDeps = {
    comments: github.ports.comments,
    existingComments: async () => github.comments(number),
    env: (name) => (name === "PAGER_URL" ? "https://pager.example/hook/s3cret" : undefined),
    fetch: async (input, init) => {
      sent.push(new Request(input, init));
      return new Response(null, { status: 202 });
    },
    sleep: async () => {},
    warn: (text) => void warnings.push(text),
    ...change,
  };
  return { github, deps, sent, warnings, message: pageMessage({ incident: number }) };
}

describe("a page", () => {
  it("reaches every channel", async () => {
    const { github, deps, sent, message } = arrange();
    expect(await createPager([MENTION, WEBHOOK], deps).page(message)).toEqual({
      reached: ["github", "webhook:PAGER_URL"],
      failed: [],
    });
    expect(sent).toHaveLength(1);
    expect(github.comments().map((comment) => comment.body)).toEqual([expect.stringContaining("@acme/on-call @octocat")]);
  });

  it.each([
    { name: "the issue is locked", failing: "github", change: {}, lock: true },
    { name: "the variable is missing", failing: "webhook:PAGER_URL", change: { env: () => undefined }, lock: false },
  ])("still reaches the other channel when $name", async ({ failing, change, lock }) => {
    const { github, deps, message, warnings } = arrange(change);
    github.changeIssue(message.incident, { locked: lock }, "admin");
    const { reached, failed } = await createPager([MENTION, WEBHOOK], deps).page(message);
    expect(failed).toEqual([failing]);
    expect(reached).toHaveLength(1);
    expect(warnings).toHaveLength(1);
  });

  it("says that it reached nobody when there is no channel", async () => {
    const { deps, message } = arrange();
    expect(await createPager([], deps).page(message)).toEqual({ reached: [], failed: [] });
  });
});

describe("the mention on the issue", () => {
  it("is posted once for a key, however often it is asked for", async () => {
    const { github, deps, message } = arrange();
    for (let time = 0; time < 3; time += 1)
      expect((await createPager([MENTION], deps).page(message)).reached).toEqual(["github"]);
    expect(github.comments()).toHaveLength(1);
  });

  it("is posted for each key", async () => {
    const { github, deps, message } = arrange();
    const pager = createPager([MENTION], deps);
    await pager.page(message);
    await pager.page({ ...message, key: `${message.key}:again` as typeof message.key });
    expect(github.comments()).toHaveLength(2);
  });

  it("is not held back by somebody who typed the marker", async () => {
    const { github, deps, message } = arrange();
    await createPager([MENTION], deps).page(message);
    const marker = github.comments()[0]?.body ?? "";
    const second = arrange();
    second.github.say("mallory", marker);
    await createPager([MENTION], second.deps).page(second.message);
    expect(second.github.comments().map((comment) => comment.author.login)).toEqual(["mallory", "github-actions[bot]"]);
  });

  it("is found again after the answer to the post was lost", async () => {
    const { github, deps, message } = arrange();
    github.fault({ call: "comments.post", when: "after", error: new Error("502") });
    const pager = createPager([MENTION], deps);
    expect((await pager.page(message)).failed).toEqual(["github"]);
    expect((await pager.page(message)).reached).toEqual(["github"]);
    expect(github.comments()).toHaveLength(1);
  });
});
