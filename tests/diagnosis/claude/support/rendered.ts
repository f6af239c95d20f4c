/** A prompt as it is sent, with a delimiter that stays the same. */
import { renderPrompt, type Draft } from "../../../../src/diagnosis/claude/prompt.js";

export const NONCE = "abcdef0123456789";

export function render(draft: Draft): string {
  const { system, user } = renderPrompt(draft, NONCE);
  return `${system}\n\n=== user ===\n${user}`;
}

/** What stands outside the data: our words, or reviewed ones. */
export function aroundData(rendered: string): string {
  return rendered.replace(new RegExp(`<<<DATA ${NONCE} [^\\n]*>>>\\n[\\s\\S]*?\\n<<<END ${NONCE}>>>`, "g"), "[data]");
}
