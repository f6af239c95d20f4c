/** A made-up model for trying things out without a key: it agrees with what the fixed rules concluded, in every task's own schema. */
import type { MessagesBody } from "./body.js";
import { badRequest, message, type Reply } from "./replies.js";

const CLAUSE = "the stand-in agrees with the fixed rules; no model has thought about it";

export function agree(body: MessagesBody): Reply {
  const keys = new Set(Object.keys(propertiesOf(body)));
  const said = textOf(body);
  if (keys.has("shows")) return say({ shows: "unclear", alerts: ["A1"], severity: suggestedIn(said) }, body);
  if (keys.has("questions")) return say({ questions: [] }, body);
  if (keys.has("moves")) return say({ because: [], moves: [{ move: "M1", when: "always" }], risk: "medium" }, body);
  if (keys.has("summary")) return say({ summary: ["The record tells what happened."], wentWell: [], wentBadly: [] }, body);
  if (keys.has("verdict")) return say(diagnose(said), body);
  return badRequest("the stand-in knows no answer of this schema");
}

function say(answer: object, { model }: MessagesBody): Reply {
  return message(answer, { model });
}

function propertiesOf({ output_config }: MessagesBody): object {
  const properties = output_config?.format?.schema["properties"];
  return typeof properties === "object" && properties !== null ? properties : {};
}

function textOf({ messages }: MessagesBody): string {
  return messages.map(({ content }) => (typeof content === "string" ? content : "")).join("\n");
}

function suggestedIn(said: string): string {
  return /Suggested severity: (P\d)/.exec(said)?.[1] ?? "P2";
}

/** What the rules told by ids: "bad-deploy (for E1 E2, against E4); …" */
const CONCLUDED = /([\w-]+|no runbook) \(for ([E\d ]+|nothing)(?:, against ([E\d ]+))?\)/g;

function diagnose(said: string): object {
  const line = /Fixed rules concluded, likeliest first: (.*)/.exec(said)?.[1] ?? "";
  const told = [...line.matchAll(CONCLUDED)].slice(0, 3).map(([, runbook = "", pro = "", contra = ""], index) => ({
    cause: CLAUSE,
    because: CLAUSE,
    runbook: runbook === "no runbook" ? null : runbook,
    for: idsIn(pro),
    against: idsIn(contra),
    tellApart: null,
    likelihood: 0.8 / (index + 1),
  }));
  const [first] = told;
  const doubt = { verdict: "unknown", doubt: "nothing-fits", hypotheses: [], confidence: 0 };
  const other = {
    cause: CLAUSE,
    because: CLAUSE,
    runbook: null,
    for: first?.for ?? [],
    against: [],
    tellApart: null,
    likelihood: 0.1,
  };
  const agreed = { verdict: "cause", doubt: "none", hypotheses: told.length === 1 ? [...told, other] : told, confidence: 0.8 };
  return { openQuestions: [], healthy: [], ...(first === undefined ? doubt : agreed) };
}

function idsIn(text: string): readonly string[] {
  return text.match(/E\d+/g) ?? [];
}
