import type { LabEvent } from "../../model.js";
import type { EventFilter, Triggers } from "../workflow/model.js";
import { matchesGlob } from "./glob.js";

export interface PushedFiles {
  /** Paths that a push changed, asked only when a filter needs them. */
  (): readonly string[];
}

/** Whether this event starts a workflow with these triggers. */
export function matchesEvent(triggers: Triggers, event: LabEvent, ref: string, changed: PushedFiles): boolean {
  const filter = triggers.events.get(event.name);
  if (!filter) return false;
  if (filter.types && !filter.types.includes(event.action ?? "")) return false;
  return event.name !== "push" || matchesPush(filter, ref, changed);
}

function matchesPush(filter: EventFilter, ref: string, changed: PushedFiles): boolean {
  return matchesRef(filter, ref) && matchesPaths(filter, changed);
}

function matchesRef(filter: EventFilter, ref: string): boolean {
  const branchFilter = filter.branches ?? filter["branches-ignore"];
  const tagFilter = filter.tags ?? filter["tags-ignore"];
  if (!branchFilter && !tagFilter) return true;
  const isTag = ref.startsWith("refs/tags/");
  const name = ref.replace(/^refs\/(heads|tags)\//, "");
  // A filter on the one kind only means: never for the other.
  if (isTag) return tagFilter !== undefined && passes(name, filter.tags, filter["tags-ignore"]);
  return branchFilter !== undefined && passes(name, filter.branches, filter["branches-ignore"]);
}

function passes(name: string, only: readonly string[] | undefined, ignored: readonly string[] | undefined): boolean {
  if (only) return matchesGlob(name, only);
  return !(ignored && matchesGlob(name, ignored));
}

function matchesPaths(filter: EventFilter, changed: PushedFiles): boolean {
  const only = filter.paths;
  const ignored = filter["paths-ignore"];
  if (only) return changed().some((path) => matchesGlob(path, only));
  if (ignored) return changed().some((path) => !matchesGlob(path, ignored));
  return true;
}

/** Whether a file that cannot be parsed may have meant to listen to this event: it says its name somewhere. */
export function mentionsEvent(text: string, name: LabEvent["name"]): boolean {
  return new RegExp(`(^|[^\\w-])${name}([^\\w-]|$)`, "m").test(text);
}
