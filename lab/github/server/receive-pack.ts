import { nowhere } from "../git/refs.js";
import { findForbiddingRule } from "../git/rules.js";
import type { RefMove } from "../git/change.js";
import type { Site } from "../site.js";

export interface PushRequest {
  readonly moves: readonly RefMove[];
  readonly sideband: boolean;
}

/** The commands at the head of a `git-receive-pack` request: pkt-lines up to the first flush. */
export function parsePush(body: Buffer): PushRequest {
  const moves: RefMove[] = [];
  let sideband = false;
  for (let at = 0; at + 4 <= body.length; ) {
    const length = Number.parseInt(body.subarray(at, at + 4).toString("latin1"), 16);
    if (!(length > 4)) break;
    const [command = "", capabilities = ""] = body
      .subarray(at + 4, at + length)
      .toString("utf8")
      .replace(/\n$/, "")
      .split("\0");
    sideband ||= capabilities.includes("side-band-64k");
    const [before = nowhere, after = nowhere, ref = ""] = command.split(" ");
    if (ref.startsWith("refs/")) moves.push({ ref, before, after });
    at += length;
  }
  return { moves, sideband };
}

/** Does a ruleset forbid one of the moves? Whether an update is a fast-forward only git can tell, see `deniesRewrites`. */
export function isForbidden(site: Site, moves: readonly RefMove[]): boolean {
  return moves.some(({ ref, before, after }) => {
    const change = before === nowhere ? "creation" : after === nowhere ? "deletion" : "update";
    return findForbiddingRule(site.state.rulesets, ref, change, site.defaultBranch) !== null;
  });
}

export function deniesRewrites(site: Site, moves: readonly RefMove[]): boolean {
  return moves.some(({ ref }) => findForbiddingRule(site.state.rulesets, ref, "non_fast_forward", site.defaultBranch) !== null);
}

/** The report git shows as `! [remote rejected] … (push declined due to repository rule violations)`. */
export function renderDeclined({ moves, sideband }: PushRequest): Buffer {
  const lines = ["unpack ok\n", ...moves.map(({ ref }) => `ng ${ref} push declined due to repository rule violations\n`)];
  const report = `${lines.map(pktLine).join("")}0000`;
  return Buffer.from(sideband ? `${pktLine(`\u0001${report}`)}0000` : report, "latin1");
}

function pktLine(text: string): string {
  return (Buffer.byteLength(text, "latin1") + 4).toString(16).padStart(4, "0") + text;
}
