import { LABELS, sumOrZero, type Pack } from "./pack.js";

export const kubeStateMetrics: Pack = {
  name: "kube-state-metrics",
  title: "A Deployment, from kube-state-metrics",
  docs: "https://github.com/kubernetes/kube-state-metrics/blob/main/docs/metrics/workload/deployment-metrics.md",
  example: { namespace: "shop", deployment: "checkout" },
  notes: ["Where the scrape does not keep the exporter's own labels, they are called `exported_namespace` and the like."],
  signals: [
    {
      name: "replicas",
      unit: null,
      says: "Replicas that are available",
      query: `sum(kube_deployment_status_replicas_available{${LABELS}})`,
    },
    {
      name: "replicas-missing",
      unit: null,
      says: "Replicas asked for that are not available",
      query: `sum(kube_deployment_spec_replicas{${LABELS}}) - sum(kube_deployment_status_replicas_available{${LABELS}})`,
    },
    {
      name: "replicas-outdated",
      unit: null,
      says: "Replicas that do not run the newest template: a rollout is under way, or stuck",
      query: `sum(kube_deployment_spec_replicas{${LABELS}}) - sum(kube_deployment_status_replicas_updated{${LABELS}})`,
    },
  ],
};

export const kubeStateMetricsPods: Pack = {
  name: "kube-state-metrics-pods",
  title: "The pods of a service, from kube-state-metrics",
  docs: "https://github.com/kubernetes/kube-state-metrics/blob/main/docs/metrics/workload/pod-metrics.md",
  example: { namespace: "shop", pod: "~checkout-.*" },
  notes: ["Pods have names with a hash: take them by a regular expression."],
  signals: [
    {
      name: "restarts",
      unit: null,
      says: "Restarts of containers in the last ten minutes",
      query: `sum(increase(kube_pod_container_status_restarts_total{${LABELS}}[10m]))`,
    },
    {
      name: "pods-not-ready",
      unit: null,
      says: "Pods that are not ready",
      query: `sum(kube_pod_status_ready{${LABELS},condition="false"})`,
    },
    {
      name: "pods-pending",
      unit: null,
      says: "Pods that are not placed or not started",
      query: `sum(kube_pod_status_phase{${LABELS},phase="Pending"})`,
    },
    {
      name: "containers-waiting",
      unit: null,
      says: "Containers that wait with a reason, such as CrashLoopBackOff or ImagePullBackOff",
      query: sumOrZero(`kube_pod_container_status_waiting_reason{${LABELS}}`, `kube_pod_status_phase{${LABELS}}`),
    },
    {
      name: "oom-killed",
      unit: null,
      says: "Containers whose last end was a kill for memory",
      query: sumOrZero(
        `kube_pod_container_status_last_terminated_reason{${LABELS},reason="OOMKilled"}`,
        `kube_pod_status_phase{${LABELS}}`,
      ),
    },
  ],
};
