/** Which services of the catalogue an incident may come from: the service itself and what it depends on. Pure. */
import type { Service } from "../../config/config.js";
import type { CallEdge } from "../../signals/cause-rank/model.js";

export interface Neighbourhood {
  readonly services: readonly Service[]; // the incident's own first, then nearest first
  readonly calls: readonly CallEdge[]; // between these services
}

/** Enough for what people can look at; each costs a few queries. */
export const MOST_NEIGHBOURS = 8;

/** Breadth first along `depends-on`; names that the catalogue does not hold are left out: nothing is known of them. */
export function neighbourhoodOf(service: Service, catalogue: ReadonlyMap<string, Service>): Neighbourhood {
  const found = new Map([[service.name, service]]);
  for (const each of found.values())
    for (const name of each.dependsOn) {
      const next = catalogue.get(name);
      if (next !== undefined && found.size <= MOST_NEIGHBOURS && !found.has(name)) found.set(name, next);
    }
  const services = [...found.values()];
  const calls = services.flatMap(({ name, dependsOn }) =>
    dependsOn.filter((callee) => callee !== name && found.has(callee)).map((callee) => ({ caller: name, callee })),
  );
  return { services, calls };
}
