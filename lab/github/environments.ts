import type { LabEnvironment } from "../model.js";
import type { Site } from "./site.js";

/** The environment of that name; one that is named for the first time comes into being without any protection. */
export function environmentNamed(site: Pick<Site, "state" | "clock">, name: string): LabEnvironment {
  const known = site.state.environments.get(name.toLowerCase());
  if (known) return known;
  const environment: LabEnvironment = {
    id: site.state.nextId(),
    name,
    createdAt: site.clock.now(),
    branchPolicy: null,
    reviewers: [],
    preventSelfReview: false,
    secrets: {},
    variables: {},
  };
  site.state.environments.set(name.toLowerCase(), environment);
  return environment;
}
