/** A person's issue: is it theirs to raise, then the bot's own incident, linked both ways, and the issue closed. */
import type { Config } from "../config/config.js";
import type { IntakePorts, Snapshot } from "../ports.js";
import { marker, readMarker } from "../render/marker.js";
import { person } from "../render/markdown.js";
import { hasRole } from "../words.js";
import { parseIssue, type IntakeIssue } from "./issue.js";
import { placeIntake, readRegister, type Placement } from "./place.js";

export type PersonPlacement = Placement | { readonly kind: "refused" } | { readonly kind: "ours" };

const HANDED_OVER = "intake-handed-over";
const REFUSED = "intake-refused";

/** Killed anywhere and run again, it ends the same: the incident is known by its key, our comment by its marker. */
export async function openFromIssue(issue: IntakeIssue, ports: IntakePorts, config: Config): Promise<PersonPlacement> {
  if (issue.author.isBot) return { kind: "ours" };
  if (!hasRole(await ports.people.roleOf(issue.author.login), "triage")) {
    await sayOnce(issue, REFUSED, refusal(issue.author.login), ports);
    return { kind: "refused" };
  }
  const placement = await placeIntake(
    parseIssue(issue, config, ports.clock.now()),
    await readRegister(ports, config),
    ports,
    config,
  );
  if (placement.kind === "nothing-to-end") return placement;
  const thread = await sayOnce(issue, HANDED_OVER, `This is now incident #${placement.incident}. Please go on there.`, ports);
  if (thread.issue?.state !== "closed") await close(issue.number, ports);
  return placement;
}

function refusal(login: string): string {
  return `${person(login)} may not open an incident here: that takes the role *triage* or above in this repository. Someone who has it can open an issue with the label \`incident\`.`;
}

/** @returns the thread as it was before the comment */
async function sayOnce(
  issue: IntakeIssue,
  key: string,
  text: string,
  ports: Pick<IntakePorts, "desk" | "comments">,
): Promise<Snapshot> {
  const thread = await ports.desk.look(issue.number);
  const isSaid = thread.comments.some(({ author, body }) => author.isBot && readMarker(body)?.key === key);
  if (!isSaid) await ports.comments.post(issue.number, `${text}\n\n${marker(key, 0)}`);
  return thread;
}

async function close(number: number, ports: Pick<IntakePorts, "issues">): Promise<void> {
  const { title, body, labels } = await ports.issues.current(number);
  await ports.issues.update(number, { title, body, labels, state: "closed" });
}
