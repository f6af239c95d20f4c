import { type Call, type Handlers, need, ok } from "../api/operation.js";
import { renderProfile, renderUser } from "../render/user.js";
import { type Answer, HttpError, notFound } from "../site.js";
import { actionsBot } from "../state.js";

const anyone = need("none", "read", "anyone");

export const metaHandlers: Handlers = {
  "meta/root": { needs: anyone, handle: (call) => ok(renderRoot(call.site.urls.api)) },
  "rate-limit/get": { needs: anyone, handle: getLimits },
  "users/get-authenticated": { needs: anyone, handle: getAuthenticated },
  "users/get-by-username": { needs: anyone, handle: getUser },
};

function getLimits(call: Call): Answer {
  const { core, graphql } = call.site.limits(call.caller);
  const search = { ...core, limit: 30, used: 0, remaining: 30 };
  return ok({ resources: { core, graphql, search }, rate: core });
}

/** A job's token is an installation's, which has no user of its own. */
function getAuthenticated(call: Call): Answer {
  if (call.caller.job) throw new HttpError(403, "Resource not accessible by integration");
  const user = call.site.state.users.get(call.caller.actor?.login.toLowerCase() ?? "");
  if (!user) throw new HttpError(401, "Requires authentication");
  const account = {
    private_gists: 0,
    total_private_repos: 0,
    owned_private_repos: 0,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
  };
  return ok({ ...renderProfile(call.site, user), ...account });
}

function getUser(call: Call): Answer {
  const login = (call.params["username"] ?? "").toLowerCase();
  const user = call.site.state.users.get(login);
  if (user) return ok(renderProfile(call.site, user));
  if (login !== actionsBot.login) throw notFound();
  const record = { ...actionsBot, role: null, createdAt: call.site.state.createdAt };
  return ok({ ...renderProfile(call.site, record), ...renderUser(call.site, actionsBot) });
}

function renderRoot(api: string): Record<string, string> {
  const paths: Readonly<Record<string, string>> = {
    current_user_url: "user",
    current_user_authorizations_html_url: "settings/connections/applications{/client_id}",
    authorizations_url: "authorizations",
    code_search_url: "search/code?q={query}{&page,per_page,sort,order}",
    commit_search_url: "search/commits?q={query}{&page,per_page,sort,order}",
    emails_url: "user/emails",
    emojis_url: "emojis",
    events_url: "events",
    feeds_url: "feeds",
    followers_url: "user/followers",
    following_url: "user/following{/target}",
    gists_url: "gists{/gist_id}",
    issue_search_url: "search/issues?q={query}{&page,per_page,sort,order}",
    issues_url: "issues",
    keys_url: "user/keys",
    label_search_url: "search/labels?q={query}&repository_id={repository_id}{&page,per_page}",
    notifications_url: "notifications",
    organization_url: "orgs/{org}",
    organization_repositories_url: "orgs/{org}/repos{?type,page,per_page,sort}",
    organization_teams_url: "orgs/{org}/teams",
    public_gists_url: "gists/public",
    rate_limit_url: "rate_limit",
    repository_url: "repos/{owner}/{repo}",
    repository_search_url: "search/repositories?q={query}{&page,per_page,sort,order}",
    current_user_repositories_url: "user/repos{?type,page,per_page,sort}",
    starred_url: "user/starred{/owner}{/repo}",
    starred_gists_url: "gists/starred",
    user_url: "users/{user}",
    user_organizations_url: "user/orgs",
    user_repositories_url: "users/{user}/repos{?type,page,per_page,sort}",
    user_search_url: "search/users?q={query}{&page,per_page,sort,order}",
  };
  return Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, `${api}/${path}`]));
}
