import type { IncomingMessage, ServerResponse } from "node:http";
import { type GitHttpParts, serveGit } from "./git-http.js";
import { findPage } from "./pages.js";

/** What github.com is beside api.github.com: git over HTTP, pages to read, and job logs. */
export function createServerListener(parts: GitHttpParts): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    serve(parts, request, response).catch((error: unknown) => {
      console.error("lab: the server failed on its own:", error);
      if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" });
      response.end(`lab: ${String(error)}\n`);
    });
  };
}

async function serve(parts: GitHttpParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { site } = parts;
  const url = new URL(request.url ?? "/", site.urls.server);
  const home = `/${site.owner}/${site.name}`;
  const [, rest] =
    /^(?:\.git)?\/(info\/refs|HEAD|objects\/.+|git-upload-pack|git-receive-pack)$/.exec(afterHome(url.pathname, home)) ?? [];
  if (rest !== undefined) return serveGit(parts, request, response, { url, rest });
  const [, jobId] = /^\/_logs\/(\d+)\.txt$/.exec(url.pathname) ?? [];
  const log =
    jobId === undefined ? undefined : site.state.runs.flatMap((run) => run.jobs).find((job) => job.id === Number(jobId))?.log;
  const page = url.pathname.startsWith(home) ? await findPage(site, decodeURI(url.pathname.slice(home.length))) : null;
  const found = log === undefined ? page : ({ status: 200, type: "text/plain", text: log } as const);
  const answer = found ?? ({ status: 404, type: "text/plain", text: `Not found: ${url.pathname}\n` } as const);
  response.writeHead(answer.status, {
    "content-type": `${answer.type}; charset=utf-8`,
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "x-content-type-options": "nosniff",
    date: site.clock.now().toUTCString(),
  });
  response.end(answer.text);
}

function afterHome(pathname: string, home: string): string {
  return pathname.toLowerCase().startsWith(home.toLowerCase()) ? pathname.slice(home.length) : "";
}
