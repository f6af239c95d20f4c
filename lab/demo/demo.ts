/** `gatehouse demo`: starts the lab, plays one incident in it, tells it live, and checks that it really ended well. */
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { confirm, isCancel } from "@clack/prompts";
import { startLab, type Lab } from "../lab.js";
import { openAccount, silent, type Account } from "./account.js";
import { countRequests } from "./figures.js";
import { keepResults, type Keepsake } from "./keepsake.js";
import { draftResult } from "./result.js";
import { percent, playStory, type AskApproval, type Story } from "./story.js";
import { visit } from "./visitor.js";

export interface DemoOptions {
  readonly approve: boolean;
  readonly json: boolean;
  readonly keep: boolean;
}
const OURS = new Set(["incident", "remediate", "sweep"]);
const FOLDER = ".gatehouse-demo";
/** The shop counts as healthy below this share of failed requests. */
const HEALTHY_BELOW = 0.05;

/** @returns the exit code: 0 only if the fault is gone, the incident is closed and the post-mortem is in the repository */
export async function runDemo(options: DemoOptions): Promise<number> {
  const startedAt = Date.now();
  const account = options.json ? silent : openAccount(startedAt, (line) => process.stdout.write(`${line}\n`));
  if (!options.approve && (options.json || !process.stdin.isTTY)) {
    const why = options.json ? "--json prints nothing but the result, so it cannot ask" : "there is no terminal to ask in";
    process.stderr.write(`The plan of the demo needs a person's approval, and ${why}. Add --approve.\n`);
    return 1;
  }
  account.plain("Gatehouse demo: GitHub's stand-in, a real runner and a small real shop start on this machine …");
  const lab = await startLab();
  const ended = { code: STOPPED };
  const stopped = Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]).then(() => ended.code);
  try {
    return await Promise.race([play(lab, options, account, startedAt, ended), stopped]);
  } catch (error) {
    if (error instanceof AnswerRefusedError) return STOPPED;
    throw error;
  } finally {
    await lab.close();
  }
}

/** The exit code of a program that Ctrl-C ended. */
const STOPPED = 130;

/** The person left the prompt without an answer: nothing is said in anyone's name. */
class AnswerRefusedError extends Error {
  override readonly name = "AnswerRefusedError";
}

async function play(
  lab: Lab,
  options: DemoOptions,
  account: Account,
  startedAt: number,
  ended: { code: number },
): Promise<number> {
  showPlaces(lab, account);
  const story = await playStory(lab, account, options.approve ? () => Promise.resolve(true) : askPerson(lab.address));
  const kept = await keepResults(lab, resolve(FOLDER));
  const total = Date.now() - startedAt;
  const ok = endedWell(story, kept);
  if (options.json) process.stdout.write(`${JSON.stringify(await summarise(lab, story, total))}\n`);
  else showEnd(story, kept, ok, account);
  ended.code = ok ? 0 : 1;
  if (options.keep) await keepRunning(lab, account);
  return ended.code;
}

function askPerson({ page_url }: Lab["address"]): AskApproval {
  return async (digest) => {
    const message = `Approve plan ${digest.slice(0, 8)}? Read it at ${page_url}/issues/1 (you are jonas-weber, maintainer)`;
    const answer = await confirm({ message, initialValue: false });
    if (isCancel(answer)) throw new AnswerRefusedError();
    return answer;
  };
}

function showPlaces({ address, publicKeys }: Lab, account: Account): void {
  account.plain(`  issue    ${address.page_url}/issues/1`);
  account.plain(
    "  config   .github/gatehouse.yml of the shop; what makes it quick are public keys: remediation.query-step 1s, soak 4s",
  );
  account.plain(`  keys     made for this run; public halves in the config: mind ${publicKeys.mind}`);
  account.plain(`           hands ${publicKeys.hands}`);
  account.plain("");
}

function endedWell({ journal, errorRate }: Story, { clone }: Keepsake): boolean {
  const { phase } = journal.incident;
  const healthy = errorRate.after !== null && errorRate.after < HEALTHY_BELOW;
  return phase.at === "closed" && healthy && existsSync(join(clone, phase.path));
}

async function summarise(lab: Lab, story: Story, total: number): Promise<Record<string, unknown>> {
  const visitor = visit(lab.address, "admin");
  const [runs, requests, comments] = await Promise.all([visitor.runs(), visitor.requests(), visitor.comments(1)]);
  const { journal, errorRate } = story;
  const asked = journal.incident.facts.findLast((fact) => fact.fact === "asked");
  const { checked, violations, without_schema } = lab.github.validation;
  return draftResult({
    journal,
    requests: countRequests(requests, runs, comments, asked?.comment ?? 0),
    validation: { checked, violations, without_schema },
    timings: {
      alert_to_plan: story.plannedAt - story.alertedAt,
      approve_to_resolved: story.resolvedAt - story.approvedAt,
      total,
    },
    jobs: runs
      .filter(({ workflow }) => OURS.has(workflow))
      .flatMap(({ jobs }) => jobs.map(({ name, conclusion, ms }) => ({ name, conclusion, ms }))),
    errorRate,
  });
}

function showEnd(story: Story, { issue, clone }: Keepsake, ok: boolean, account: Account): void {
  const { phase } = story.journal.incident;
  const { before, during, after } = story.errorRate;
  account.plain("");
  account.plain(`Failed requests: ${percent(before)} before, ${percent(during)} during, ${percent(after)} after.`);
  account.plain(`  issue        ${relative(process.cwd(), issue)}`);
  if (phase.at === "closed") account.plain(`  post-mortem  ${relative(process.cwd(), join(clone, phase.path))}`);
  account.plain(`  history      git -C ${relative(process.cwd(), clone)} log --oneline`);
  account.plain("");
  account.plain(
    ok
      ? "The fault is gone, the incident is closed, the post-mortem is in the repository."
      : `The incident ended in phase ${phase.at}; the fault may still be there.`,
  );
}

async function keepRunning({ address }: Lab, account: Account): Promise<void> {
  account.plain(
    `\nThe lab keeps running: ${address.page_url}/issues/1 · API ${address.api_url} · control ${address.control_url}. Ctrl-C ends it.`,
  );
  await new Promise(() => undefined); // the signal ends it, see runDemo
}
