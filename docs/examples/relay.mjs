/**
 * The smallest thing that brings Alertmanager's webhooks to GitHub: it wraps the body and adds the token.
 * It keeps nothing: when GitHub does not take the alert it answers 502, and Alertmanager sends it again.
 *
 * GITHUB_TOKEN     may write contents of that repository
 * GITHUB_REPOSITORY  owner/name of the repository that holds the incidents
 * RELAY_TOKEN      what Alertmanager must send as bearer token
 * GITHUB_API_URL   default https://api.github.com
 * PORT             default 8080
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const { GITHUB_TOKEN, GITHUB_REPOSITORY, RELAY_TOKEN, GITHUB_API_URL = "https://api.github.com", PORT = "8080" } = process.env;
for (const [name, value] of Object.entries({ GITHUB_TOKEN, GITHUB_REPOSITORY, RELAY_TOKEN }))
  if (!value) throw new Error(`The environment variable ${name} is not set.`);

/** GitHub takes less than 64 KB of payload; a larger body is not read any further. */
const MOST_BYTES = 60_000;

const server = createServer((request, response) => void answer(request, response));
server.listen(Number(PORT), () => say(`listening on ${server.address().port}`));

async function answer(request, response) {
  const { status, says } = await forward(request).catch((error) => ({ status: 502, says: error.message }));
  say(`${status} ${says}`);
  response.writeHead(status, { "content-type": "text/plain" }).end(`${says}\n`);
}

async function forward(request) {
  if (request.method !== "POST") return { status: 405, says: "POST an alert" };
  if (!isSame(request.headers.authorization ?? "", `Bearer ${RELAY_TOKEN}`)) return { status: 401, says: "wrong token" };
  const body = await readBody(request);
  if (body === null) return { status: 413, says: `more than ${MOST_BYTES} bytes: lower max_alerts of the receiver` };
  const client_payload = { version: 1, monitor: "alertmanager", received_at: new Date().toISOString(), raw: JSON.parse(body) };
  const taken = await fetch(`${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/dispatches`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${GITHUB_TOKEN}`,
      accept: "application/vnd.github+json",
      "content-type": "application/json",
    },
    body: JSON.stringify({ event_type: "alert", client_payload }),
    signal: AbortSignal.timeout(10_000),
  });
  if (taken.status === 204) return { status: 202, says: "handed to GitHub" };
  return { status: 502, says: `GitHub answered ${taken.status}` };
}

async function readBody(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Compared by their hashes, so that neither length nor content shows in the time it takes. */
function isSame(given, expected) {
  const hash = (text) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(given), hash(expected));
}

function say(text) {
  process.stdout.write(`${new Date().toISOString()} ${text}\n`);
}
