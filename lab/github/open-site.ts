import { EventEmitter } from "node:events";
import type { Engine, LabClock, LabEvent } from "../model.js";
import type { Limits } from "./api/limits.js";
import type { Git } from "./git/git.js";
import type { GitHubOptions } from "./options.js";
import { HttpError, type Site } from "./site.js";
import { createState } from "./state.js";

export interface SiteParts {
  readonly clock: LabClock;
  readonly git: Git;
  readonly urls: Site["urls"];
  readonly limits: Limits;
}

/** An empty site; `attach` joins the runner later, because each of the two needs the other. */
export function openSite(options: GitHubOptions, parts: SiteParts): { site: Site; attach: (engine: Engine) => void } {
  const { clock, git, urls, limits } = parts;
  let engine: Engine | null = null;
  const site: Site = {
    owner: options.owner,
    name: options.repo,
    repositoryId: 712_345_601,
    private: options.private ?? false,
    defaultBranch: options.defaultBranch ?? "main",
    clock,
    urls,
    state: createState(clock.now()),
    git,
    events: new EventEmitter<{ event: [LabEvent] }>(),
    engine() {
      if (engine === null) throw new HttpError(501, "lab: no runner is attached to GitHub's stand-in; call attach(engine) first");
      return engine;
    },
    limits: (caller) => ({ core: limits.read(caller, "core"), graphql: limits.read(caller, "graphql") }),
  };
  return {
    site,
    attach: (joined) => {
      engine = joined;
    },
  };
}
