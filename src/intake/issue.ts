/** An issue that a person labelled `incident`: intake like any monitor's, in the person's words. */
import type { Config, Service } from "../config/config.js";
import type { Issue } from "../ports.js";
import { draftAlert } from "./draft-alert.js";
import type { Intake } from "./intake.js";
import { severityOf } from "./severity-words.js";

export type IntakeIssue = Pick<Issue, "number" | "title" | "body" | "author">;

const SERVICE_LINE = /^[ \t]*(?:[-*][ \t]*)?\**service\**[ \t]*[:=][ \t]*\**[ \t]*`?([\w.-]{1,100})`?/im;
const SEVERITY_LINE = /^[ \t]*(?:[-*][ \t]*)?\**severity\**[ \t]*[:=][ \t]*\**[ \t]*`?(\w{1,12})`?/im;

/** @param now - when it was noticed; GitHub's event does not say when the fault began */
export function parseIssue(issue: IntakeIssue, config: Pick<Config, "services">, now: Date): Intake {
  const key = issueKey(issue.number);
  const alert = draftAlert(
    {
      name: issue.title,
      summary: issue.title,
      state: "firing",
      severity: severityOf(SEVERITY_LINE.exec(issue.body)?.[1]),
      id: key,
      fingerprint: key,
      service: SERVICE_LINE.exec(issue.body)?.[1] ?? serviceInTitle(issue.title, config.services),
      labels: {},
      annotations: issue.body.trim() === "" ? {} : { description: issue.body },
      links: [],
      notes: [],
    },
    { monitor: "github-issue", services: config.services, now },
  );
  return { key, alerts: [alert], reportedBy: issue.author.login };
}

export function issueKey(number: number): string {
  return `issue-${number}`;
}

/** The longest service name that stands in the title as a word of its own. */
function serviceInTitle(title: string, services: ReadonlyMap<string, Service>): string | undefined {
  const words = ` ${title.toLowerCase().replace(/[^\w.-]+/g, " ")} `;
  return [...services.keys()].filter((name) => words.includes(` ${name.toLowerCase()} `)).sort((a, b) => b.length - a.length)[0];
}
