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
  /**
   * Of an issue that the alarm itself opens, which is no incident: the alert for which none could be opened; empty where it
   * must not be shown. null: said on an incident, where commands work.
   */
  readonly payload: Outside | null;
  readonly mentions: readonly string[];
}

const RESULT_WORDS: Readonly<Record<AlarmView["result"], string>> = {
  failure: "failed",
  cancelled: "was cancelled",
  "no-answer": "ended without an answer",
};

const NEXT_ON_AN_INCIDENT =
  "Next: read the log of the run. A passing fault: re-run the failed job or type `/retry`; nothing is done twice. Otherwise resolve it by hand and type `/resolve`.";
const NEXT_WITHOUT_AN_INCIDENT =
  "Next: repair what is named here or in the log of the run. Then send the alert again, or re-run the failed job, and close this issue. It is no incident: commands do nothing here.";

export function renderAlarm({ job, workflow, runUrl, result, why, payload, mentions }: AlarmView): string {
  const headline = `**The automation broke.** Job ${codeSpan(job)} of ${codeSpan(workflow)} ${RESULT_WORDS[result]} (${link("run and log", runUrl)}).`;
  return blocks([
    callout("CAUTION", [headline, `**Treat the ${payload === null ? "incident" : "alert"} by hand until this is clear.**`]),
    mentions.map(mention).join(" "),
    why === null ? null : codeBlock(why),
    payload === null ? NEXT_ON_AN_INCIDENT : NEXT_WITHOUT_AN_INCIDENT,
    payload === null || payload.outside.trim() === ""
      ? null
      : fold("<b>The alert that could not be opened</b>", codeBlock(payload, "json")),
  ]);
}

/** The title of an issue that only tells of a breakdown; plain text. */
export function renderAlarmTitle(job: string): string {
  return `Gatehouse broke in job ${job.replace(/[^\w-]/g, "")}: an alert may be unattended`;
}
