/** Asks a cluster what evidence needs: lists first, then details of what is not as it should be. */
import pLimit from "p-limit";
import { SourceUnavailableError } from "../../unavailable.js";
import type { Cluster, LogTail, PodDetail, PodSummary, Workload } from "./cluster.js";
import { configMapsOf, withVariables } from "./config-maps.js";
import { splitObjects } from "./describe.js";
import type { Kubectl } from "./kubectl.js";
import * as parse from "./objects.js";
import { readPodStatus } from "./pod-status.js";
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
const MOST_LOGS = 60; // pods
const MOST_HISTORIES = 3; // deployments, youngest rollout first
const MOST_CONFIG_MAPS = 20;
const LOG_LINES = "300";
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
    collectDescribed({
      kind: "services",
      chosen: [],
      questions,
      read: (text) => parse.parseService(text),
      readRow: parse.readServiceRow,
    }),
    collectDescribed({
      kind: "nodes",
      chosen: [],
      questions,
      read: parse.parseNode,
      readRow: (name, row) => parse.parseNode(`Name:  ${name}`, new Map([[name, row]])),
    }),
    collectDescribed({
      kind: "persistentvolumeclaims",
      chosen: [],
      questions,
      read: (text) => parse.parseClaim(text),
      readRow: parse.readClaimRow,
    }),
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
  const logs = await collectLogs(pods, questions);
  const configMaps = await collectConfigMaps(workloads.flat(), questions);
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
      logs,
    },
    unanswered: questions.unanswered(),
  };
}

/** Where gateways keep their routes, and many apps the addresses of others. Whoever may not read them goes without. */
async function collectConfigMaps(workloads: readonly Workload[], questions: Questions): Promise<ReadonlyMap<string, string>> {
  const names = [...new Set(workloads.flatMap(configMapsOf))].slice(0, MOST_CONFIG_MAPS);
  const texts = await Promise.all(
    names.map(async (name) => [name, await questions.attempt(["describe", "configmaps", name])] as const),
  );
  return new Map(texts.flatMap(([name, text]) => (text === null ? [] : [[name, text] as const])));
}

interface Questions {
  /** null when it was refused; that is kept for the report. */
  text(args: readonly string[]): Promise<string | null>;
  /** The same, for a question that has another way round. */
  attempt(args: readonly string[]): Promise<string | null>;
  unanswered(): readonly string[];
}

function createQuestions(kubectl: Kubectl, atOnce: number): Questions {
  const limit = pLimit(atOnce);
  const refused: string[] = [];
  const attempt = async (args: readonly string[], isReported = false): Promise<string | null> => {
    const answer = await limit(() => kubectl.ask(args));
    const name = `kubectl ${args.slice(0, 2).join(" ")}`;
    if (answer.ok && answer.isCut) refused.push(`${name}: the answer was cut`);
    if (!answer.ok && isReported) refused.push(`${name}: ${answer.why}`);
    return answer.ok ? answer.text : null;
  };
  return { text: (args) => attempt(args, true), attempt: (args) => attempt(args), unanswered: () => [...new Set(refused)] };
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
    short.slice(0, MOST_DESCRIBED).map((name) => questions.text(["describe", "replicasets", name])),
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
  const unwell = pods
    .filter((pod) => !isWell(pod))
    .toSorted((a, b) => troubleOf(b) - troubleOf(a))
    .slice(0, MOST_DESCRIBED);
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

export function isWell({ status, readyContainers, containers, restarts }: PodSummary): boolean {
  return status === "Completed" || (status === "Running" && readyContainers === containers && restarts === 0);
}

/** Not running, then running without being ready, then restarted lately, then restarted long ago. */
function troubleOf(pod: PodSummary): number {
  if (pod.status !== "Running") return 3;
  if (pod.readyContainers < pod.containers) return 2;
  return isSettled(pod) ? 0 : 1;
}

/** How long everything has to run well for what ended before to be history: events are kept that long, too. */
export const HISTORY_MS = 60 * 60_000;

/** Everything in it is ready, and nothing in it ended lately. */
export function isSettled(
  { status, readyContainers, containers, restarts, restartedAgoMs }: PodSummary,
  forMs: number = HISTORY_MS,
): boolean {
  const isRunning = status === "Running" && readyContainers === containers;
  return isRunning && (restarts === 0 || (restartedAgoMs ?? 0) >= forMs);
}

async function collectLogs(pods: readonly PodSummary[], questions: Questions): Promise<readonly LogTail[]> {
  const started = pods.filter(({ status }) => status !== "Pending" && !status.startsWith("Init:")).slice(0, MOST_LOGS);
  const tails = await Promise.all(
    started.map(async ({ name, restarts, containers }) => {
      const which = containers > 1 ? ["--all-containers"] : [];
      const now = await questions.attempt(["logs", name, "--tail", LOG_LINES, ...which]);
      const before = restarts > 0 ? await questions.attempt(["logs", name, "--previous", "--tail", LOG_LINES]) : null;
      return { pod: name, lines: [before, now].flatMap((text) => (text ?? "").split("\n").filter((line) => line.trim() !== "")) };
    }),
  );
  return tails.filter(({ lines }) => lines.length > 0);
}

function namesOf(table: string): readonly string[] {
  return parseTable(table).flatMap((row) => (row["NAME"] ? [row["NAME"]] : []));
}
