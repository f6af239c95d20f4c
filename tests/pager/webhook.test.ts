import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createWebhook } from "../../src/pager/channels/webhook.js";
import { pageMessage } from "./message.js";

let server: Server | null = null;
afterEach(async () => {
  const open = server;
  server = null;
  open?.closeAllConnections();
  if (open) await new Promise((resolve) => open.close(resolve));
});

interface Received {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** @param statuses - one a request; 0 cuts the connection; the last one is repeated */
async function receive(statuses: readonly number[]) {
  const received: Received[] = [];
  const listening = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => (text += String(chunk)));
    request.on("end", () => {
      received.push({ method: request.method ?? "", headers: request.headers, body: JSON.parse(text) });
      const status = statuses[received.length - 1] ?? statuses.at(-1) ?? 200;
      if (status === 0) request.socket.destroy();
      else response.writeHead(status, status === 302 ? { location: "http://127.0.0.1:1/elsewhere" } : {}).end();
    });
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}/hook/s3cret`;
  const slept: number[] = [];
  const channel = createWebhook("PAGER_URL", { env: () => url, fetch, sleep: async (ms) => void slept.push(ms) });
  return { received, channel, slept, url };
}

describe("the webhook", () => {
  it("posts the page as versioned JSON with its key", async () => {
    const { received, channel } = await receive([200]);
    await channel.deliver(pageMessage({ cause: "a bad deploy" }));
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": "page:3:opened" },
    });
    expect(received[0]?.body).toEqual({
      version: 1,
      key: "page:3:opened",
      incident: 3,
      reason: "opened",
      severity: "P1",
      service: "checkout",
      symptom: expect.stringMatching(/^40 % of requests fail/),
      cause: "a bad deploy",
      asked: "Look at the incident.",
      link: "https://github.com/acme/shop/issues/3",
    });
  });

  it("sends text from outside with its mentions defused", async () => {
    const { received, channel } = await receive([200]);
    await channel.deliver(pageMessage());
    expect(JSON.stringify(received[0]?.body)).not.toContain("@alice");
  });

  it.each([[[503, 200]], [[429, 200]], [[0, 200]], [[500, 502, 200]]])(
    "tries again after %j, with the same key",
    async (statuses) => {
      const { received, channel, slept } = await receive(statuses);
      await channel.deliver(pageMessage());
      expect(received.map((request) => request.headers["idempotency-key"])).toEqual(statuses.map(() => "page:3:opened"));
      expect(slept).toHaveLength(statuses.length - 1);
    },
  );

  it.each([
    { name: "a third fault", statuses: [500], requests: 3 },
    { name: "a refusal", statuses: [400], requests: 1 },
    { name: "a redirect", statuses: [302], requests: 3 },
  ])("gives up at $name, and names the variable but never the URL", async ({ statuses, requests }) => {
    const { received, channel, url } = await receive(statuses);
    const error: unknown = await channel.deliver(pageMessage()).catch((thrown: unknown) => thrown);
    expect(received).toHaveLength(requests);
    expect(String(error)).toContain("PAGER_URL");
    expect(String(error)).not.toContain(new URL(url).host);
    expect(String(error)).not.toContain("s3cret");
  });

  it.each([undefined, "", "  "])("names the variable that is not set (%j)", async (value) => {
    const channel = createWebhook("PAGER_URL", { env: () => value, fetch });
    await expect(channel.deliver(pageMessage())).rejects.toThrow("PAGER_URL is not set");
  });

  it.each(["not a url: s3cret", "file:///etc/s3cret"])("refuses what is no http URL without repeating it: %s", async (value) => {
    const channel = createWebhook("PAGER_URL", { env: () => value, fetch });
    const error: unknown = await channel.deliver(pageMessage()).catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(/PAGER_URL does not hold an http/);
    expect(String(error)).not.toContain("s3cret");
  });
});
