import { afterEach, describe, expect, it } from "vitest";
import type { OidcAuth } from "../../src/config/config.js";
import { askJson, endpointOf } from "../../src/evidence/ask.js";
import { oidcCredentials } from "../../src/evidence/oidc.js";
import { bodyOf, json, serve, type LocalServer } from "./support/server.js";

const REQUEST_TOKEN = "runner-request-token-123";
const START = Date.parse("2026-11-20T04:41:00Z");
let server: LocalServer | null = null;
let now = START;
let masked: string[] = [];
afterEach(async () => {
  await server?.close();
  server = null;
  now = START;
  masked = [];
});

function jwt(seconds: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part({ sub: "repo:acme/shop:environment:gatehouse-mind", exp: seconds })}.c2ln`;
}
interface Behaviour {
  readonly idTokens?: (asked: number) => string;
  readonly idStatus?: (asked: number) => number;
  readonly exchange?: { status?: number; body: unknown };
}
interface World {
  readonly ask: () => Promise<unknown>;
  readonly sent: string[]; // Authorization at the source
  readonly forms: URLSearchParams[]; // at the token endpoint
  readonly idRequests: { audience: string | null; version: string | null; authorization: string | undefined }[];
}

/** The runner's token service, an OAuth token endpoint and a source, told apart by their paths. */
async function open(
  auth: Partial<OidcAuth> | "exchange",
  behaviour: Behaviour = {},
  permitted = true,
  path = "/query",
): Promise<World> {
  const { idTokens = () => jwt(now / 1_000 + 300), idStatus = () => 200, exchange } = behaviour;
  const [sent, forms, idRequests]: [World["sent"], World["forms"], World["idRequests"]] = [[], [], []];
  server = await serve(async ({ path: asked, params, authorization }, response, raw) => {
    if (asked === "/id-token") {
      idRequests.push({ audience: params.get("audience"), version: params.get("api-version"), authorization });
      const status = idStatus(idRequests.length);
      return json(response, status === 200 ? { count: 1, value: idTokens(idRequests.length) } : { message: "no" }, status);
    }
    if (asked === "/oauth/token") {
      if (raw.method !== "POST" || raw.headers["content-type"] !== "application/x-www-form-urlencoded")
        return json(response, { error: "invalid_request" }, 400);
      forms.push(new URLSearchParams(await bodyOf(raw)));
      return json(response, exchange?.body, exchange?.status ?? 200);
    }
    sent.push(authorization ?? "");
    json(response, { status: "success" }, /refused/.test(asked) ? 401 : 200);
  });
  const { url } = server;
  const exchanged = { url: `${url}/oauth/token`, clientId: "gatehouse", scope: "metrics.read logs.read" };
  const credentials = oidcCredentials({
    source: "prometheus",
    auth: {
      kind: "oidc",
      audience: "https://metrics",
      exchange: auth === "exchange" ? exchanged : null,
      ...(auth === "exchange" ? {} : auth),
    },
    idToken: permitted ? { url: `${url}/id-token?api-version=2.0`, token: REQUEST_TOKEN } : null,
    now: () => now,
    mask: (secret) => masked.push(secret),
  });
  const endpoint = endpointOf("prometheus", { url, credentials });
  return { sent, forms, idRequests, ask: () => askJson(endpoint, { path, signal: AbortSignal.timeout(5_000) }) };
}

describe("the job's own GitHub token", () => {
  it("is asked for the audience and sent as bearer", async () => {
    const world = await open({});
    await expect(world.ask()).resolves.toEqual({ status: "success" });
    expect(world.idRequests).toEqual([{ audience: "https://metrics", version: "2.0", authorization: `Bearer ${REQUEST_TOKEN}` }]);
    expect(world.sent).toEqual([`Bearer ${jwt(START / 1_000 + 300)}`]);
    expect(masked).toEqual([jwt(START / 1_000 + 300)]);
  });

  it("is kept until shortly before it ends", async () => {
    const world = await open({});
    await world.ask();
    now += 269_000;
    await world.ask();
    expect(world.idRequests).toHaveLength(1);
    now += 2_000;
    await world.ask();
    expect(world.idRequests).toHaveLength(2);
  });

  it("is asked for once by questions of the same moment", async () => {
    const world = await open({});
    await Promise.all([world.ask(), world.ask(), world.ask()]);
    expect(world.idRequests).toHaveLength(1);
  });

  it("is used once when it does not say how long it lasts", async () => {
    const world = await open({}, { idTokens: (asked) => `opaque-${asked}` });
    await world.ask();
    await world.ask();
    expect(world.sent).toEqual(["Bearer opaque-1", "Bearer opaque-2"]);
  });

  it("needs a permission of the job, which is named", async () => {
    const world = await open({}, {}, false);
    await expect(world.ask()).rejects.toThrow(
      "sources.prometheus says auth: oidc, but this job may not have a GitHub token: add id-token: write to its permissions.",
    );
  });

  it("is asked for again after a failure, which does not show the request's token", async () => {
    const world = await open({}, { idStatus: (asked) => (asked === 1 ? 503 : 200) });
    const error: unknown = await world.ask().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: expect.stringMatching(/^GitHub's token service at .* answered 503/), mayHeal: true });
    expect(String(error)).not.toContain(REQUEST_TOKEN);
    await expect(world.ask()).resolves.toEqual({ status: "success" });
  });

  it("that the source refuses names the audience to check", async () => {
    const world = await open({}, {}, true, "/refused");
    await expect(world.ask()).rejects.toThrow(
      /answered 401: check that it accepts this workflow's GitHub token for the audience https:\/\/metrics\.$/,
    );
  });
});

describe("a GitHub token that is exchanged", () => {
  const body = { access_token: "source-token", token_type: "Bearer", expires_in: 600 };

  it("is the client's proof, and the answer is sent to the source", async () => {
    const world = await open("exchange", { exchange: { body } });
    await world.ask();
    expect(world.forms.map((form) => Object.fromEntries(form))).toEqual([
      {
        grant_type: "client_credentials",
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: jwt(START / 1_000 + 300),
        client_id: "gatehouse",
        scope: "metrics.read logs.read",
      },
    ]);
    expect(world.sent).toEqual(["Bearer source-token"]);
    expect(masked).toEqual([jwt(START / 1_000 + 300), "source-token"]);
  });

  it("is exchanged again shortly before that one ends", async () => {
    const world = await open("exchange", { exchange: { body } });
    await world.ask();
    now += 560_000;
    await world.ask();
    expect(world.forms).toHaveLength(1);
    now += 20_000;
    await world.ask();
    expect(world.forms).toHaveLength(2);
  });

  it.each([
    {
      name: "refused",
      exchange: { status: 400, body: { error: "invalid_client" } },
      says: /^Token endpoint of prometheus at .* answered 400 \(invalid_client\): check audience, client-id and scope of sources\.prometheus/,
    },
    { name: "of another kind", exchange: { body: { ...body, token_type: "mac" } }, says: /unknown shape \(token_type\)/ },
    { name: "missing", exchange: { body: {} }, says: /unknown shape \(access_token\)/ },
    {
      name: "more than a header can hold",
      exchange: { body: { ...body, access_token: "t0ken\r\nx-evil: 1" } },
      says: /unknown shape \(access_token\)/,
    },
  ])("says what to check when the answer is $name, without a token", async ({ exchange, says }) => {
    const world = await open("exchange", { exchange });
    const error = await world.ask().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: expect.stringMatching(says) });
    expect(String(error)).not.toContain(jwt(START / 1_000 + 300));
    expect(world.sent).toEqual([]);
  });
});
