/** What a pod demands of the labels of its node. Pure. @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#node-affinity */
import { z } from "zod";
import type { ClusterNode } from "./cluster.js";

const Expression = z.object({ key: z.string(), operator: z.string(), values: z.array(z.coerce.string()).nullish() });
const Affinity = z.object({
  requiredDuringSchedulingIgnoredDuringExecution: z.object({
    nodeSelectorTerms: z.array(z.object({ matchExpressions: z.array(Expression).nullish() })),
  }),
});
type Expression = z.infer<typeof Expression>;

/** One of the terms has to hold, each with all of its expressions. */
export type Required = readonly (readonly Expression[])[];

/** @returns null when it demands nothing, or in a way that is not read here (fields of nodes) */
export function requiredOf(nodeAffinity: unknown): Required | null {
  const parsed = Affinity.safeParse(nodeAffinity);
  if (!parsed.success) return null;
  const terms = parsed.data.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms;
  const read = terms.map(({ matchExpressions }) => matchExpressions ?? []);
  return read.length === 0 || read.some((expressions) => expressions.length === 0) ? null : read;
}

export function suits({ labels }: Pick<ClusterNode, "labels">, required: Required): boolean {
  return required.some((expressions) => expressions.every((expression) => holds(expression, labels)));
}

function holds({ key, operator, values }: Expression, labels: ClusterNode["labels"]): boolean {
  const label = labels.get(key);
  switch (operator) {
    case "In":
      return label !== undefined && (values ?? []).includes(label);
    case "NotIn":
      return label === undefined || !(values ?? []).includes(label);
    case "Exists":
      return label !== undefined;
    case "DoesNotExist":
      return label === undefined;
    case "Gt":
      return Number(label) > Number(values?.[0]);
    case "Lt":
      return Number(label) < Number(values?.[0]);
    default:
      return false;
  }
}
