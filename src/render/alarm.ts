/** The automation broke: said where people look, never only in a log. */
import { codeBlock, codeSpan } from "../outside/escape.js";
import type { Outside } from "../outside/outside.js";
import { blocks, callout, fold, link, mention } from "./markdown.js";

export interface AlarmView {
  /** The job that failed or was cancelled: "respond". */
  readonly job: string;
  readonly workflow: string;
  readonly runUrl: string;
  readonly result: "failure" | "cancelled" | "no-answer";
  /** The error as far as it is known. */
  readonly why: Outside | null;
  /** What could not be put anywhere else: the payload of an alert for which no issue could be opened. */
  readonly payload: Outside | null;
  readonly mentions: readonly string[];
}

const RESULT_WORDS: Readonly<Record<AlarmView["result"], string>> = {
  failure: "failed",
  cancelled: "was cancelled",
  "no-answer": "ended without an answer",
};

export function renderAlarm({ job, workflow, runUrl, result, why, payload, mentions }: AlarmView): string {
  const headline = `**The automation broke.** Job ${codeSpan(job)} of ${codeSpan(workflow)} ${RESULT_WORDS[result]} (${link("run and log", runUrl)}).`;
  return blocks([
    callout("CAUTION", [headline, "**Treat the incident by hand until this is clear.**"]),
    mentions.map(mention).join(" "),
    why === null ? null : codeBlock(why),
    "Next: read the log of the run. A passing fault: re-run the failed job or type `/retry`; nothing is done twice. Otherwise resolve it by hand and type `/resolve`.",
    payload === null ? null : fold("<b>The alert that could not be opened</b>", codeBlock(payload, "json")),
  ]);
}

/** The title of an issue that only tells of a breakdown; plain text. */
export function renderAlarmTitle(job: string): string {
  return `Gatehouse broke in job ${job.replace(/[^\w-]/g, "")}: an alert may be unattended`;
}
