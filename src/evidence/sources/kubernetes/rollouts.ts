/** Rollouts as changes: when a deployment's newest replica set replaced another one. */
import { MAX_SUMMARY } from "../../../incident/facts.js";
import { redact } from "../../../outside/redact.js";
import type { Finding } from "../../../ports.js";
import { rankChange } from "../../../signals/change-rank.js";
import { duration } from "../../phrases.js";
import type { View } from "./view.js";

interface When {
  readonly now: Date;
  readonly onset: Date;
  readonly since: Date; // older ones are left out
}

/** The `ref` is the pod-template hash: it stays the same when revisions are renumbered by going back. */
export function findRollouts({ cluster }: View, { now, onset, since }: When): readonly Finding[] {
  return cluster.rollouts
    .map((rollout) => ({ ...rollout, at: new Date(now.getTime() - rollout.ageMs) }))
    .filter(({ at }) => at >= since)
    .map(({ deployment, hash, previousHash, ageMs, changeCause, at }) => ({
      source: "kubernetes",
      subject: `app/${deployment}`,
      at,
      summary: redact(
        `deployment ${deployment} was rolled out ${duration(ageMs)} ago: ${hash} replaced ${previousHash}${changeCause === null ? "" : `; its newest revision says: ${changeCause}`}`,
        MAX_SUMMARY,
      ),
      detail: {
        kind: "change" as const,
        of: "deployment" as const,
        ref: redact(hash),
        previousRef: null, // a hash of pods is no version that a workflow could deploy
        files: [],
      },
      score: rankChange({ of: "deployment", at: at.getTime(), state: "went-out", elsewhere: false }, onset.getTime()),
      query: "replicasets",
      link: null,
    }));
}
