import { once } from "node:events";
import type { Server } from "node:http";
import { serve } from "@hono/node-server";
import type { Hono } from "hono";

export interface Listening {
  readonly url: string; // without a trailing slash
  close(): Promise<void>;
}

/** Serves an app on a free port of 127.0.0.1. */
export async function listen(app: Hono): Promise<Listening> {
  const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }) as Server;
  if (!server.listening) await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("A server of the lab has no port.");
  return { url: `http://127.0.0.1:${address.port}`, close: () => closeServer(server) };
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
