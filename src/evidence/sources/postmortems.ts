/**
 * Earlier incidents of this service and its neighbours, from the post-mortems in the repository. The index has been read with the rest of
 * the trunk; the few files that may matter take one request, none where nothing is alike.
 */
import type { Service } from "../../config/config.js";
import { MAX_SUMMARY } from "../../incident/facts.js";
import { readForMatching } from "../../outside/match.js";
import { redact } from "../../outside/redact.js";
import type { Finding, Postmortems, SourceRequest, TrustedFile } from "../../ports.js";
import { readFrontMatter, type FrontMatter } from "../../postmortem/front-matter.js";
import { readIndex, type IndexedIncident } from "../../postmortem/index.js";
import { relationTo, type Relation } from "../background.js";
import { duration } from "../phrases.js";
import { DEFAULT_TIMEOUT_MS, type TimedSource } from "../timed-source.js";
import { PartialAnswerError } from "../unavailable.js";

export interface PostmortemsOptions {
  readonly index: TrustedFile;
  readonly directory: string; // "postmortems"
  readonly incident: number | null; // this one, filed before it was opened again
  readonly services: ReadonlyMap<string, Service>;
  readonly postmortems: Postmortems;
  /** The page of a file, for people. */
  readonly pageOf: (path: string) => string;
  readonly timeoutMs?: number;
}

/** Files that are read. */
const MOST_READ = 8;
/** Observations they become. */
const MOST_TOLD = 4;
const MAX_CAUSE = 90;
/** Low on purpose: what happened once is no evidence of what happens now. */
const SCORES: Readonly<Record<Relation, number>> = { same: 0.15, needed: 0.1, needs: 0.05 };
const SAME_ALERT = 0.1;
const HELPED = 0.05;

export function createPostmortemsSource(options: PostmortemsOptions): TimedSource {
  const { index, directory, postmortems, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const observe = async (request: SourceRequest): Promise<readonly Finding[]> => {
    const related = pickRelated(readIndex(index.text), request.service, options);
    if (related.length === 0) return [];
    const files = await postmortems.read(related.map(({ target }) => `${directory}/${target}`));
    const read = files.map((file) => ({ file, head: readFrontMatter(file.path, file.text) }));
    const findings = read
      .flatMap(({ file, head }) => (head.ok ? toFinding(file.path, head.values, request, options) : []))
      .toSorted((a, b) => b.score - a.score || b.at.getTime() - a.at.getTime())
      .slice(0, MOST_TOLD);
    const problems = read.flatMap(({ head }) => (head.ok ? [] : [head.message]));
    if (problems.length > 0) throw new PartialAnswerError(problems.join(" "), findings, false);
    return findings;
  };
  return { name: "postmortems", timeoutMs, observe };
}

/** The service's own before its neighbours', each newest first, as the index has them. */
function pickRelated(
  rows: readonly IndexedIncident[],
  service: Service,
  { incident, services }: PostmortemsOptions,
): readonly IndexedIncident[] {
  const related = rows.flatMap((row) => {
    const relation = row.incident === incident ? null : relationTo(service, row.service, services);
    return relation === null ? [] : [{ row, relation }];
  });
  return related
    .toSorted((a, b) => SCORES[b.relation] - SCORES[a.relation])
    .slice(0, MOST_READ)
    .map(({ row }) => row);
}

/** What the file says counts, not what the index says of it: people correct both. */
function toFinding(
  path: string,
  past: FrontMatter,
  { service, alerts }: SourceRequest,
  { services, pageOf }: PostmortemsOptions,
): readonly Finding[] {
  const relation = past.service === null || past.how === "duplicate" ? null : relationTo(service, past.service, services);
  if (relation === null || past.service === null) return [];
  const isSameAlert = alerts.some(({ fingerprint }) => past.alerts.includes(fingerprint));
  return [
    {
      source: "postmortems",
      subject: past.service,
      at: new Date(past.resolved),
      summary: redact(describe(past, isSameAlert), MAX_SUMMARY),
      detail: { kind: "past" },
      score: SCORES[relation] + (isSameAlert ? SAME_ALERT : 0) + (helped(past).length > 0 ? HELPED : 0),
      query: runbookOf(past),
      link: pageOf(path),
    },
  ];
}

/** "#12 on 2026-03-02, checkout, the same alert: pool too small (connection-pool-exhausted); github.workflow release helped, 14 min" */
function describe(past: FrontMatter, isSameAlert: boolean): string {
  const cause = past.cause === null ? "cause not found" : readForMatching(redact(past.cause, MAX_CAUSE));
  const runbook = runbookOf(past);
  const named = runbook === null ? "" : ` (${runbook})`;
  const where = `#${past.incident} on ${past.opened.slice(0, 10)}, ${past.service}${isSameAlert ? ", the same alert" : ""}`;
  if (past.how === "no-incident") return `${where}: it was no incident`;
  return `${where}: ${cause}${named}; ${outcomeOf(past)}, ${duration(past["minutes-to-recover"] * 60_000)}`;
}

function outcomeOf(past: FrontMatter): string {
  const moves = helped(past);
  if (moves.length > 0) return `${moves.join(", ")} helped`;
  const tried = past.actions.map(({ action, target }) => `${action} ${target}`);
  const also = tried.length === 0 ? "" : ` (${tried.join(", ")} did not help)`;
  return `${past.how === "recovered-by-itself" ? "it recovered by itself" : "people resolved it"}${also}`;
}

function helped({ actions }: FrontMatter): readonly string[] {
  return actions.filter(({ outcome }) => outcome === "recovered").map(({ action, target }) => `${action} ${target}`);
}

/** An id of ours, or nothing: people edit these files. */
function runbookOf({ runbook }: FrontMatter): string | null {
  return runbook !== null && /^[a-z0-9-]{1,80}$/.test(runbook) ? runbook : null;
}
