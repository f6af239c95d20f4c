/** Asks a cluster what evidence needs: lists first, then details of what is not as it should be. */
import { SourceUnavailableError } from "../../unavailable.js";
import type { Claim, Cluster, ClusterNode, PodDetail, PodSummary, Service, Workload } from "./cluster.js";
import { collectLogs } from "./collect-logs.js";
import { configMapsOf, withVariables } from "./config-maps.js";
import { splitObjects } from "./describe.js";
import { parseEventList } from "./events.js";
import type { Kubectl } from "./kubectl.js";
import * as parse from "./objects.js";
import { isWell, troubleOf } from "./pod-health.js";
import { readPodStatus } from "./pod-status.js";
import { createQuestions, type Questions } from "./questions.js";
import { parseTable, type Row } from "./table.js";

export interface CollectOptions {
  readonly kubectl: Kubectl;
  /** Labels of the pods and workloads to look at: `app=checkout`; null: everything in the namespace. */
  readonly selector: string | null;
  /** Questions asked at the same time. Default 6. */
  readonly atOnce?: number;
}
export interface Collected {
  readonly cluster: Cluster;
  readonly unanswered: readonly string[]; // what could not be looked at, and why, a line each
}

const MOST_DESCRIBED = 40; // pods that are not well
const MOST_HISTORIES = 3; // deployments, youngest rollout first
const MOST_CONFIG_MAPS = 20;
const WORKLOADS = ["deployments", "statefulsets", "daemonsets"] as const;

/** @throws {SourceUnavailableError} when not even the pods can be listed */
export async function collectCluster({ kubectl, selector, atOnce = 6 }: CollectOptions): Promise<Collected> {
  const questions = createQuestions(kubectl, atOnce);
  const chosen = selector === null ? [] : ["-l", selector];
  const [wide, labelled, workloads, replicaSets, services, nodes, claims] = await Promise.all([
    questions.text(["get", "pods", "-o", "wide", ...chosen]),
    questions.text(["get", "pods", "--show-labels", ...chosen]),
    Promise.all(WORKLOADS.map((kind) => collectWorkloads(kind, chosen, questions))),
    collectReplicaSets(chosen, questions),
    collectServices(questions),
    collectNodes(questions),
    collectClaims(questions),
  ]);
  const [volumes, storageClasses, quotas, accounts] = await Promise.all([
    questions.text(["get", "persistentvolumes", "--show-labels"]),
    questions.text(["get", "storageclasses"]),
    questions.text(["get", "resourcequota"]),
    questions.text(["get", "serviceaccounts"]),
  ]);
  if (wide === null)
    throw new SourceUnavailableError(
      `The pods could not be listed: ${questions.unanswered().find((line) => line.startsWith("kubectl get pods")) ?? "unknown"}`,
      false,
    );

  const pods = parse.parsePods(wide, labelled ?? "");
  const details = await collectDetails(pods, questions);
  const logs = await collectLogs(pods, details, questions);
  const configMaps = await collectConfigMaps(workloads.flat(), questions);
  // Events have no labels: where a selector bounds the look, those of other apps would come with them.
  const events = selector === null ? await questions.attempt(["get", "events"]) : null;
  const usage = await questions.attempt(["top", "pods", "--containers", ...chosen]);
  return {
    cluster: {
      namespace: kubectl.namespace,
      pods,
      details,
      workloads: workloads.flat().map((workload) => ({
        ...workload,
        containers: workload.containers.map((container) => withVariables(container, configMaps)),
      })),
      configMaps,
      replicaSets: replicaSets.short,
      rollouts: replicaSets.rollouts,
      usage: parse.parseUsage(usage ?? ""),
      services,
      nodes,
      claims,
      volumes: volumes === null ? null : parse.parseVolumes(volumes),
      storageClasses: storageClasses === null ? null : namesOf(storageClasses),
      quotas: quotas === null ? null : parse.parseQuotas(quotas),
      serviceAccounts: accounts === null ? null : namesOf(accounts),
      events: parseEventList(events ?? ""),
      logs,
    },
    unanswered: questions.unanswered(),
  };
}

/** Where gateways keep their routes, and many apps the addresses of others. Whoever may not read them goes without. */
async function collectConfigMaps(workloads: readonly Workload[], questions: Questions): Promise<ReadonlyMap<string, string>> {
  const names = questions.first(MOST_CONFIG_MAPS, [...new Set(workloads.flatMap(configMapsOf))], "config maps");
  const texts = await Promise.all(
    names.map(async (name) => [name, await questions.attempt(["describe", "configmaps", name])] as const),
  );
  return new Map(texts.flatMap(([name, text]) => (text === null ? [] : [[name, text] as const])));
}

async function collectWorkloads(
  kind: (typeof WORKLOADS)[number],
  chosen: readonly string[],
  questions: Questions,
): Promise<readonly Workload[]> {
  const found = await collectDescribed({
    kind,
    chosen,
    questions,
    read: (text, rows) => parse.parseWorkload(kind.slice(0, -1), text, rows),
    readRow: (name, row) => parse.readWorkloadRow(kind.slice(0, -1), name, row),
  });
  return found ?? [];
}

