import type { IncomingMessage } from "node:http";
import { HttpError } from "../site.js";

/** A request with its body read. `body` is undefined when none was sent. */
export interface Incoming {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly accept: string;
  readonly body: unknown;
  /** The body is no JSON. */
  readonly malformed: boolean;
}

const maxBodyBytes = 50 * 1024 * 1024;

/**
 * Links in the answer lead back to the host that was asked, which on the unix socket is api.github.com.
 * @throws {HttpError} 413 for a body beyond 50 MB
 */
export async function readIncoming(request: IncomingMessage, api: string): Promise<Incoming> {
  const { host = "" } = request.headers;
  const base = host === "" || host === new URL(api).host || host.startsWith("localhost") ? api : `https://${host}`;
  const text = (await readBytes(request)).toString("utf8");
  const parsed = parseJson(text);
  return {
    method: request.method ?? "GET",
    url: new URL(request.url ?? "/", base),
    headers: request.headers,
    accept: request.headers.accept ?? "",
    body: parsed.value,
    malformed: parsed.malformed,
  };
}

export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new HttpError(413, "Request entity too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseJson(text: string): { value: unknown; malformed: boolean } {
  if (text.trim() === "") return { value: undefined, malformed: false };
  try {
    return { value: JSON.parse(text) as unknown, malformed: false };
  } catch (error) {
    if (error instanceof SyntaxError) return { value: undefined, malformed: true };
    throw error;
  }
}
