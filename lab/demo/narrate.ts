import type { Fact, FactOf } from "../../src/incident/facts.js";
import type { Incident } from "../../src/incident/incident.js";
import type { Account } from "./account.js";

/** One fact of the journal in words for the terminal; facts that only matter to machines are passed over. */
export function narrateFact(fact: Fact, incident: Incident, account: Account): void {
  switch (fact.fact) {
    case "opened":
      return account.tell(`Incident #${incident.number} is open: ${fact.alerts[0]?.name.outside ?? ""}.`);
    case "triaged":
      return account.tell(`Triaged ${fact.triage.severity}: ${fact.triage.why}`);
    case "paged":
      return account.tell(`Paged (${fact.reason}) through ${fact.reached.join(", ") || "nobody"}.`);
    case "evidence":
      return tellEvidence(fact, account);
    case "diagnosed":
      return tellDiagnosis(fact, account);
    case "planned":
      return tellPlan(fact, account);
    case "approved":
      return account.tell(`Approved by ${fact.warrant.by.join(", ")}; the gated job starts.`);
    case "intent":
      return account.tell(`The hands ${fact.direction === "apply" ? "carry out" : "undo"} step ${fact.step}.`);
    case "done":
      return account.tell(`Step done: ${fact.outcome}.`);
    case "verified":
      return tellVerdict(fact, account);
    case "escalated":
      return account.tell(`To people: ${fact.reason}. ${fact.detail.outside}`);
    case "resolved":
      return account.tell(`Resolved: ${fact.how}.`);
    case "filed":
      return account.tell(`The post-mortem is committed: ${fact.path}`);
    default:
      return;
  }
}

function tellEvidence({ evidence }: FactOf<"evidence">, account: Account): void {
  account.tell(
    `Evidence: ${evidence.observations.length} observations from ${evidence.coverage.map(({ source, answer }) => `${source} (${answer})`).join(", ")}.`,
  );
  for (const { id, summary } of evidence.observations.slice(0, 5)) account.add(`${id}  ${summary.outside}`);
}

function tellDiagnosis({ diagnosis, analyst }: FactOf<"diagnosed">, account: Account): void {
  if (diagnosis.kind !== "cause") return account.tell(`${analyst}: ${diagnosis.why}`);
  const [first] = diagnosis.hypotheses;
  account.tell(`Cause, ${Math.round(diagnosis.confidence.value * 100)} % sure (${analyst}): ${first?.cause.outside ?? ""}`);
}

function tellPlan({ plan, digest }: FactOf<"planned">, account: Account): void {
  account.tell(`Plan ${digest.slice(0, 8)}, risk ${plan.risk}, waits for an approval:`);
  for (const step of plan.steps) account.add(`${step.number}. ${step.says}`);
}

function tellVerdict({ verdict, readings }: FactOf<"verified">, account: Account): void {
  account.tell(`Verified: ${verdict}.`);
  for (const { criterion, before, last } of readings) account.add(`${criterion}: ${show(before)} → ${show(last)}`);
}

function show(value: number | null): string {
  return value === null ? "no data" : String(Math.round(value * 1000) / 1000);
}
