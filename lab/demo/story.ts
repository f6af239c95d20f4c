/** The demo from the bad release to the filed post-mortem, seen and driven from outside the product. */
import { setTimeout as sleep } from "node:timers/promises";
import type { GoodJournal } from "../../src/incident/journal.js";
import type { Lab } from "../lab.js";
import { alertPayload } from "../world/alert.js";
import type { Account } from "./account.js";
import { audit } from "./audit.js";
import { narrateFact } from "./narrate.js";
import { visit, type SeenIssue, type Visitor } from "./visitor.js";

const POLL_MS = 250;
/** Nothing in the demo takes longer; a person's answer does not count. */
const PATIENCE_MS = 60_000;
const INCIDENT = 1;

export interface Story {
  readonly journal: GoodJournal;
  readonly errorRate: { readonly before: number | null; readonly during: number | null; readonly after: number | null };
  readonly alertedAt: number;
  readonly plannedAt: number;
  readonly approvedAt: number;
  readonly resolvedAt: number;
}
export type AskApproval = (digest: string) => Promise<boolean>;

export async function playStory(lab: Lab, account: Account, askApproval: AskApproval): Promise<Story> {
  const watcher = visit(lab.address, "admin");
  const before = await watcher.errorRate();
  account.tell(
    `The shop takes orders; release ${lab.world.state().release ?? "?"} is live, ${percent(before)} of requests fail.`,
  );
  await breakShop(lab, watcher, account);
  const alertedAt = Date.now();
  await watcher.raiseAlert(alertPayload(lab.clock, lab.world.alert()?.activeAt ?? lab.clock.now()), "demo-1");
  account.tell("Alertmanager's webhook body is relayed by repository_dispatch. From here on the workflows are alone.");
  const teller = createTeller(lab, watcher, account);

  const waiting = await until("a plan that waits for approval", async () => withPhase(await teller.look(), "awaiting-approval"));
  const plannedAt = Date.now();
  const during = await watcher.errorRate();
  const digest = waiting.incident.plans.at(-1)?.digest ?? "";
  account.plain("");
  const approved = await askApproval(digest);
  const approver = visit(lab.address, "maintain");
  const approvedAt = Date.now();
  await approver.say(INCIDENT, approved ? `/approve ${digest.slice(0, 8)}` : "/reject not now");
  account.tell(`jonas-weber (maintain) comments ${approved ? `/approve ${digest.slice(0, 8)}` : "/reject not now"}`);

  const end = await until("the end of the incident", async () => over(await teller.look(), approved));
  const resolved = end.incident.facts.find(({ fact }) => fact === "resolved")?.at.getTime() ?? Date.now();
  await lab.engine.idle();
  const journal = await teller.look();
  if (!journal) throw new Error("The incident is gone.");
  return {
    journal,
    errorRate: { before, during, after: await watcher.errorRate() },
    alertedAt,
    plannedAt,
    approvedAt,
    resolvedAt: resolved,
  };
}

async function breakShop(lab: Lab, watcher: Visitor, account: Account): Promise<void> {
  await lab.deploy("bad");
  account.tell("A new release goes out through the repository's own deploy.yml.");
  await until("the alert", () => Promise.resolve(lab.world.alert()));
  const rising = percent(await watcher.errorRate());
  account.tell(
    `Release ${lab.world.state().release ?? "?"} is live under the same load: requests fail (${rising} so far) and the alert fires.`,
  );
}

/** Looks at the issue and tells each fact that is new in its journal. */
function createTeller(lab: Lab, watcher: Visitor, account: Account): { look(): Promise<GoodJournal | null> } {
  const told = new Set<string>();
  const context = { repositoryId: lab.github.repository.id, keys: lab.publicKeys };
  return {
    async look() {
      const issue = await watcher.issue(INCIDENT);
      if (!issue || !isSigned(issue)) return null;
      const journal = audit(issue, await watcher.comments(INCIDENT), context);
      for (const fact of journal.incident.facts) {
        const id = JSON.stringify(fact);
        if (told.has(id)) continue;
        told.add(id);
        narrateFact(fact, journal.incident, account);
      }
      return journal;
    },
  };
}

function isSigned({ body }: SeenIssue): boolean {
  return body.includes("<!-- gatehouse:journal ");
}

function withPhase(journal: GoodJournal | null, phase: string): GoodJournal | null {
  if (journal?.incident.phase.at === "escalated")
    throw new Error(`The incident went to people: ${journal.incident.phase.reason}.`);
  return journal?.incident.phase.at === phase ? journal : null;
}

function over(journal: GoodJournal | null, approved: boolean): GoodJournal | null {
  const at = journal?.incident.phase.at;
  return at === "closed" || (at === "escalated" && (!approved || journal?.incident.executions.length !== 0)) ? journal : null;
}

async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > deadline) throw new Error(`Waited ${PATIENCE_MS / 1000} s for ${what}.`);
    await sleep(POLL_MS);
  }
}

export function percent(ratio: number | null): string {
  return ratio === null ? "an unknown share" : `${Math.round(ratio * 100)} %`;
}
