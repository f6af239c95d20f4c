import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { reach, type Runner } from "../../src/app/reach.js";
import type { HttpSource } from "../../src/config/config.js";
import { askJson, endpointOf } from "../../src/evidence/ask.js";
import { createAuthority } from "../evidence/support/certificates.js";
import { json, serve, type LocalServer } from "../evidence/support/server.js";
import { aRunner } from "./support.js";

const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
});

const settings = (changes: Partial<HttpSource>): HttpSource => ({
  url: "http://127.0.0.1:9",
  tokenEnv: null,
  auth: { kind: "bearer" },
  tls: null,
  timeoutMs: 5_000,
  ...changes,
});
async function ask(source: HttpSource, by: Runner): Promise<unknown> {
  const endpoint = endpointOf("prometheus", reach("prometheus", source, by));
  return askJson(endpoint, { path: "/query", signal: AbortSignal.timeout(5_000) });
}
async function listen(): Promise<LocalServer> {
  const server = await serve(({ path }, response) => json(response, path === "/id" ? { value: "github.id.token" } : {}));
  cleanups.push(() => server.close());
  return server;
}

describe("how a source is reached", () => {
  it("is by the token of its variable", async () => {
    const server = await listen();
    await ask(settings({ url: server.url, tokenEnv: "PROMETHEUS_TOKEN" }), aRunner({ PROMETHEUS_TOKEN: "tok\n" }));
    expect(server.seen.map(({ authorization }) => authorization)).toEqual(["Bearer tok"]);
  });

  const auth = { kind: "oidc", audience: "metrics", exchange: null } as const;

  it("is by the job's own GitHub token, which no log may show", async () => {
    const server = await listen();
    const masked: string[] = [];
    const variables = { ACTIONS_ID_TOKEN_REQUEST_URL: `${server.url}/id?v=2`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "runner" };
    await ask(settings({ url: server.url, auth }), aRunner(variables, { log: { mask: (secret) => void masked.push(secret) } }));
    expect(server.seen.map(({ path, authorization }) => [path, authorization])).toEqual([
      ["/id", "Bearer runner"],
      ["/query", "Bearer github.id.token"],
    ]);
    expect(masked).toEqual(["github.id.token"]);
  });

  it("says what to add where the job may not have a GitHub token", async () => {
    await expect(ask(settings({ auth }), aRunner({}))).rejects.toThrow(/add id-token: write to its permissions/);
  });

  it("is with a root from the repository and a client certificate of its variables", async () => {
    const authority = createAuthority();
    const workspace = mkdtempSync(join(tmpdir(), "gatehouse-workspace-"));
    copyFileSync(authority.path, join(workspace, "ca.pem"));
    const client = authority.sign("DNS:gatehouse");
    const seen: unknown[] = [];
    const trusted = { ...authority.sign("IP:127.0.0.1"), requestCert: true, rejectUnauthorized: false };
    const server = createServer(trusted, (request, response) => {
      if (request.socket instanceof TLSSocket) seen.push(request.socket.getPeerCertificate().subject.CN);
      json(response, {});
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    cleanups.push(() => {
      server.closeAllConnections();
      server.close();
      authority.remove();
      rmSync(workspace, { recursive: true });
    });
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const tls = { caFile: "ca.pem", serverName: null, client: { certEnv: "CERT", keyEnv: "KEY" } };
    await ask(
      settings({ url: `https://127.0.0.1:${port}`, tls }),
      aRunner({ CERT: client.cert, KEY: client.key }, { environment: { workspace } }),
    );
    expect(seen).toEqual(["leaf-1"]);
  });
});
