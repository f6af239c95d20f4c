/** What a state or an event says, as an observation: what it is about, a fixed word for what is wrong, and the details. */
import { MAX_SUMMARY, type Observation } from "../incident/facts.js";
import { readForMatching } from "../outside/match.js";
import { redact } from "../outside/redact.js";
import type { Finding } from "../ports.js";

export interface Statement {
  readonly kind: "state" | "event";
  readonly of: string; // "pod", "container", "node", "service", "workload", "claim", "quota" …
  readonly reason: string; // "ImagePullBackOff"; a closed vocabulary of ours or Kubernetes' own
  readonly object: string; // the object to blame: "app/checkout", "node/worker-1", "namespace/shop", "service/payments-db"
  readonly message: string;
}
export interface Said extends Statement {
  readonly at: Date;
  readonly score: number;
}

const NAMED = /^([a-z-]+):([A-Za-z0-9]+)$/;

/** `query` names the check that found it, `subject` the object; the journal keeps both as they are. */
export function toFinding(source: string, { kind, of, reason, object, message, at, score }: Said): Finding {
  return {
    source,
    subject: object,
    at,
    summary: redact(`${of} ${reason}: ${message}`, MAX_SUMMARY),
    detail: { kind },
    score,
    query: `${of}:${reason}`,
    link: null,
  };
}

/** null for an observation that is no statement about a cluster's object. */
export function readStatement({ detail, query, subject, summary }: Omit<Observation, "id">): Statement | null {
  const named = detail.kind === "state" || detail.kind === "event" ? NAMED.exec(query ?? "") : null;
  if (named === null || (detail.kind !== "state" && detail.kind !== "event")) return null;
  const [, of = "", reason = ""] = named;
  const text = readForMatching(summary);
  const lead = `${of} ${reason}: `;
  return { kind: detail.kind, of, reason, object: subject, message: text.startsWith(lead) ? text.slice(lead.length) : text };
}

const OBJECT = /^(?:app|node|namespace|cluster|service)\/./;

/** The object of a cluster or the neighbour that an observation speaks of; null when it speaks of the incident's own service. */
export function objectOf({ subject }: Pick<Observation, "subject">): string | null {
  return OBJECT.test(subject) ? subject : null;
}
