import type { IncomingHttpHeaders } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { askJson, endpointOf, MAX_ANSWER_BYTES, type HttpOptions } from "../../src/evidence/ask.js";
import type { HttpAuth } from "../../src/config/config.js";
import { SourceUnavailableError } from "../../src/evidence/unavailable.js";
import { json, serve, type LocalServer, type Reply } from "./support/server.js";

const TOKEN = "tok-very-secret-1234567890";
let server: LocalServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function ask(reply: Reply, overrides: Partial<HttpOptions> = {}, timeoutMs = 5_000): Promise<unknown> {
  server = await serve(reply);
  const reached = { url: `${server.url}/base/`, token: TOKEN, tokenEnv: "PROMETHEUS_TOKEN", ...overrides };
  const endpoint = endpointOf("prometheus", reached);
  return askJson(endpoint, { path: "/api/v1/query", params: { query: 'up{a="b&c"}' }, signal: AbortSignal.timeout(timeoutMs) });
}

async function failure(asking: Promise<unknown>): Promise<SourceUnavailableError> {
  const error: unknown = await asking.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SourceUnavailableError)) throw new Error("expected a SourceUnavailableError");
  return error;
}

describe("a question", () => {
  it("keeps the base path, encodes its parameters and sends the token as a header", async () => {
    await expect(ask((_request, response) => json(response, { status: "success" }))).resolves.toEqual({ status: "success" });
    expect(server?.seen).toMatchObject([{ path: "/base/api/v1/query", authorization: `Bearer ${TOKEN}` }]);
    expect(server?.seen[0]?.params.get("query")).toBe('up{a="b&c"}');
  });

  it.each<{ auth: HttpAuth; sent: Record<string, string> }>([
    { auth: { kind: "basic" }, sent: { authorization: `Basic ${Buffer.from(TOKEN).toString("base64")}` } },
    { auth: { kind: "api-key" }, sent: { authorization: `ApiKey ${TOKEN}` } },
    { auth: { kind: "header", name: "X-Api-Key" }, sent: { "x-api-key": TOKEN } },
  ])("sends the token as $auth says", async ({ auth, sent }) => {
    let headers: IncomingHttpHeaders = {};
    await ask(
      (_request, response, raw) => {
        headers = raw.headers;
        json(response, {});
      },
      { auth },
    );
    expect(headers).toMatchObject(sent);
    expect("authorization" in headers).toBe("authorization" in sent);
  });

  it("that is refused for want of a token says which variable is not set", async () => {
    const refused: Reply = (_request, response) => json(response, {}, 401);
    const { message } = await failure(ask(refused, { token: null }));
    expect(message).toMatch(
      /answered 401: check PROMETHEUS_TOKEN, which is not set in this job: map it from a secret in the workflow\.$/,
    );
  });

  it("sends no header without a token", async () => {
    await ask((_request, response) => json(response, {}), { token: null });
    expect(server?.seen[0]?.authorization).toBeUndefined();
  });
});

describe("an answer that cannot be used", () => {
  it.each<{ name: string; reply: Reply; says: RegExp; heals: boolean }>([
    {
      name: "401",
      reply: (_q, r) => json(r, {}, 401),
      says: /^Prometheus at 127\.0\.0\.1:\d+ answered 401: check the token in PROMETHEUS_TOKEN\.$/,
      heals: false,
    },
    { name: "404", reply: (_q, r) => json(r, {}, 404), says: /404: check the path in sources\.prometheus\.url/, heals: false },
    {
      name: "400 with a reason",
      reply: (_q, r) => json(r, { status: "error", errorType: "bad_data", error: "parse error at char 3" }, 400),
      says: /400 \(parse error at char 3\): check the query in the service catalogue/,
      heals: false,
    },
    { name: "429", reply: (_q, r) => json(r, {}, 429), says: /429/, heals: true },
    {
      name: "500 with a page",
      reply: (_q, r) => void r.writeHead(500, { "content-type": "text/html" }).end("<html>oh no</html>"),
      says: /500: look at its own health/,
      heals: true,
    },
    {
      name: "a redirect",
      reply: (_q, r) => void r.writeHead(302, { location: "http://elsewhere.test/" }).end(),
      says: /302: put the final address into sources\.prometheus\.url/,
      heals: false,
    },
    {
      name: "a login page",
      reply: (_q, r) => void r.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<html>log in</html>"),
      says: /200 with text\/html that is not JSON: is a proxy or login page in between/,
      heals: false,
    },
    {
      name: "JSON cut off",
      reply: (_q, r) => void r.writeHead(200, { "content-type": "application/json" }).end('{"status":"succ'),
      says: /not JSON/,
      heals: false,
    },
    {
      name: "a connection that breaks",
      reply: (_q, r) => r.destroy(),
      says: /cannot be reached \(.+\): check sources\.prometheus\.url/,
      heals: true,
    },
    {
      name: "an answer that breaks off",
      reply: (_q, r) => {
        r.writeHead(200, { "content-length": "100" }).write("{");
        setTimeout(() => r.destroy(), 20);
      },
      says: /cannot be reached/,
      heals: true,
    },
  ])("$name is told with host and next step, never the token", async ({ reply, says, heals }) => {
    const error = await failure(ask(reply));
    expect(error.message).toMatch(says);
    expect(error.message).not.toContain(TOKEN);
    expect(error.mayHeal).toBe(heals);
  });

  it("is told without the token that a server repeats", async () => {
    const reply: Reply = (_q, r) => json(r, { error: `key ${TOKEN} is not known` }, 400);
    const error = await failure(ask(reply));
    expect(error.message).toContain("is not known");
    expect(error.message).not.toContain(TOKEN);
  });

  it("is read in good time, whatever stands in it", async () => {
    const reply: Reply = (_q, r) => void r.writeHead(400).end(`"error":${" ".repeat(2_000_000)}`);
    const started = performance.now();
    expect((await failure(ask(reply))).message).toContain("answered 400");
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it("is given up on when time is up, also in the middle of the body", async () => {
    const error = await failure(ask((_q, r) => void r.writeHead(200).write("{"), {}, 100));
    expect(error.message).toMatch(/gave no complete answer in time/);
  });

  it("is refused when it is too large, without reading on", async () => {
    const chunk = "x".repeat(1024 * 1024);
    const reply: Reply = (_q, r) => {
      const pour = (): void => {
        while (!r.destroyed && r.write(chunk));
        r.once("drain", pour);
      };
      pour();
    };
    expect((await failure(ask(reply))).message).toMatch(new RegExp(`more than ${MAX_ANSWER_BYTES >> 20} MiB`));
  });

  it("does not carry the token or a password of the address along", async () => {
    const error = await failure(
      ask((_q, r) => json(r, { error: `bad token ${TOKEN}: Authorization: Bearer ${TOKEN}` }, 403), {
        url: "http://someone:hunter2hunter2@127.0.0.1:9",
      }),
    );
    expect(error.message).not.toMatch(/hunter2|someone/);
  });

  it("hides secrets that the other side repeats", async () => {
    const error = await failure(
      ask((_q, r) => json(r, { error: "rejected Authorization: Bearer abcdefghijklmnop1234567890" }, 403)),
    );
    expect(error.message).not.toContain("abcdefghijklmnop1234567890");
  });

  it("tells how long to wait", async () => {
    expect(await failure(ask((_q, r) => void r.writeHead(429, { "retry-after": "2" }).end()))).toMatchObject({
      retryAfterMs: 2_000,
    });
  });
});
