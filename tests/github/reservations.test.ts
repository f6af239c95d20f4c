import { afterEach, describe, expect, it } from "vitest";
import { startHttpGitHub, type HttpGitHub, type Script, type Scripted } from "./http-github.js";

let github: HttpGitHub | null = null;
afterEach(async () => {
  await github?.close();
  github = null;
});
async function serve(script: Script): Promise<HttpGitHub> {
  github = await startHttpGitHub(script);
  return github;
}
const DIGEST = "d".repeat(64);
const repository = (fields: unknown): Scripted => ({ body: { data: { repository: fields } } });
const tags = (...nodes: { name: string; message?: string }[]): Scripted =>
  repository({ refs: { nodes: nodes.map(({ name, message }) => ({ name, target: message === undefined ? {} : { message } })) } });

describe("reservations", () => {
  it("reads k and run id of each tag, in order", async () => {
    const { ports } = await serve(() =>
      tags({ name: "2", message: "200\n" }, { name: `gatehouse/plan/3/${DIGEST}/1`, message: "100\n" }),
    );
    expect(await ports.reservations.of(3, DIGEST)).toEqual([
      { k: 1, runId: 100 },
      { k: 2, runId: 200 },
    ]);
  });

  it.each([
    { name: "a tag without a message", tag: { name: "1" } },
    { name: "a message that is no run id", tag: { name: "1", message: "mine" } },
    { name: "a name that is no number", tag: { name: "x", message: "5" } },
    { name: "a number that is too long", tag: { name: "1234567890", message: "5" } },
    { name: "a zero", tag: { name: "0", message: "5" } },
  ])("takes $name for a reservation of nobody, after all others: it is not overlooked and stops no reader", async ({ tag }) => {
    const { ports } = await serve(() => tags(tag, { name: "2", message: "200" }));
    expect(await ports.reservations.of(3, DIGEST)).toEqual([
      { k: 2, runId: 200 },
      { k: Number.MAX_SAFE_INTEGER, runId: 0 },
    ]);
  });

  const reserve = (ports: HttpGitHub["ports"]) => ports.reservations.reserve(3, DIGEST, { k: 1, runId: 100 }, "c".repeat(40));
  function script(refAnswers: readonly Scripted[], standing: Scripted): Script {
    const left = [...refAnswers];
    return ({ path }) => {
      if (path.endsWith("/git/tags")) return { status: 201, body: { sha: "e".repeat(40) } };
      if (path.endsWith("/git/refs")) return left.shift() ?? { status: 500, body: {} };
      return standing;
    };
  }
  const exists = { status: 422, body: { message: "Reference already exists" } };

  it.each([
    { name: "reserves when the ref is new", refs: [{ status: 201, body: {} }], standing: tags(), expected: "reserved" },
    { name: "is too late when the ref exists", refs: [exists], standing: tags({ name: "1", message: "100" }), expected: "taken" },
    {
      name: "finds its own tag after a lost answer",
      refs: [{ hangUp: true }],
      standing: tags({ name: "1", message: "100" }),
      expected: "reserved",
    },
    {
      name: "finds another's tag after a lost answer",
      refs: [{ status: 502, body: {} }],
      standing: tags({ name: "1", message: "999" }),
      expected: "taken",
    },
    {
      name: "tries again when nothing stands there after a lost answer",
      refs: [
        { status: 502, body: {} },
        { status: 201, body: {} },
      ],
      standing: tags(),
      expected: "reserved",
    },
  ])("$name", async ({ refs, standing, expected }) => {
    const { ports } = await serve(script(refs, standing));
    expect(await reserve(ports)).toBe(expected);
  });

  it("recognises its own first attempt that arrived late", async () => {
    let looks = 0;
    const answers: Scripted[] = [{ hangUp: true }, exists];
    const { ports } = await serve(({ path }) => {
      if (path.endsWith("/git/tags")) return { status: 201, body: { sha: "e".repeat(40) } };
      if (path.endsWith("/git/refs")) return answers.shift() ?? { status: 500, body: {} };
      looks += 1;
      return looks === 1 ? tags() : tags({ name: "1", message: "100" });
    });
    expect(await reserve(ports)).toBe("reserved");
  });

  it("fails when it never learns what happened", async () => {
    const { ports } = await serve(script([], tags()));
    await expect(reserve(ports)).rejects.toMatchObject({ name: "GitHubDownError" });
  });

  it("makes an annotated tag whose message is the run id", async () => {
    const { ports, asked } = await serve(script([{ status: 201, body: {} }], tags()));
    await reserve(ports);
    expect(asked.map((request) => request.body)).toEqual([
      { tag: `gatehouse/plan/3/${DIGEST}/1`, message: "100", object: "c".repeat(40), type: "commit" },
      { ref: `refs/tags/gatehouse/plan/3/${DIGEST}/1`, sha: "e".repeat(40) },
    ]);
  });
});
