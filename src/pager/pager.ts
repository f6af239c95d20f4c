import type { Channel } from "../config/config.js";
import type { CommentWriter, PageMessage, Pager, ThreadComment } from "../ports.js";
import type { PagerChannel } from "./channel.js";
import { createGitHubMention } from "./channels/github-mention.js";
import { createWebhook } from "./channels/webhook.js";

export interface PagerDeps {
  readonly comments: CommentWriter;
  /** The incident's comments as they are now: a page that was posted already is not posted again. */
  readonly existingComments: () => Promise<readonly ThreadComment[]>;
  readonly env: (name: string) => string | undefined;
  readonly fetch: typeof fetch;
  readonly botLogin?: string; // default "github-actions[bot]"
  readonly sleep?: (ms: number) => Promise<void>;
  /** Told about every channel that failed; the text is safe to log. */
  readonly warn?: (text: string) => void;
}

/** All channels side by side; one that fails stops no other. No channels: nobody is reached, and the answer says so. */
export function createPager(channels: readonly Channel[], deps: PagerDeps): Pager {
  const ways = channels.map((channel) => createChannel(channel, deps));
  return {
    async page(message) {
      const results = await Promise.all(ways.map((way) => tryDelivery(way, message, deps)));
      return {
        reached: results.filter((result) => result.delivered).map((result) => result.name),
        failed: results.filter((result) => !result.delivered).map((result) => result.name),
      };
    },
  };
}

function createChannel(channel: Channel, deps: PagerDeps): PagerChannel {
  switch (channel.kind) {
    case "github":
      return createGitHubMention(channel.mention, deps);
    case "webhook":
      return createWebhook(channel.urlEnv, deps);
  }
}

async function tryDelivery(
  way: PagerChannel,
  message: PageMessage,
  deps: PagerDeps,
): Promise<{ name: string; delivered: boolean }> {
  try {
    await way.deliver(message);
    return { name: way.name, delivered: true };
  } catch (error) {
    deps.warn?.(`The pager channel ${way.name} failed: ${error instanceof Error ? error.message : "unknown error"}`);
    return { name: way.name, delivered: false };
  }
}
