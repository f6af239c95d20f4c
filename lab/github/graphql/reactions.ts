import { nodeId } from "../render/user.js";
import { type Site, timestamp } from "../site.js";
import { type Editable, type ReactionContent, type ReactionRecord, reactionContents } from "../state.js";
import { actorNode } from "./actor.js";
import type { Asking } from "./context.js";
import { connect, type Node, type PageArgs } from "./connection.js";

const names: Record<ReactionContent, string> = {
  "+1": "THUMBS_UP",
  "-1": "THUMBS_DOWN",
  laugh: "LAUGH",
  hooray: "HOORAY",
  confused: "CONFUSED",
  heart: "HEART",
  rocket: "ROCKET",
  eyes: "EYES",
};

export function reactionFields({ site, caller }: Asking, record: Editable): Node {
  return {
    reactions: (args: PageArgs & { content?: string | null }) => {
      const items = record.reactions.filter((reaction) => !args.content || names[reaction.content] === args.content);
      return connect({ items, keyOf: (reaction) => reaction.id, render: (reaction) => reactionNode(site, reaction) }, args);
    },
    reactionGroups: () => reactionContents.map((content) => groupNode({ site, caller }, record, content)),
  };
}

/** `Reaction.user` is a user by type, so a bot's reaction has none. */
function reactionNode(site: Site, reaction: ReactionRecord): Node {
  return {
    id: nodeId("REA", reaction.id),
    databaseId: reaction.id,
    content: names[reaction.content],
    createdAt: timestamp(reaction.createdAt),
    user: reaction.user.type === "User" ? actorNode(site, reaction.user) : null,
  };
}

function groupNode({ site, caller }: Asking, record: Editable, content: ReactionContent): Node {
  const items = record.reactions.filter((reaction) => reaction.content === content);
  const reactors = (args: PageArgs) =>
    connect({ items, keyOf: ({ id }) => id, render: ({ user }) => actorNode(site, user) }, args);
  return {
    content: names[content],
    createdAt: items[0] ? timestamp(items[0].createdAt) : null,
    viewerHasReacted: items.some((reaction) => reaction.user.id === caller.actor?.id),
    reactors,
    users: reactors,
  };
}
