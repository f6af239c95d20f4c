/** A newborn incident before anybody has looked at it: what fired, since when, and what happens next. */
import type { Config } from "../config/config.js";
import type { Alert } from "../incident/facts.js";
import { NOTE, RAW } from "../intake/draft-alert.js";
import type { Intake } from "../intake/intake.js";
import { codeBlock, escapeInline, plainLine } from "../outside/escape.js";
import { readForMatching } from "../outside/match.js";
import { blocks, bullets, callout, fitLines, link, person } from "./markdown.js";
import { count, time } from "./units.js";

const LONGEST_TITLE = 120;
const ALERTS_BUDGET = 6_000;

/** "checkout: Checkout error rate is 37 % since 03:12 UTC": plain text, at most 120 characters. */
export function newbornTitle({ alerts: [first] }: Intake, now: Date): string {
  const since = ` since ${time(first.startedAt, now)}`;
  return `${plainLine(`${first.service ?? "unknown service"}: ${plainLine(first.summary)}`, LONGEST_TITLE - since.length)}${since}`;
}

/** The visible text of a newborn issue, under 25,000 characters; the intake block is added by whoever writes the issue. */
export function renderNewborn(intake: Intake, config: Pick<Config, "services">, now: Date): string {
  const [first, ...others] = intake.alerts;
  const since = new Date(Math.min(...intake.alerts.map(({ startedAt }) => startedAt.getTime())));
  return blocks([
    callout("NOTE", [
      "**Just opened.** Severity, evidence and cause follow here within minutes. Nothing in production is touched without your approval.",
    ]),
    `**${escapeInline(first.service ?? "unknown service")}**  \n**${escapeInline(first.summary)}** since **${time(since, now)}**.`,
    serviceHint(first, config),
    originLine(intake),
    note(first),
    linksLine(first),
    others.length === 0 ? null : folded(`<b>All alerts</b> · ${count(intake.alerts.length, "alert")}`, alertList(intake.alerts)),
    detail(first),
    "`/ack` I am on it · `/hold` stop the automation · `/escalate` call for help · `/help`",
  ]);
}

/** The visible line of a comment that tells an existing incident what has changed. */
export function renderIntakeComment({ alerts, reportedBy }: Intake): string {
  const by = reportedBy === null ? null : `Reported by ${person(reportedBy)}.`;
  return blocks([bullets(fitLines(alerts.map(alertLine), ALERTS_BUDGET, leftOut)), by, note(alerts[0])]);
}

function alertLine(alert: Alert): string {
  const state = alert.state === "firing" ? "Fires" : "Over";
  const at = alert.state === "firing" ? alert.startedAt : alert.endedAt;
  const when = at === null ? "" : ` ${alert.state === "firing" ? "since" : "at"} ${time(at)}`;
  return `**${state}:** ${escapeInline(alert.name)} on ${escapeInline(alert.service ?? "unknown service")}${when}: ${escapeInline(alert.summary)}`;
}

function alertList(alerts: Intake["alerts"]): string {
  return bullets(fitLines(alerts.map(alertLine), ALERTS_BUDGET, leftOut));
}

function leftOut(left: number): string {
  return `… and ${count(left, "more alert")}`;
}

function originLine({ alerts: [first], reportedBy }: Intake): string {
  const severity = first.severity === null ? "without a severity that we know" : `as ${first.severity}`;
  if (reportedBy !== null) return `Reported by ${person(reportedBy)}.`;
  const name = readForMatching(first.name);
  const named = name === "Alert" || name === readForMatching(first.summary) ? "" : ` ${escapeInline(first.name)},`;
  return `Alert${named} from ${escapeInline(first.monitor)} ${severity}.`;
}

function serviceHint(first: Alert, { services }: Pick<Config, "services">): string | null {
  if (first.service !== null) return null;
  const names = [...services.keys()].slice(0, 10).map((name) => escapeInline(name));
  const known = names.length === 0 ? "the config names no service" : `known are ${names.join(", ")}`;
  return `No label of this alert names a service of the config (${known}), so nothing can be diagnosed by itself: people have to look.`;
}

function note(alert: Alert): string | null {
  const text = alert.annotations[NOTE];
  return text ? `<sub>${escapeInline(text)}</sub>` : null;
}

function linksLine(alert: Alert): string | null {
  const named = alert.links.map((url) => link(escapeInline(new URL(url).hostname), url));
  return named.length === 0 ? null : `Links: ${named.join(" · ")}`;
}

/** A payload that we could not read, or a person's words, in full and fenced; a known alert's description in one line. */
function detail(alert: Alert): string | null {
  const raw = alert.annotations[RAW];
  if (raw) return folded("<b>The payload as it came</b> (secrets hidden)", codeBlock(raw, "json"));
  const description = alert.annotations["description"];
  if (!description || readForMatching(description) === readForMatching(alert.summary)) return null;
  return alert.monitor === "github-issue" ? codeBlock(description) : escapeInline(description);
}

function folded(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}
