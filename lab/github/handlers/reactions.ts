import { type Call, created, type Handlers, need, ok } from "../api/operation.js";
import { listPage } from "../api/pages.js";
import { commentOf, issueOf } from "../issues/find.js";
import { renderReaction } from "../render/issue.js";
import { type Answer, actorOf } from "../site.js";
import type { Editable, ReactionContent, ReactionRecord } from "../state.js";

const read = need("issues", "read", "read");
const write = need("issues", "write", "read");

export const reactionHandlers: Handlers = {
  "reactions/create-for-issue-comment": { needs: write, handle: (call) => react(call, commentOf(call).comment) },
  "reactions/create-for-issue": { needs: write, handle: (call) => react(call, issueOf(call)) },
  "reactions/list-for-issue-comment": { needs: read, handle: (call) => list(call, commentOf(call).comment) },
  "reactions/list-for-issue": { needs: read, handle: (call) => list(call, issueOf(call)) },
};

/** One reaction of a kind per account: the second time it is shown again with 200. */
function react(call: Call, record: Editable): Answer {
  const user = actorOf(call.caller);
  const content = call.body["content"] as ReactionContent;
  const known = record.reactions.find((reaction) => reaction.user.id === user.id && reaction.content === content);
  if (known) return ok(renderReaction(call.site, known));
  const reaction: ReactionRecord = { id: call.site.state.nextId(), content, user, createdAt: call.site.clock.now() };
  record.reactions.push(reaction);
  return created(renderReaction(call.site, reaction));
}

function list(call: Call, record: Editable): Promise<Answer> {
  const wanted = call.query["content"];
  const kept = record.reactions.filter((reaction) => wanted === undefined || reaction.content === wanted);
  return listPage(call, kept, (reaction) => renderReaction(call.site, reaction));
}
