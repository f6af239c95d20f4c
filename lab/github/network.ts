import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A server on a free port of 127.0.0.1, or on a unix socket; it has no listener yet. */
export function listen(socketPath?: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    const ready = () => resolve(server);
    if (socketPath === undefined) server.listen(0, "127.0.0.1", ready);
    else server.listen(socketPath, ready);
  });
}

export interface Servers {
  readonly urls: { readonly api: string; readonly graphql: string; readonly server: string };
  serve(listeners: { readonly api: RequestListener; readonly web: RequestListener }): void;
  close(): Promise<void>;
}

/** The two hosts, api.github.com and github.com, and the optional socket for the former. */
export async function openServers(socketPath: string | undefined): Promise<Servers> {
  const [api, web] = await Promise.all([listen(), listen()]);
  const socket = socketPath === undefined ? null : await listen(socketPath);
  return {
    urls: { api: urlOf(api), graphql: `${urlOf(api)}/graphql`, server: urlOf(web) },
    serve(listeners) {
      api.on("request", listeners.api);
      socket?.on("request", listeners.api);
      web.on("request", listeners.web);
    },
    async close() {
      await Promise.all([api, web, ...(socket ? [socket] : [])].map(closeServer));
    },
  };
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
