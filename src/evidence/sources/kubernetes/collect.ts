/** Asks a cluster what evidence needs: lists first, then details of what is not as it should be. */
import pLimit from "p-limit";
import { SourceUnavailableError } from "../../unavailable.js";
import type { Cluster, LogTail, PodDetail, PodSummary, Workload } from "./cluster.js";
import { splitObjects } from "./describe.js";
import type { Kubectl } from "./kubectl.js";
import * as parse from "./objects.js";
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

const MOST_DESCRIBED = 30; // pods that are not well
const MOST_LOGS = 60; // pods
const MOST_HISTORIES = 3; // deployments, youngest rollout first
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
    collectDescribed("services", [], questions, (text) => parse.parseService(text)),
    collectDescribed("nodes", [], questions, parse.parseNode),
    collectDescribed("persistentvolumeclaims", [], questions, (text) => parse.parseClaim(text)),
  ]);
  const [volumes, storageClasses, quotas, accounts] = await Promise.all([
    questions.text(["get", "persistentvolumes", "--show-labels"]),
    questions.text(["get", "storageclasses"]),
    questions.text(["get", "resourcequota"]),
    questions.text(["get", "serviceaccounts"]),
  ]);
  if (wide === null)
    throw new SourceUnavailableError(`The pods could not be listed: ${questions.unanswered()[0] ?? "unknown"}`, false);

  const pods = parse.parsePods(wide, labelled ?? "");
  const details = await collectDetails(pods, questions);
  const logs = await collectLogs(pods, questions);
  const usage = await questions.attempt(["top", "pods", "--containers", ...chosen]);
  return {
    cluster: {
      namespace: kubectl.namespace,
      pods,
      details,
      workloads: workloads.flat(),
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
  const found = await collectDescribed(kind, chosen, questions, (text, rows) =>
    parse.parseWorkload(kind.slice(0, -1), text, rows),
  );
  return found ?? [];
}

/** All of a kind in one answer; where that is refused (a cluster's admission, a recording), one by one. */
async function collectDescribed<T>(
  kind: string,
  chosen: readonly string[],
  questions: Questions,
  read: (text: string, rows: ReadonlyMap<string, Row>) => T,
): Promise<readonly T[] | null> {
  const listed = await questions.text(["get", kind, ...chosen]);
  if (listed === null) return null;
  const rows = parse.byName(listed);
  if (rows.size === 0) return [];
  const all = await questions.attempt(["describe", kind, ...chosen]);
  if (all !== null) return splitObjects(all).map((text) => read(text, rows));
  const each = await Promise.all([...rows.keys()].map((name) => questions.text(["describe", kind, name])));
  return each.flatMap((text) => (text === null ? [] : [read(text, rows)]));
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

/** Pods that run with every container ready and never restarted are left alone. */
async function collectDetails(pods: readonly PodSummary[], questions: Questions): Promise<ReadonlyMap<string, PodDetail>> {
  const unwell = pods.filter((pod) => !isWell(pod)).slice(0, MOST_DESCRIBED);
  const texts = await Promise.all(unwell.map(({ name }) => questions.text(["describe", "pods", name])));
  return new Map(texts.flatMap((text) => (text === null ? [] : [parse.parsePodDetail(text)])).map((pod) => [pod.name, pod]));
}

export function isWell({ status, readyContainers, containers, restarts }: PodSummary): boolean {
  return status === "Completed" || (status === "Running" && readyContainers === containers && restarts === 0);
}

async function collectLogs(pods: readonly PodSummary[], questions: Questions): Promise<readonly LogTail[]> {
  const started = pods.filter(({ status }) => status !== "Pending" && !status.startsWith("Init:")).slice(0, MOST_LOGS);
  const tails = await Promise.all(
    started.map(async ({ name, restarts }) => {
      const now = await questions.attempt(["logs", name, "--tail", LOG_LINES]);
      const before = restarts > 0 ? await questions.attempt(["logs", name, "--previous", "--tail", LOG_LINES]) : null;
      return { pod: name, lines: [before, now].flatMap((text) => (text ?? "").split("\n").filter((line) => line.trim() !== "")) };
    }),
  );
  return tails.filter(({ lines }) => lines.length > 0);
}

function namesOf(table: string): readonly string[] {
  return parseTable(table).flatMap((row) => (row["NAME"] ? [row["NAME"]] : []));
}
