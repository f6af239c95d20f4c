/** The alerts that began around the onset, taken as one storm: which of the things they were raised on does it come from? Pure. */
import type { Finding } from "../../ports.js";
import { rankEntities } from "../../signals/alert-storm/rank-entities.js";
import type { Entity } from "../../signals/alert-storm/model.js";
import { toFinding } from "../statement.js";
import type { GettableAlert } from "./alertmanager-wire.js";
import { withoutHash } from "./kubernetes/pod-name.js";

/** Alerts hold before they fire, by some minutes each: what began within this time belongs together. */
const TOGETHER_MS = 30 * 60_000;
const LEAST_ALERTS = 3;
const LEAST_THINGS = 2;
/** The first must stand this far above the second to be named. */
const LEAD = 1.3;
/** A conclusion from alerts is a hint where to look, below what counts as trouble by itself. */
const SCORE = 0.45;

/** Labels that name a thing, the most particular first, with the kind of thing. */
const NAMED_BY: readonly (readonly [label: string, kind: string])[] = [
  ["pod", "Pod"],
  ["deployment", "Deployment"],
  ["statefulset", "StatefulSet"],
  ["daemonset", "DaemonSet"],
  ["job_name", "Job"],
  ["horizontalpodautoscaler", "HorizontalPodAutoscaler"],
  ["persistentvolumeclaim", "PersistentVolumeClaim"],
  ["resourcequota", "ResourceQuota"],
  ["node", "Node"],
  ["service", "Service"],
  ["service_name", "Service"],
  ["app", "Service"],
];

/**
 * At most one finding; none for few alerts, for alerts on one thing only, or when no thing stands out.
 * @param isOurs - whether an alert was raised on the service or on something it needs: others count where they share its namespace
 */
export function describeStorm(
  alerts: readonly GettableAlert[],
  isOurs: (alert: GettableAlert) => boolean,
  onset: Date,
): readonly Finding[] {
  const namespaces = new Set(alerts.filter(isOurs).flatMap(({ labels }) => labels["namespace"] ?? []));
  const raised = alerts
    .filter(({ startsAt }) => Math.abs(startsAt.getTime() - onset.getTime()) <= TOGETHER_MS)
    .filter((alert) => isOurs(alert) || namespaces.has(alert.labels["namespace"] ?? ""))
    .flatMap((alert) => raisedOn(alert));
  const entities = [...new Map(raised.map(({ entity }) => [entity.id, entity])).values()];
  if (raised.length < LEAST_ALERTS || entities.length < LEAST_THINGS) return [];
  const [first, second] = rankEntities({ alerts: raised.map(({ alert }) => alert), entities, aliases: [] });
  const kind = entities.find(({ id }) => id === first?.id)?.kind;
  if (first === undefined || kind === undefined || first.score < LEAD * (second?.score ?? 0)) return [];
  const why = first.for.slice(0, 2).map(({ what }) => what);
  const message = [`${raised.length} alerts on ${entities.length} things seem to come from it`, ...why].join("; ");
  const object = `${kind === "Node" ? "node" : "app"}/${first.id}`;
  return [
    toFinding("alertmanager", { kind: "state", of: "storm", reason: "ComesFrom", object, message, at: onset, score: SCORE }),
  ];
}

interface Raised {
  readonly entity: Entity;
  readonly alert: { readonly name: string; readonly entity: string; readonly text: string };
}

function raisedOn({ labels, annotations }: GettableAlert): readonly Raised[] {
  const [label, kind] = NAMED_BY.find(([name]) => (labels[name] ?? "") !== "") ?? [];
  if (label === undefined || kind === undefined) return [];
  const named = labels[label] ?? "";
  const id = kind === "Pod" ? withoutHash(named) : named;
  const text = annotations["description"] ?? annotations["summary"] ?? annotations["message"] ?? "";
  const entity = { id, kind, namespace: labels["namespace"] ?? "" };
  return [{ entity, alert: { name: labels["alertname"] ?? "", entity: id, text } }];
}
