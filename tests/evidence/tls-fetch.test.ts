import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type ServerOptions } from "node:https";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { askJson, endpointOf } from "../../src/evidence/ask.js";
import { oidcCredentials } from "../../src/evidence/oidc.js";
import { createTlsFetch, type TlsOptions } from "../../src/evidence/sources/tls-fetch.js";
import { SourceUnavailableError } from "../../src/evidence/unavailable.js";
import { createAuthority, type Authority, type KeyPair } from "./support/certificates.js";
import { json, serve } from "./support/server.js";

let ours: Authority;
let other: Authority;
let local: KeyPair; // for 127.0.0.1
let named: KeyPair; // for metrics.internal
let expired: KeyPair;
beforeAll(() => {
  [ours, other] = [createAuthority(), createAuthority()];
  local = ours.sign("IP:127.0.0.1");
  named = ours.sign("DNS:metrics.internal");
  expired = ours.sign("IP:127.0.0.1", -1);
});
afterAll(() => {
  ours.remove();
  other.remove();
});

let close: () => void = () => undefined;
afterEach(() => close());

async function serveTls(options: ServerOptions): Promise<string> {
  const server = createServer(options, (_request, response) => json(response, { status: "success" }));
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  const address = server.address();
  return `https://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

async function ask(url: string, tls: Partial<TlsOptions> | null): Promise<unknown> {
  const options = { place: "sources.prometheus.tls", caFile: null, serverName: null, client: null, ...tls };
  const endpoint = endpointOf("prometheus", { url, ...(tls === null ? {} : { fetch: createTlsFetch(options) }) });
  return askJson(endpoint, { path: "/api/v1/query", signal: AbortSignal.timeout(5_000) });
}
async function failure(asking: Promise<unknown>): Promise<SourceUnavailableError> {
  const error: unknown = await asking.catch((thrown: unknown) => thrown);
  if (!(error instanceof SourceUnavailableError)) throw new Error("expected a SourceUnavailableError");
  return error;
}

describe("a source with a certificate of a private root", () => {
  it("is checked although a variable of the runner turns checks off", async () => {
    const before = process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    try {
      const error = await failure(ask(await serveTls(local), { caFile: other.path }));
      expect(error.message).toContain("cannot be trusted");
    } finally {
      if (before === undefined) delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
      else process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = before;
    }
  });

  it("answers when the root is given", async () => {
    await expect(ask(await serveTls(local), { caFile: ours.path })).resolves.toEqual({ status: "success" });
  });

  it("answers under another name than that of its address when the name is given", async () => {
    const url = await serveTls(named);
    await expect(ask(url, { caFile: ours.path, serverName: "metrics.internal" })).resolves.toEqual({ status: "success" });
  });

  it("answers a client certificate where it wants one", async () => {
    const { cert, key } = ours.sign("DNS:gatehouse");
    const url = await serveTls({ ...local, ca: readFileSync(ours.path), requestCert: true, rejectUnauthorized: true });
    await expect(ask(url, { caFile: ours.path, client: { cert, key } })).resolves.toEqual({ status: "success" });
  });

  it.each<{ name: string; pair: () => KeyPair; tls: () => Partial<TlsOptions> | null; says: RegExp }>([
    {
      name: "the root is not given",
      pair: () => local,
      tls: () => null,
      says: /^Prometheus at 127\.0\.0\.1:\d+ shows a certificate that cannot be trusted, .+: put its root into sources\.prometheus\.tls\.ca-file\.$/,
    },
    {
      name: "another root is given",
      pair: () => local,
      tls: () => ({ caFile: other.path }),
      says: /cannot be trusted, .+: put its root into sources\.prometheus\.tls\.ca-file\.$/,
    },
    {
      name: "it is for another name",
      pair: () => named,
      tls: () => ({ caFile: ours.path }),
      says: /it is for another name: check sources\.prometheus\.url, or set sources\.prometheus\.tls\.server-name\.$/,
    },
    {
      name: "it has expired",
      pair: () => expired,
      tls: () => ({ caFile: ours.path }),
      says: /it has expired: renew it\.$/,
    },
  ])("says so and does not try again when $name", async ({ pair, tls, says }) => {
    const error = await failure(ask(await serveTls(pair()), tls()));
    expect(error.message).toMatch(says);
    expect(error.mayHeal).toBe(false);
  });

  it("says that its client certificate is missing", async () => {
    const url = await serveTls({ ...local, requestCert: true, rejectUnauthorized: true, maxVersion: "TLSv1.2" });
    expect((await failure(ask(url, { caFile: ours.path }))).message).toMatch(
      /refused the connection for its certificate .*check sources\.prometheus\.tls\.cert-env and key-env/,
    );
  });
});

describe("certificates that cannot be used", () => {
  const page = (): string => {
    const path = `${ours.path}.html`;
    writeFileSync(path, "<html>");
    return path;
  };
  it.each<{ name: string; tls: () => Partial<TlsOptions>; says: RegExp }>([
    {
      name: "a file that is not there",
      tls: () => ({ caFile: "/nowhere/ca.pem" }),
      says: /^The file of sources\.prometheus\.tls\.ca-file cannot be read: \/nowhere\/ca\.pem\. Check the path; the workspace is empty until a step checks the repository out\.$/,
    },
    { name: "a file of something else", tls: () => ({ caFile: page() }), says: /holds no certificate as PEM/ },
    {
      name: "variables that are empty",
      tls: () => ({ client: { cert: null, key: null } }),
      says: /tls\.cert-env and key-env are not both set/,
    },
    {
      name: "a key of another certificate",
      tls: () => ({ client: { cert: local.cert, key: named.key } }),
      says: /client certificate of sources\.prometheus\.tls cannot be used/,
    },
  ])("are named: $name", async ({ tls, says }) => {
    const { message } = await failure(ask("https://127.0.0.1:9", tls()));
    expect(message).toMatch(says);
    expect(message).not.toMatch(/PRIVATE KEY/);
  });
});

it("an address that does not speak TLS is said as such", async () => {
  const plain = await serve((_request, response) => json(response, {}));
  close = () => void plain.close();
  const { message } = await failure(ask(plain.url.replace("http:", "https:"), { caFile: ours.path }));
  expect(message).toMatch(/does not speak TLS .*: check whether sources\.prometheus\.url begins with http or https/);
});

it("an exchange of tokens has no certificates of its own, and says what the runner needs", async () => {
  const github = await serve((_request, response) => json(response, { value: "github.id.token" }));
  const url = await serveTls(local);
  const closeTls = close;
  close = () => {
    closeTls();
    void github.close();
  };
  const credentials = oidcCredentials({
    source: "prometheus",
    auth: { kind: "oidc", audience: "a", exchange: { url, clientId: null, scope: null } },
    idToken: { url: github.url, token: "t" },
    now: () => 0,
    mask: () => undefined,
  });
  await expect(credentials.headers()).rejects.toThrow(
    /^Token endpoint of prometheus at .* cannot be trusted, .+: let the runner trust its root, by NODE_EXTRA_CA_CERTS\.$/,
  );
});
