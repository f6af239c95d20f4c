import { describe, expect, it } from "vitest";
import { createStage, type Stage } from "./driver.js";

const PATH = "postmortems/2026/1-checkout-connection-pool-exhausted.md";

async function fixed(stage: Stage): Promise<void> {
  await stage.alert();
  stage.told();
  await stage.say("alice", "/approve");
}
function afterwards(stage: Stage): string {
  return stage.told().replace(/^[^]*?wake #1.*\n/, "");
}

describe("filing the post-mortem", () => {
  it("keeps a file that is there already: people may have edited it", async () => {
    const stage = createStage();
    stage.github.commitFile(PATH, "What really happened, by alice.\n");
    await fixed(stage);
    expect(afterwards(stage)).toMatchInlineSnapshot(`
      "respond #1: Did: note, resolve, tell, narrate. → resolved next archive
        + comment outcome
      archive #1: postmortems/2026/1-checkout-connection-pool-exhausted.md exists and is left as it is.
      wake #1: woke the mind
      respond #1: Did: file. → closed"
    `);
    expect(stage.github.state.files.get(PATH)).toBe("What really happened, by alice.\n");
    expect(stage.called("archive.commit")).toBe(0);
  });

  it("looks again when somebody else committed in between", async () => {
    const stage = createStage();
    const { archive } = stage.github.ports;
    let others = 2;
    const commit: typeof archive.commit = (request) => {
      others -= 1;
      if (others >= 0) stage.github.commitFile(`README-${others}.md`, "hello");
      return archive.commit(request);
    };
    Object.assign(stage.github, { ports: { ...stage.github.ports, archive: { ...archive, commit } } });
    await fixed(stage);
    expect(afterwards(stage)).toMatchInlineSnapshot(`
      "respond #1: Did: note, resolve, tell, narrate. → resolved next archive
        + comment outcome
      archive #1: Filed postmortems/2026/1-checkout-connection-pool-exhausted.md by commit.
        + commit Change README-1.md
        + commit Change README-0.md
        + commit docs: post-mortem of incident #1
      wake #1: woke the mind
      respond #1: Did: file. → closed"
    `);
    expect(stage.called("archive.commit")).toBe(3);
  });

  it("opens a pull request where the branch is protected, and does not wait for it", async () => {
    const stage = createStage();
    stage.github.state.trunkIsProtected = true;
    await fixed(stage);
    expect(afterwards(stage)).toMatchInlineSnapshot(`
      "respond #1: Did: note, resolve, tell, narrate. → resolved next archive
        + comment outcome
      archive #1: Filed postmortems/2026/1-checkout-connection-pool-exhausted.md by pull-request.
        + pull request gatehouse/postmortem-1
      wake #1: woke the mind
      respond #1: Did: file. → closed"
    `);
    await stage.sweep();
    expect(stage.github.state.pulls).toHaveLength(1);
    expect(stage.end().phase).toBe("closed");
  });

  it("opens a pull request at once where the config asks for it", async () => {
    const stage = createStage({ config: { postmortem: "via: pull-request" } });
    await fixed(stage);
    expect(stage.called("archive.commit")).toBe(0);
    expect(stage.github.state.pulls.map(({ files }) => files.map(({ path }) => path))).toEqual([[PATH, "postmortems/README.md"]]);
  });

  it("fails aloud where it may neither commit nor open a pull request, and is done when that is put right", async () => {
    const stage = createStage({ config: { postmortem: "via: commit" } });
    stage.github.state.trunkIsProtected = true;
    await fixed(stage);
    expect(afterwards(stage)).toMatchInlineSnapshot(`
      "respond #1: Did: note, resolve, tell, narrate. → resolved next archive
        + comment outcome
      archive #1: broke: The default branch is protected against this commit. Set postmortem.via to auto or pull-request.
      alarm #1: said so (automation-error)
        + comment alarm
        + page automation-error (P1)"
    `);
    stage.github.state.trunkIsProtected = false;
    await stage.sweep();
    expect(stage.end()).toMatchObject({ phase: "closed" });
  });
});
