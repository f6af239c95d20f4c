/** What a repository's history says, as observations. Pure; names, messages and paths are others' words, redacted and cut here. */
import { MAX_SUMMARY } from "../../incident/facts.js";
import { redact } from "../../outside/redact.js";
import type { Finding, RepositoryHistory, SourceRequest } from "../../ports.js";
import { rankChange } from "../../signals/change-rank.js";
import { placeInTime, plural } from "../phrases.js";
import { changedLines } from "./config-changes.js";
import { commitMaterial, MOST_COMMITS, rolloutMaterial, settingsIn, settingsMaterial, type Brought } from "./github-brought.js";
import type { Rollout } from "./github-rollouts.js";

const MAX_FILES = 20; // of the journal's format
const MAX_PATH = 120;
const MAX_REF = 80;
const MOST_CHECKS = 3;
const MOST_SETTINGS_OF_OTHERS = 2;
const CHECKS_SCORE = 0.35;
const CUT_SCORE = 0.05;

export function rolloutFinding(rollout: Rollout, brought: Brought | null, request: SourceRequest): Finding {
  const { ref, previous, at, by, change, where, url } = rollout;
  const { service, onset } = request;
  const was = previous === null ? "" : ` (was ${previous.ref})`;
  const what = brought === null ? "" : `, ${sizeOf(brought)}`;
  return {
    source: "github",
    subject: service.name,
    at: new Date(at),
    summary: redact(
      `${ref} ${resultOf(rollout)} ${where} ${placeInTime(at, onset.getTime())}${was}${what}${by === null ? "" : ` by ${by}`}${titleOf(rollout)}`,
      MAX_SUMMARY,
    ),
    detail: {
      kind: "change",
      of: change.of,
      ref: redact(ref, MAX_REF),
      previousRef: previous === null ? null : redact(previous.ref, MAX_REF),
      files: (brought?.comparison.files ?? []).slice(0, MAX_FILES).map(({ path }) => redact(path, MAX_PATH)),
    },
    score: rankChange(change, onset.getTime()),
    query: null,
    link: brought?.comparison.url ?? url,
    material: rolloutMaterial({ service: service.name, rollout }, brought),
  };
}

function resultOf({ change: { of, state } }: Rollout): string {
  if (of === "release") return "published";
  return state === "went-out" ? "deployed" : state === "failed" ? "failed to deploy" : "being deployed";
}

function titleOf({ title, ref }: Rollout): string {
  return title === "" || title === ref ? "" : `: ${title}`;
}

/** GitHub lists at most 250 commits and 300 files of a comparison. */
function sizeOf({ comparison: { commits, files, isCut } }: Brought): string {
  return `${isCut ? "at least " : ""}${plural(commits.length, "commit")} in ${plural(files.length, "file")}`;
}

/** Of any but the nearest few settings, and only commits whose own lines are known. */
export function broughtFindings(brought: Brought, request: SourceRequest): readonly Finding[] {
  const [settings, commits] = [settingsFindings(brought, request), commitFindings(brought, request)];
  if (brought.isNearest) return [...settings, ...commits];
  return [...settings.slice(0, MOST_SETTINGS_OF_OTHERS), ...commits.filter(({ material }) => material?.change?.weighedAs)];
}

function settingsFindings(brought: Brought, { service, onset }: SourceRequest): readonly Finding[] {
  const { rollout, comparison } = brought;
  return settingsIn(comparison.files).map((file) => ({
    source: "github",
    subject: service.name,
    at: new Date(rollout.at),
    summary: redact(`${rollout.ref} changed ${file.path}${changedLines(file.patch)}`, MAX_SUMMARY),
    detail: {
      kind: "change",
      of: "config",
      ref: redact(rollout.ref, MAX_REF),
      previousRef: redact(rollout.previous.ref, MAX_REF),
      files: [redact(file.path, MAX_PATH)],
    },
    score: rankChange({ ...rollout.change, of: "config" }, onset.getTime()),
    query: null,
    link: comparison.url,
    material: settingsMaterial(file, { service: service.name, rollout }, brought),
  }));
}

/** Newest first: the last ones are the likeliest to be new to production. */
function commitFindings(brought: Brought, { service, onset }: SourceRequest): readonly Finding[] {
  const { rollout, comparison } = brought;
  return comparison.commits.slice(-MOST_COMMITS).map((commit) => ({
    source: "github",
    subject: service.name,
    at: commit.at,
    summary: redact(
      `${rollout.ref} brought ${commit.sha.slice(0, 7)}: ${commit.message.split("\n")[0] ?? ""} (${commit.author})`,
      MAX_SUMMARY,
    ),
    detail: { kind: "change", of: "commit", ref: redact(commit.sha, MAX_REF), previousRef: null, files: [] },
    score: rankChange({ ...rollout.change, of: "commit" }, onset.getTime()),
    query: null,
    link: commit.url,
    material: commitMaterial(commit, { service: service.name, rollout }, brought),
  }));
}

/** It went out although checks of its commit had failed. */
export function checksFinding(
  { ref, sha, at, failedChecks, url }: Rollout,
  { service, onset }: SourceRequest,
): readonly Finding[] {
  if (failedChecks.length === 0) return [];
  const names = failedChecks.slice(0, MOST_CHECKS).map(({ name, outcome }) => `${name} (${outcome})`);
  const more = failedChecks.length > MOST_CHECKS ? ` and ${failedChecks.length - MOST_CHECKS} more` : "";
  return [
    {
      source: "github",
      subject: service.name,
      at: new Date(at),
      summary: redact(
        `checks failed on ${sha.slice(0, 7)}, which ${ref} brought ${placeInTime(at, onset.getTime())}: ${names.join(", ")}${more}`,
        MAX_SUMMARY,
      ),
      detail: { kind: "event" },
      score: CHECKS_SCORE,
      query: "checks",
      link: url,
    },
  ];
}

/** Said where not everything was looked at: silence about the rest would look like knowledge. */
export function cutFinding(
  seen: { readonly inWindow: number; readonly shown: number } & Pick<RepositoryHistory, "isCut">,
  { service, onset }: SourceRequest,
): readonly Finding[] {
  if (seen.inWindow <= seen.shown && !seen.isCut) return [];
  const count = `${seen.isCut ? "at least " : ""}${seen.inWindow}`;
  return [
    {
      source: "github",
      subject: service.name,
      at: onset,
      summary: redact(`${count} deployments and releases in this window, ${seen.shown} of them shown`, MAX_SUMMARY),
      detail: { kind: "event" },
      score: CUT_SCORE,
      query: "deployments",
      link: null,
    },
  ];
}
