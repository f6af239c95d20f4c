/** Every pack, by the name that a config uses. */
import type { SignalQuery } from "../../config/config.js";
import { cadvisor } from "./cadvisor.js";
import { istio, istioClient } from "./istio.js";
import { jvm, jvmClientJava } from "./jvm.js";
import { kubeStateMetrics, kubeStateMetricsPods } from "./kube-state-metrics.js";
import type { LabelMatchers } from "./matchers.js";
import { ingressNginx, nginx } from "./nginx.js";
import { nodeExporter } from "./node-exporter.js";
import { nodejs } from "./nodejs.js";
import { instantiatePack, type Pack } from "./pack.js";
import { postgresql } from "./postgresql.js";
import { redis } from "./redis.js";

export const PACK_NAMES = [
  "kube-state-metrics",
  "kube-state-metrics-pods",
  "cadvisor",
  "istio",
  "istio-client",
  "ingress-nginx",
  "nginx",
  "jvm",
  "jvm-client-java",
  "nodejs",
  "node-exporter",
  "postgresql",
  "redis",
] as const;
export type PackName = (typeof PACK_NAMES)[number];

export const PACKS: Readonly<Record<PackName, Pack>> = {
  "kube-state-metrics": kubeStateMetrics,
  "kube-state-metrics-pods": kubeStateMetricsPods,
  cadvisor,
  istio,
  "istio-client": istioClient,
  "ingress-nginx": ingressNginx,
  nginx,
  jvm,
  "jvm-client-java": jvmClientJava,
  nodejs,
  "node-exporter": nodeExporter,
  postgresql,
  redis,
};

/** Queries that packs may bring to one service: as many as evidence holds observations, and no storm for Prometheus. */
export const MAX_PACK_QUERIES = 40;

/** Labels by pack, in the order written. */
export type ChosenPacks = Readonly<Partial<Record<PackName, LabelMatchers>>>;

/** The signals of all chosen packs; of equal names the first one written stands. */
export function instantiatePacks(chosen: ChosenPacks): ReadonlyMap<string, SignalQuery> {
  const signals = new Map<string, SignalQuery>();
  for (const [name, labels] of Object.entries(chosen)) {
    const pack = isPackName(name) ? PACKS[name] : null;
    for (const signal of pack === null ? [] : instantiatePack(pack, labels))
      if (!signals.has(signal.name)) signals.set(signal.name, signal);
  }
  return signals;
}

function isPackName(name: string): name is PackName {
  return PACK_NAMES.some((known) => known === name);
}
