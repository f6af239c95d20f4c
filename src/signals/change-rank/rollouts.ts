/** When and where commits reached production. Pure. */
import type { Change, Rollout } from "./model.js";

export interface Deployed {
  readonly service: string;
  readonly at: number;
  readonly commit: string;
}
interface Commit {
  readonly id: string;
  readonly at: number;
  readonly files: readonly string[];
}

/**
 * A commit goes out with the deployment made of it; else with the first later one of a service whose code it touches, since a
 * deployment carries everything before its commit. Code that belongs to no service goes out with the next deployment of each.
 */
export function rolloutsOf(commit: Commit, deployed: readonly Deployed[], services: readonly string[]): Change["rollouts"] {
  if (deployed.length === 0) return null;
  const own = deployed.filter((each) => each.commit === commit.id);
  if (own.length > 0) return own.map(toRollout);
  const owners = services.filter((service) => touches(commit.files, service));
  const later = deployed.filter(({ at }) => at >= commit.at).toSorted((a, b) => a.at - b.at);
  const carriers = owners.length > 0 ? owners : [...new Set(later.map(({ service }) => service))];
  return carriers.flatMap((carrier) =>
    later
      .filter(({ service }) => service === carrier)
      .slice(0, 1)
      .map(toRollout),
  );
}

function toRollout({ service, at }: Deployed): Rollout {
  return { service, at };
}

/** A part of a path is called after the service: `services/checkout/` or `checkout-svc/` for `checkoutservice`. */
export function touches(files: readonly string[], service: string): boolean {
  const name = bare(service);
  return (
    name !== "" &&
    files.some((file) =>
      file
        .split("/")
        .slice(0, -1)
        .some((part) => bare(part) === name),
    )
  );
}

function bare(name: string): string {
  return name
    .toLowerCase()
    .replace(/[-_]?(?:service|svc|server|app)$/, "")
    .replace(/[-_]/g, "");
}
