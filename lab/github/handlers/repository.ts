import type { RepoRole } from "../../model.js";
import { type Call, type Handlers, need, noContent, ok } from "../api/operation.js";
import { listPage } from "../api/pages.js";
import { emit } from "../events.js";
import { renderPermissions, renderRepository, repositoryPage, repositoryUrl } from "../render/repository.js";
import { nodeId, renderUser } from "../render/user.js";
import { type Answer, HttpError, notFound, timestamp } from "../site.js";
import type { RulesetRecord, UserRecord } from "../state.js";

const metadata = need("metadata", "read", "read");

export const repositoryHandlers: Handlers = {
  "repos/get": { needs: metadata, handle: getRepository },
  "repos/create-dispatch-event": { needs: need("contents", "write", "write"), handle: dispatchEvent },
  "repos/get-collaborator-permission-level": { needs: metadata, handle: getPermission },
  "repos/list-collaborators": { needs: need("metadata", "read", "write"), handle: listCollaborators },
  "repos/get-repo-rulesets": {
    needs: metadata,
    handle: (call) => listPage(call, call.site.state.rulesets, (ruleset) => renderRuleset(call, ruleset)),
  },
  "repos/get-repo-ruleset": { needs: metadata, handle: getRuleset },
};

function getRepository(call: Call): Answer {
  const { site, caller } = call;
  const permissions = caller.job ? {} : { permissions: renderPermissions(caller.role ?? (site.private ? null : "read")) };
  return ok({ ...renderRepository(site), network_count: 0, subscribers_count: 0, temp_clone_token: null, ...permissions });
}

const maxPayloadBytes = 65_535;

/** Limits as documented: 10 top-level properties, less than 64 KB, 100 characters of `event_type`. */
function dispatchEvent(call: Call): Answer {
  const payload = (call.body["client_payload"] ?? {}) as Record<string, unknown>;
  if (Object.keys(payload).length > 10) {
    throw new HttpError(422, "Invalid request.\n\nNo more than 10 properties are allowed; 11 or more were supplied.");
  }
  if (Buffer.byteLength(JSON.stringify(payload)) > maxPayloadBytes) throw new HttpError(422, "client_payload is too large.");
  const action = String(call.body["event_type"]);
  emit(call.site, call.caller, "repository_dispatch", action, { branch: call.site.defaultBranch, client_payload: payload });
  return noContent;
}

/** The five roles told as GitHub's older four: maintain reads as write, triage as read. */
const legacyPermission: Record<RepoRole, string> = {
  admin: "admin",
  maintain: "write",
  write: "write",
  triage: "read",
  read: "read",
};

function getPermission(call: Call): Answer {
  const { site } = call;
  const user = site.state.users.get((call.params["username"] ?? "").toLowerCase());
  if (!user) throw notFound();
  const role = effectiveRole(call, user);
  const rendered = { ...renderUser(site, user), permissions: renderPermissions(role), role_name: role ?? "none" };
  return ok({ permission: role === null ? "none" : legacyPermission[role], user: rendered, role_name: role ?? "none" });
}

/** In a public repository everyone reads. */
function effectiveRole(call: Call, user: UserRecord): RepoRole | null {
  return user.role ?? (call.site.private ? null : "read");
}

function listCollaborators(call: Call): Promise<Answer> {
  const collaborators = [...call.site.state.users.values()].filter((user) => user.role !== null);
  return listPage(call, collaborators, (user) => ({
    ...renderUser(call.site, user),
    permissions: renderPermissions(user.role),
    role_name: user.role ?? "none",
  }));
}

function getRuleset(call: Call): Answer {
  const ruleset = call.site.state.rulesets.find((candidate) => candidate.id === Number(call.params["ruleset_id"]));
  if (!ruleset) throw notFound();
  const conditions = { ref_name: { include: ruleset.include, exclude: ruleset.exclude } };
  return ok({ ...renderRuleset(call, ruleset), conditions, rules: ruleset.rules.map(renderRule) });
}

function renderRule(type: RulesetRecord["rules"][number]): Record<string, unknown> {
  if (type === "update") return { type, parameters: { update_allows_fetch_and_merge: false } };
  if (type !== "pull_request") return { type };
  const parameters = {
    dismiss_stale_reviews_on_push: false,
    require_code_owner_review: false,
    require_last_push_approval: false,
    required_approving_review_count: 1,
    required_review_thread_resolution: false,
  };
  return { type, parameters };
}

/** Without conditions and rules, as in the list. */
function renderRuleset(call: Call, ruleset: RulesetRecord): Record<string, unknown> {
  const { site } = call;
  return {
    id: ruleset.id,
    name: ruleset.name,
    target: ruleset.target,
    source_type: "Repository",
    source: `${site.owner}/${site.name}`,
    enforcement: ruleset.enforcement,
    node_id: nodeId("RRS", ruleset.id),
    _links: {
      self: { href: `${repositoryUrl(site)}/rulesets/${ruleset.id}` },
      html: { href: `${repositoryPage(site)}/rules/${ruleset.id}` },
    },
    created_at: timestamp(ruleset.createdAt),
    updated_at: timestamp(ruleset.createdAt),
  };
}
