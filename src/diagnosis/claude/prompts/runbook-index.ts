/** The library in short: what is reviewed stands among the instructions, in an order that does not depend on the incident. */
import type { Runbook } from "../../runbook/runbook.js";

const MOST = 120;
const MAX_LINE = 240;

export function describeRunbooks(runbooks: readonly Runbook[]): string {
  if (runbooks.length === 0) return "There are no runbooks.";
  const sorted = runbooks.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return ["Runbooks, by id:", ...sorted.slice(0, MOST).map(describeRunbook)].join("\n");
}

function describeRunbook({ id, title, lookAlikes }: Runbook): string {
  const [alike] = lookAlikes;
  const line = `- ${id}: ${title}.${alike === undefined ? "" : ` Not ${alike[0]}: ${alike[1]}`}`;
  return line.length <= MAX_LINE ? line : `${line.slice(0, MAX_LINE - 1)}…`;
}
