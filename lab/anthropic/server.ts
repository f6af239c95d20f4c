/** The stand-in of the Messages API: checks every request as the API would, keeps it, and answers what it is told to. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readMessagesBody, type MessagesBody } from "./body.js";
import { badRequest, unauthorised, type Reply } from "./replies.js";
import { findRefusals } from "./rules.js";

export interface Received {
  readonly n: number; // from 1
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: MessagesBody | null; // null: it was not valid
  readonly problems: readonly string[];
}
export interface MessagesApi {
  readonly url: string;
  readonly received: readonly Received[];
  close(): Promise<void>;
}
export interface MessagesApiOptions {
  readonly apiKey: string;
  /** Asked for each request that is valid and has the key; others get what the API says to them. */
  readonly reply: (request: MessagesBody, n: number) => Reply;
}

/** What the SDK of this version asks for; the shapes in this folder are those of that version. */
const API_VERSION = "2026-10-21";
const MAX_BODY_BYTES = 32 * 1024 * 1024; // the API's own limit

export async function startMessagesApi({ apiKey, reply }: MessagesApiOptions): Promise<MessagesApi> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    handle(request)
      .then((answer) => deliver(answer, response))
      .catch(() => response.destroy());
  });

  async function handle(request: IncomingMessage): Promise<Reply> {
    const text = await readBody(request);
    const problems = findProblems(request);
    const parsed = parseBody(text);
    const all = [...problems, ...("problems" in parsed ? parsed.problems : findRefusals(parsed.body))];
    const body = "body" in parsed ? parsed.body : null;
    received.push({ n: received.length + 1, headers: request.headers, body, problems: all });
    if (!hasKey(request, apiKey)) return unauthorised();
    if (all.length > 0 || body === null) return badRequest(all.join("; "));
    return reply(body, received.length);
  }

  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** The SDK sends the key as a bearer token, older clients in a header of its own. */
function hasKey({ headers }: IncomingMessage, apiKey: string): boolean {
  return headers.authorization === `Bearer ${apiKey}` || headers["x-api-key"] === apiKey;
}

function findProblems({ method, url, headers }: IncomingMessage): readonly string[] {
  const problems: string[] = [];
  if (method !== "POST" || url !== "/v1/messages") problems.push(`unknown route ${method ?? ""} ${url ?? ""}`);
  if (headers["anthropic-version"] !== API_VERSION) problems.push(`anthropic-version must be ${API_VERSION}`);
  if (!(headers["content-type"] ?? "").startsWith("application/json")) problems.push("content-type must be application/json");
  return problems;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).byteLength;
    if (bytes > MAX_BODY_BYTES) throw new Error("The request is larger than the API takes.");
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseBody(text: string): ReturnType<typeof readMessagesBody> {
  try {
    return readMessagesBody(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return { problems: ["the body is not JSON"] };
    throw error;
  }
}

function deliver({ status, headers = {}, body, fault }: Reply, response: ServerResponse): void {
  if (fault === "hang") return; // until the client gives up
  if (fault === "drop") {
    response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
    response.write(body.slice(0, Math.floor(body.length / 2)), () => response.destroy());
    return;
  }
  response.writeHead(status, headers).end(body);
}
