/** A small HTTP server that answers as scripted and remembers what it was asked: for tests of the adapter alone. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createGitHubPorts, type GitHubPorts, type GitHubPortsOptions } from "../../src/github/ports.js";

export interface Asked {
  readonly method: string;
  readonly path: string; // with the query
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown; // parsed JSON; null without one
}
export interface Scripted {
  readonly status?: number; // default 200
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly raw?: string; // sent as it is
  readonly hangUp?: boolean; // the connection is cut without an answer
  readonly hangMs?: number;
}
export type Script = (asked: Asked, nth: number) => Scripted; // nth from 1, over all requests

export interface HttpGitHub {
  readonly asked: readonly Asked[];
  readonly ports: GitHubPorts;
  close(): Promise<void>;
}

export const TOKEN = "ghs_not_a_real_token";

/** Starts a server and an adapter that talks to it; a route that the script does not know should answer 404. */
export async function startHttpGitHub(script: Script, options: Partial<GitHubPortsOptions> = {}): Promise<HttpGitHub> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, asked, script);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const defaults = {
    token: TOKEN,
    apiUrl: url,
    graphqlUrl: `${url}/graphql`,
    repository: "acme/shop",
    configPath: ".github/gatehouse.yml",
    backoffMs: 1,
  };
  return {
    asked,
    ports: createGitHubPorts({ ...defaults, ...options }),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, asked: Asked[], script: Script): Promise<void> {
  const text = await readBody(request);
  const entry: Asked = {
    method: request.method ?? "",
    path: request.url ?? "",
    headers: request.headers,
    body: text === "" ? null : JSON.parse(text),
  };
  asked.push(entry);
  const { status = 200, headers = {}, body, raw, hangUp = false, hangMs = 0 } = script(entry, asked.length);
  if (hangMs > 0) await new Promise((resolve) => setTimeout(resolve, hangMs));
  if (hangUp) {
    request.socket.destroy();
    return;
  }
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(raw ?? (body === undefined ? undefined : JSON.stringify(body)));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
