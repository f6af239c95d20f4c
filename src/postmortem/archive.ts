/** Job `archive`: renders the signed journal to markdown and commits it. It reads with public keys, holds no secret, asks no model. */
import type { Config } from "../config/config.js";
import type { Incident } from "../incident/incident.js";
import { readJournal } from "../incident/journal.js";
import type { ArchivePorts, ArchiveRequest, Snapshot } from "../ports.js";
import { decideFiling } from "./filing.js";
import { updateIndex } from "./index.js";
import { renderPostmortem } from "./render.js";
import { summarize } from "./summarize.js";

/** The directory whose index every look brings along: the default of the config. */
const LOOKED_AT = "postmortems";
/** Others commit too: look again this often before giving up. */
const MOST_TRIES = 4;

export interface FileRequest {
  readonly incident: number;
  readonly config: Config;
  readonly repositoryUrl: string;
  /** Follow-ups of a runbook by its id: reviewed text. */
  readonly followUpsOf: (runbook: string) => readonly string[];
}
export type FileResult =
  | { readonly kind: "filed"; readonly path: string; readonly via: "commit" | "pull-request" }
  | { readonly kind: "kept"; readonly path: string } // a file is there already, maybe edited by people
  | { readonly kind: "not-ready"; readonly why: string };

export async function filePostmortem(request: FileRequest, ports: ArchivePorts): Promise<FileResult> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await fileOnce(request, ports);
    if (result !== "stale") return result;
    if (attempt >= MOST_TRIES)
      throw new Error(
        `The default branch moved ${MOST_TRIES} times while the post-mortem of #${request.incident} was being committed.`,
      );
  }
}

async function fileOnce(request: FileRequest, ports: ArchivePorts): Promise<FileResult | "stale"> {
  const snapshot = await ports.desk.look(request.incident);
  const incident = readIncident(snapshot, request);
  if (typeof incident === "string") return { kind: "not-ready", why: incident };
  const { config, repositoryUrl } = request;
  const document = renderPostmortem({ incident, config, repositoryUrl, followUps: followUps(incident, request) });
  const existing = await ports.archive.file(document.path);
  if (decideFiling(existing?.text ?? null, document.text) === "keep") return { kind: "kept", path: document.path };
  const commit = await draftCommit(incident, document, snapshot, request, ports);
  return file(commit, document.path, incident, request, ports);
}

function readIncident({ issue, comments, trunk }: Snapshot, { incident, config }: FileRequest): Incident | string {
  if (!issue) return `There is no issue #${incident}.`;
  const reading = readJournal({ issue, comments, repositoryId: trunk.repositoryId, keys: config.keys });
  if (reading.kind !== "ok") return reading.kind === "broken" ? reading.why : `#${incident} is newborn.`;
  const { phase } = reading.incident;
  return phase.at === "resolved" && phase.narrated
    ? reading.incident
    : `#${incident} is in phase ${phase.at}, not resolved and narrated.`;
}

function followUps(incident: Incident, { followUpsOf }: FileRequest): readonly string[] {
  const runbook = incident.plans.at(-1)?.plan.runbook;
  return runbook ? followUpsOf(runbook.id) : [];
}

async function draftCommit(
  incident: Incident,
  document: { readonly path: string; readonly text: string },
  { trunk }: Snapshot,
  { config }: FileRequest,
  ports: ArchivePorts,
): Promise<ArchiveRequest> {
  const { directory } = config.postmortem;
  const path = `${directory}/README.md`;
  const present = directory === LOOKED_AT ? trunk.postmortemIndex : await ports.archive.file(path);
  const index = updateIndex(present?.text ?? null, { path: document.path, directory, values: summarize(incident) });
  return {
    files: [document, { path, text: index }],
    headline: `docs: post-mortem of incident #${incident.number}`,
    expectedHead: trunk.head,
  };
}

async function file(
  commit: ArchiveRequest,
  path: string,
  incident: Incident,
  { config }: FileRequest,
  ports: ArchivePorts,
): Promise<FileResult | "stale"> {
  const { via } = config.postmortem;
  if (via !== "pull-request") {
    const answer = await ports.archive.commit(commit);
    if (answer.kind === "committed") return { kind: "filed", path, via: "commit" };
    if (answer.kind === "stale") return "stale";
    if (via === "commit")
      throw new Error("The default branch is protected against this commit. Set postmortem.via to auto or pull-request.");
  }
  const branch = postmortemBranch(incident.number);
  const body = `The post-mortem of #${incident.number}, rendered from its signed journal. Edit it freely: it is never overwritten.`;
  if (!(await ports.archive.pullRequest(branch))) await ports.archive.openPullRequest({ ...commit, branch, body });
  return { kind: "filed", path, via: "pull-request" };
}

export function postmortemBranch(incident: number): string {
  return `gatehouse/postmortem-${incident}`;
}
