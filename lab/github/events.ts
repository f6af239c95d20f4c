import type { LabEvent } from "../model.js";
import { renderRepository } from "./render/repository.js";
import { renderUser } from "./render/user.js";
import { actorOf, type Caller, type Site } from "./site.js";

/** Raises a webhook event after the state has changed; repository and sender are added to the payload. */
export function emit(
  site: Site,
  caller: Caller,
  name: LabEvent["name"],
  action: string | null,
  payload: Record<string, unknown>,
): void {
  const actor = actorOf(caller);
  const common = { repository: renderRepository(site), sender: renderUser(site, actor) };
  const event: LabEvent = {
    name,
    action,
    payload: { ...(action === null ? {} : { action }), ...payload, ...common },
    actor: { id: actor.id, login: actor.login, type: actor.type },
    byJobToken: caller.job !== null,
  };
  site.events.emit("event", event);
}
