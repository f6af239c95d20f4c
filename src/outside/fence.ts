/** Text from outside inside a prompt: between delimiters that whoever wrote the text could not know. */
import { cleanText, oneLine } from "./clean.js";
import type { Outside } from "./outside.js";

const NONCE = /^[A-Za-z0-9]{16,64}$/;

export interface FencedBlock {
  readonly label: string; // ours, one line
  readonly text: Outside;
}

/**
 * Each block between a line that opens and a line that closes it; only these lines hold the nonce.
 * @param nonce - 16 to 64 letters and digits, random, fresh for every call
 * @throws {RangeError} when the nonce is too short to be unguessable or has other characters
 */
export function fence(blocks: readonly FencedBlock[], nonce: string): string {
  if (!NONCE.test(nonce)) throw new RangeError("The nonce of a fence needs 16 to 64 letters and digits.");
  return blocks.map((block) => fenceOne(block, nonce)).join("\n\n");
}

function fenceOne({ label, text }: FencedBlock, nonce: string): string {
  const name = withoutNonce(oneLine(label), nonce);
  return `<<<DATA ${nonce} ${name}>>>\n${withoutNonce(cleanText(text.outside), nonce)}\n<<<END ${nonce}>>>`;
}

function withoutNonce(text: string, nonce: string): string {
  return text.replace(new RegExp(nonce, "gi"), "[delimiter removed]");
}
