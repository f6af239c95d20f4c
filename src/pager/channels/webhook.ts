import { setTimeout as wait } from "node:timers/promises";
import { plainLine } from "../../outside/escape.js";
import type { PageMessage } from "../../ports.js";
import type { PagerChannel } from "../channel.js";

export interface WebhookDeps {
  readonly env: (name: string) => string | undefined;
  readonly fetch: typeof fetch;
  readonly sleep?: (ms: number) => Promise<void>;
}

const TIMEOUT_MS = 10_000;
const RETRY_AFTER_MS = [1_000, 3_000];

/**
 * POSTs the page as JSON to the URL in the environment variable `urlEnv`. `Idempotency-Key` and `key` let the receiver
 * merge repetitions. The URL is a secret: it is in no message.
 */
export function createWebhook(urlEnv: string, deps: WebhookDeps): PagerChannel {
  return {
    name: `webhook:${urlEnv}`,
    async deliver(message) {
      const request = { url: readUrl(urlEnv, deps.env(urlEnv)), key: message.key, body: JSON.stringify(toBody(message)) };
      for (const delayMs of [...RETRY_AFTER_MS, null]) {
        const answer = await post(request, deps.fetch);
        if (answer === "delivered") return;
        if (!answer.canHeal || delayMs === null)
          throw new Error(`The webhook of ${urlEnv} did not take the page: ${answer.why}.`);
        await (deps.sleep ?? wait)(delayMs);
      }
    },
  };
}

function readUrl(urlEnv: string, value: string | undefined): URL {
  if (value === undefined || value.trim() === "") {
    throw new Error(`The environment variable ${urlEnv} is not set: map a secret to it in the workflow's env.`);
  }
  const url = URL.canParse(value.trim()) ? new URL(value.trim()) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Error(`The environment variable ${urlEnv} does not hold an http(s) URL.`);
  return url;
}

/** The body's schema, version 1. Text from outside is one plain line. */
function toBody(message: PageMessage): Readonly<Record<string, string | number | null>> {
  const { key, incident, reason, severity, service, cause, asked, link } = message;
  return { version: 1, key, incident, reason, severity, service, symptom: plainLine(message.symptom), cause, asked, link };
}

type Answer = "delivered" | { readonly why: string; readonly canHeal: boolean };

async function post(
  request: { readonly url: URL; readonly key: string; readonly body: string },
  send: typeof fetch,
): Promise<Answer> {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": request.key, "User-Agent": "gatehouse" };
  try {
    const init = {
      method: "POST",
      headers,
      body: request.body,
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    } as const;
    const response = await send(request.url, init);
    await response.body?.cancel();
    if (response.ok) return "delivered";
    return { why: `it answered ${response.status}`, canHeal: response.status >= 500 || response.status === 429 };
  } catch (error) {
    // The network's own words may hold the host's name: only the kind of failure is told.
    const isTimeout = error instanceof Error && error.name === "TimeoutError";
    return { why: isTimeout ? `no answer within ${TIMEOUT_MS / 1000} s` : "the connection failed", canHeal: true };
  }
}
