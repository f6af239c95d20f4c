/** The library in short: what is reviewed stands among the instructions, in an order that does not depend on the incident. */
import type { Runbook } from "../../runbook/runbook.js";

const MOST = 200;
const MAX_LINE = 120;
const MOST_ALIKES = 6;

export function describeRunbooks(runbooks: readonly Runbook[]): string {
  if (runbooks.length === 0) return "There are no runbooks.";
  const sorted = runbooks.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return ["Runbooks, by id:", ...sorted.slice(0, MOST).map(({ id, title }) => cut(`- ${id}: ${title}`))].join("\n");
}

/** How these are told from what looks the same; "" when nobody wrote it down. */
export function describeLookAlikes(ids: readonly string[], runbooks: readonly Runbook[]): string {
  const pairs = ids.flatMap((id) => {
    const runbook = runbooks.find((each) => each.id === id);
    return runbook === undefined ? [] : [...runbook.lookAlikes].map(([other, text]) => `- ${id}, not ${other}: ${text}`);
  });
  return pairs.length === 0 ? "" : ["How they are told apart:", ...pairs.slice(0, MOST_ALIKES)].join("\n");
}

function cut(line: string): string {
  return line.length <= MAX_LINE ? line : `${line.slice(0, MAX_LINE - 1)}…`;
}
