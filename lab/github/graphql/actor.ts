import type { Actor } from "../../model.js";
import { nodeId } from "../render/user.js";
import type { Site } from "../site.js";
import type { Node } from "./connection.js";

/** In GraphQL a bot's login has no `[bot]`; its type says what it is. */
export function actorNode(site: Site, actor: Actor): Node {
  const login = actor.type === "Bot" ? actor.login.replace(/\[bot\]$/, "") : actor.login;
  const path = actor.type === "Bot" ? `/apps/${login}` : `/${login}`;
  return {
    __typename: actor.type,
    id: nodeId(actor.type === "Bot" ? "BOT" : "U", actor.id),
    databaseId: actor.id,
    login,
    url: `${site.urls.server}${path}`,
    resourcePath: path,
    avatarUrl: `${site.urls.server}/avatars/${actor.id}`,
  };
}

export function actorOrNull(site: Site, actor: Actor | null): Node | null {
  return actor && actorNode(site, actor);
}
