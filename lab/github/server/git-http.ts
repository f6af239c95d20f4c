import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { basename, dirname } from "node:path";
import { gunzipSync } from "node:zlib";
import { canSee, isAllowed } from "../api/access.js";
import { readBytes } from "../api/incoming.js";
import type { RequestLog } from "../api/log.js";
import { need } from "../api/operation.js";
import { emitPush } from "../git/change.js";
import { isolated } from "../git/git.js";
import { nowhere, readRef } from "../git/refs.js";
import { type Caller, HttpError, type Site } from "../site.js";
import type { Tokens } from "../tokens.js";
import { deniesRewrites, isForbidden, parsePush, renderDeclined } from "./receive-pack.js";

export interface GitHttpParts {
  readonly site: Site;
  readonly tokens: Tokens;
  readonly log: RequestLog;
}

export interface GitPath {
  readonly url: URL;
  readonly rest: string; // what follows the repository: `info/refs`, `git-upload-pack` …
}

/** Smart HTTP through the real `git http-backend`; permissions, rulesets and `push` events are added here. */
export async function serveGit(
  parts: GitHttpParts,
  request: IncomingMessage,
  response: ServerResponse,
  { url, rest }: GitPath,
): Promise<void> {
  const service = (url.searchParams.get("service") ?? rest).replace(/^.*git-/, "");
  const { site, tokens, log } = parts;
  const caller = authenticate(tokens, request);
  const known = caller instanceof HttpError ? null : caller;
  const entry = log.open(known, `git:${service}`, request.method ?? "GET", url.pathname + url.search);
  const refusal = refuse(site, caller, service);
  if (refusal) {
    entry.status = refusal.status;
    response.writeHead(refusal.status, { "content-type": "text/plain", ...refusal.headers }).end(`${refusal.message}\n`);
    return;
  }
  const body = await readPlainBody(request);
  entry.status = 200;
  if (rest === "git-receive-pack" && request.method === "POST") await servePush(parts, request, response, { url, rest, body });
  else sendCgi(await runBackend(site, request, { url, rest, body }), response);
}

interface GitRequest extends GitPath {
  readonly body: Buffer;
}

function refuse(site: Site, caller: Caller | HttpError, service: string): HttpError | null {
  if (caller instanceof HttpError) return challenge("Invalid username or password.");
  const push = service === "receive-pack";
  if (caller.actor === null && (push || site.private)) return challenge("Authentication required");
  if (!canSee(caller, site)) return new HttpError(404, "Repository not found.");
  const needs = push ? need("contents", "write", "write") : need("contents", "read", "read");
  if (isAllowed(caller, needs, site)) return null;
  if (!push) return new HttpError(404, "Repository not found.");
  return new HttpError(403, `Permission to ${site.owner}/${site.name}.git denied to ${caller.actor?.login ?? "anonymous"}.`);
}

function challenge(message: string): HttpError {
  return new HttpError(401, message, {}, { "www-authenticate": 'Basic realm="GitHub"' });
}

function authenticate(tokens: Tokens, request: IncomingMessage): Caller | HttpError {
  try {
    return tokens.authenticate(request.headers.authorization);
  } catch (error) {
    if (error instanceof HttpError) return error;
    throw error;
  }
}

async function readPlainBody(request: IncomingMessage): Promise<Buffer> {
  const bytes = await readBytes(request);
  return request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes;
}

async function servePush(
  { site, tokens }: GitHttpParts,
  request: IncomingMessage,
  response: ServerResponse,
  git: GitRequest,
): Promise<void> {
  const push = parsePush(git.body);
  if (isForbidden(site, push.moves)) {
    response.writeHead(200, { "content-type": "application/x-git-receive-pack-result" }).end(renderDeclined(push));
    return;
  }
  const config = deniesRewrites(site, push.moves)
    ? { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "receive.denyNonFastForwards", GIT_CONFIG_VALUE_0: "true" }
    : {};
  const output = await runBackend(site, request, git, config);
  const caller = tokens.authenticate(request.headers.authorization);
  for (const move of push.moves) {
    const now = (await readRef(site.git, move.ref))?.sha ?? nowhere;
    if (now === move.after) await emitPush(site, caller, move);
  }
  sendCgi(output, response);
}

function runBackend(site: Site, request: IncomingMessage, git: GitRequest, config: Record<string, string> = {}): Promise<Buffer> {
  const env = { PATH: process.env["PATH"] ?? "", ...isolated, ...config, ...cgiOf(site, request, git) };
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["http-backend"], { env, stdio: ["pipe", "pipe", "ignore"] });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", reject);
    child.stdin.on("error", (error: NodeJS.ErrnoException) => (error.code === "EPIPE" ? undefined : reject(error)));
    child.on("close", () => resolve(Buffer.concat(chunks)));
    child.stdin.end(git.body);
  });
}

function cgiOf(site: Site, request: IncomingMessage, { url, rest, body }: GitRequest): Record<string, string> {
  return {
    GIT_PROJECT_ROOT: dirname(site.git.dir),
    GIT_HTTP_EXPORT_ALL: "1",
    PATH_INFO: `/${basename(site.git.dir)}/${rest}`,
    REQUEST_METHOD: request.method ?? "GET",
    QUERY_STRING: url.search.slice(1),
    CONTENT_TYPE: request.headers["content-type"] ?? "",
    CONTENT_LENGTH: String(body.length),
    GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
    REMOTE_USER: "lab",
  };
}

/** CGI output: header lines, an empty line, the body; `Status` stands among the headers. */
function sendCgi(output: Buffer, response: ServerResponse): void {
  const end = output.indexOf("\r\n\r\n");
  const head = output.subarray(0, Math.max(end, 0)).toString("latin1").split("\r\n");
  const headers = Object.fromEntries(
    head.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const { status = end < 0 ? "500" : "200", ...rest } = headers;
  response.writeHead(Number.parseInt(status, 10), rest).end(output.subarray(end + 4));
}
