import type { Actor } from "../../model.js";
import { type Site, timestamp } from "../site.js";
import type { UserRecord } from "../state.js";

/** Opaque to clients; only stable and distinct. */
export function nodeId(kind: string, id: number | string): string {
  return `${kind}_${Buffer.from(`${kind}:${id}`).toString("base64url")}`;
}

export function renderUser(site: Site, actor: Actor): Record<string, unknown> {
  const path = encodeURIComponent(actor.login);
  const url = `${site.urls.api}/users/${path}`;
  const page =
    actor.type === "Bot" ? `${site.urls.server}/apps/${actor.login.replace("[bot]", "")}` : `${site.urls.server}/${path}`;
  return {
    login: actor.login,
    id: actor.id,
    node_id: nodeId(actor.type === "Bot" ? "BOT" : "U", actor.id),
    avatar_url: `${site.urls.server}/avatars/${actor.id}`,
    gravatar_id: "",
    url,
    html_url: page,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: actor.type,
    user_view_type: "public",
    site_admin: false,
  };
}

export function renderUserOrNull(site: Site, actor: Actor | null): Record<string, unknown> | null {
  return actor === null ? null : renderUser(site, actor);
}

/** The profile: what `GET /user` and `GET /users/{username}` add. */
export function renderProfile(site: Site, user: UserRecord): Record<string, unknown> {
  return {
    ...renderUser(site, user),
    name: null,
    company: null,
    blog: "",
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: timestamp(user.createdAt),
    updated_at: timestamp(user.createdAt),
  };
}
