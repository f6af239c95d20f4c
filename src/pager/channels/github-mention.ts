import type { CommentWriter, ThreadComment } from "../../ports.js";
import { readPageMarker } from "../../render/marker.js";
import { renderPage } from "../../render/page.js";
import type { PagerChannel } from "../channel.js";

export interface MentionDeps {
  readonly comments: CommentWriter;
  readonly existingComments: () => Promise<readonly ThreadComment[]>;
  readonly botLogin?: string;
}

/** One comment on the issue that mentions the people on duty; GitHub does the notifying. A key is posted once. */
export function createGitHubMention(mentions: readonly string[], deps: MentionDeps): PagerChannel {
  const bot = deps.botLogin ?? "github-actions[bot]";
  return {
    name: "github",
    async deliver(message) {
      if (message.mentionedAt !== null) return;
      const comments = await deps.existingComments();
      const isPosted = comments.some((comment) => comment.author.login === bot && readPageMarker(comment.body) === message.key);
      if (!isPosted) await deps.comments.post(message.incident, renderPage(message, mentions));
    },
  };
}
