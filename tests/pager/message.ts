import type { PageMessage } from "../../src/ports.js";
import { redact } from "../../src/outside/redact.js";
import type { EffectKey } from "../../src/words.js";

export function pageMessage(change: Partial<PageMessage> = {}): PageMessage {
  return {
    key: "page:3:opened" as EffectKey,
    incident: 3,
    reason: "opened",
    severity: "P1",
    service: "checkout",
    symptom: redact("40 % of requests fail, says @alice"),
    cause: null,
    asked: "Look at the incident.",
    link: "https://github.com/acme/shop/issues/3",
    mentionedAt: null,
    ...change,
  };
}