function collectServices(questions: Questions): Promise<readonly Service[] | null> {
  const read = (text: string): Service => parse.parseService(text);
  return collectDescribed({ kind: "services", chosen: [], questions, read, readRow: parse.readServiceRow });
}

function collectNodes(questions: Questions): Promise<readonly ClusterNode[] | null> {
  const readRow = (name: string, row: Row): ClusterNode => parse.parseNode(`Name:  ${name}`, new Map([[name, row]]));
  return collectDescribed({ kind: "nodes", chosen: [], questions, read: parse.parseNode, readRow });
}

function collectClaims(questions: Questions): Promise<readonly Claim[] | null> {
  const read = (text: string): Claim => parse.parseClaim(text);
  return collectDescribed({ kind: "persistentvolumeclaims", chosen: [], questions, read, readRow: parse.readClaimRow });
}

interface Describing<T> {
  readonly kind: string;
  readonly chosen: readonly string[];
  readonly questions: Questions;
  readonly read: (text: string, rows: ReadonlyMap<string, Row>) => T;
  /** What its row in the list tells, where it could not be described: it is there all the same. */
  readonly readRow: (name: string, row: Row) => T;
}

/** All of a kind in one answer; where that is refused (a cluster's admission, a recording), one by one. */
async function collectDescribed<T>({ kind, chosen, questions, read, readRow }: Describing<T>): Promise<readonly T[] | null> {
  const listed = await questions.text(["get", kind, ...chosen]);
  if (listed === null) return null;
  const rows = parse.byName(listed);
  if (rows.size === 0) return [];
  const all = await questions.attempt(["describe", kind, ...chosen]);
  if (all !== null) return splitObjects(all).map((text) => read(text, rows));
  return Promise.all(
    [...rows].map(async ([name, row]) => {
      const text = await questions.text(["describe", kind, name]);
      return text === null ? readRow(name, row) : read(text, rows);
    }),
  );
}

async function collectReplicaSets(
  chosen: readonly string[],
  questions: Questions,
): Promise<{ readonly short: Cluster["replicaSets"]; readonly rollouts: Cluster["rollouts"] }> {
  const listed = await questions.text(["get", "replicasets", ...chosen]);
  const rows = parse.byName(listed ?? "");
  const short = [...rows].filter(([, row]) => Number(row["CURRENT"]) < Number(row["DESIRED"])).map(([name]) => name);
  const texts = await Promise.all(
    questions
      .first(MOST_DESCRIBED, short, "replica sets without all their pods")
      .map((name) => questions.text(["describe", "replicasets", name])),
  );
  return {
    short: texts.flatMap((text) => (text === null ? [] : [parse.parseReplicaSet(text, rows)])),
    rollouts: await collectCauses(parse.parseRollouts(listed ?? ""), questions),
  };
}

/** The list of replica sets tells when; only the history tells why, where somebody wrote the annotation `kubernetes.io/change-cause`. */
async function collectCauses(
  rollouts: ReturnType<typeof parse.parseRollouts>,
  questions: Questions,
): Promise<Cluster["rollouts"]> {
  const youngest = new Set(rollouts.toSorted((a, b) => a.ageMs - b.ageMs).slice(0, MOST_HISTORIES));
  return Promise.all(
    rollouts.map(async (rollout) => {
      if (!youngest.has(rollout)) return { ...rollout, changeCause: null };
      const history = await questions.attempt(["rollout", "history", `deployment/${rollout.deployment}`]);
      return { ...rollout, changeCause: parse.parseChangeCause(history ?? "") };
    }),
  );
}

/** Pods that run with every container ready and never restarted are left alone. Of many, those in most trouble come first. */
async function collectDetails(pods: readonly PodSummary[], questions: Questions): Promise<ReadonlyMap<string, PodDetail>> {
  const all = pods.filter((pod) => !isWell(pod)).toSorted((a, b) => troubleOf(b) - troubleOf(a));
  const unwell = questions.first(MOST_DESCRIBED, all, "pods that are not well");
  const details = await Promise.all(unwell.map((pod) => collectDetail(pod, questions)));
  return new Map(details.flatMap((detail) => (detail === null ? [] : [[detail.name, detail] as const])));
}

async function collectDetail({ name, status }: PodSummary, questions: Questions): Promise<PodDetail | null> {
  const text = await questions.text(["describe", "pods", name]);
  if (text === null) return null;
  const detail = parse.parsePodDetail(text);
  if (status === "Running" || detail.events.some(({ type }) => type === "Warning")) return detail;
  const yaml = await questions.attempt(["get", "pods", name, "-o", "yaml"]);
  return yaml === null ? detail : { ...detail, events: [...detail.events, ...readPodStatus(yaml)] };
}

function namesOf(table: string): readonly string[] {
  return parseTable(table).flatMap((row) => (row["NAME"] ? [row["NAME"]] : []));
}
