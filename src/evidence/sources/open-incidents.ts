/** Other open incidents of this service and its neighbours, from what the job has read already: no request. */
import type { Service } from "../../config/config.js";
import { MAX_SUMMARY } from "../../incident/facts.js";
import { redact } from "../../outside/redact.js";
import type { Finding, OpenIncident, Source, SourceRequest } from "../../ports.js";
import { relationTo, type Relation } from "../background.js";
import { clockTime } from "../phrases.js";

export interface OpenIncidentsOptions {
  readonly others: readonly OpenIncident[]; // without the one at hand
  readonly services: ReadonlyMap<string, Service>;
}

const MOST = 5;
/** Titles are ours, but people may edit them: a hint, whoever wrote it. */
const SCORES: Readonly<Record<Relation, number>> = { needed: 0.35, same: 0.3, needs: 0.2 };
/** "P1 checkout: 37 % of requests fail since 03:12 UTC", as the title says it. */
const TITLE = /^(?:P[0-3] )?([\w.-]{1,100}): /;

export function createOpenIncidentsSource({ others, services }: OpenIncidentsOptions): Source {
  const observe = ({ service }: SourceRequest): Promise<readonly Finding[]> => {
    const related = others.flatMap((other) => {
      const named = TITLE.exec(other.title)?.[1] ?? "";
      const relation = relationTo(service, named, services);
      return relation === null ? [] : [toFinding(other, named, relation, service)];
    });
    return Promise.resolve(related.toSorted((a, b) => b.score - a.score || b.at.getTime() - a.at.getTime()).slice(0, MOST));
  };
  return { name: "incidents", observe };
}

function toFinding(other: OpenIncident, subject: string, relation: Relation, service: Service): Finding {
  const what = { same: "", needed: `, which ${service.name} needs`, needs: `, which needs ${service.name}` }[relation];
  const since = `${other.openedAt.toISOString().slice(0, 10)} ${clockTime(other.openedAt.getTime())} UTC`;
  return {
    source: "incidents",
    subject,
    at: other.openedAt,
    summary: redact(`incident #${other.number} is open for ${subject}${what}, since ${since}: ${other.title}`, MAX_SUMMARY),
    detail: { kind: "alert" },
    score: SCORES[relation],
    query: null,
    link: other.url,
  };
}
