import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export interface Seen {
  readonly path: string;
  readonly params: URLSearchParams;
  readonly authorization: string | undefined;
}
export interface LocalServer {
  readonly url: string;
  readonly seen: readonly Seen[];
  close(): Promise<void>;
}
export type Reply = (request: Seen, response: ServerResponse, raw: IncomingMessage) => void | Promise<void>;

/** A small HTTP server on 127.0.0.1 that remembers what it was asked. */
export async function serve(reply: Reply): Promise<LocalServer> {
  const seen: Seen[] = [];
  const server = createServer((raw, response) => {
    const { pathname, searchParams } = new URL(raw.url ?? "/", "http://local.test");
    const request = { path: pathname, params: searchParams, authorization: raw.headers.authorization };
    seen.push(request);
    Promise.resolve(reply(request, response, raw)).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

export async function bodyOf(raw: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of raw) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString("utf8");
}
