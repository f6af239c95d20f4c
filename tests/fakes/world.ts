/**
 * Fakes of every port, for tests of the rooms and for whole incidents.
 *
 * @example One incident, and the process killed at its fifth call
 * ```ts
 * const github = createFakeGitHub({
 *   files: { ".github/gatehouse.yml": config, "runbooks/bad-deploy.md": runbook },
 *   roles: { alice: "maintain", mallory: "read" },
 * });
 * github.deploy("v1.4.1");
 * github.deploy("v1.4.2"); // v1.4.1 was live
 * const signals = createFakeSignals({ "error-ratio": () => (liveVersion(github) === "v1.4.2" ? 0.4 : 0.001) });
 * const pager = createFakePager();
 * const ports: MindPorts = { ...github.ports, ...countAll(github, { signals, pager }), sources: [], read: github.ports, … };
 *
 * github.dieAt(5, "after"); // the fifth call from now has its effect, then the process is gone
 * await expect(respond(ports)).rejects.toThrow(Died);
 * github.revive();
 * await respond(ports); // the same end
 *
 * const plan = github.comments().at(-1);
 * github.say("alice", "/approve 1a2b3c4d");
 * github.advance(60_000); // runs that were dispatched end on the way
 * expect(github.transcript()).toContain("issues.update");
 * ```
 *
 * - `github.calls` lists every counted call with its arguments; `clock` is never counted, `sleep` moves time.
 * - A dead process stays dead, also where the code under test catches errors: check `github.isDead`.
 * - `github.fault({ call: "issues.update", when: "after", error: new GitHubDownError("502", true) })` loses one answer.
 * - `github.onDispatch("deploy.yml", () => ({ kind: "lost" }))`: an uncertain dispatch that never happened;
 *   `{ ...run, answerLost: true }`: one that did; `listed: false`: a run the list never shows; `conclusion: "failure"`.
 */
export { createFakeGitHub, BOT, PROTECTED_TAGS, type FakeGitHub, type FakeGitHubOptions } from "./github.js";
export { createFakePager, createFakeSignals, createFakeSource, countAll, type FakePager, type FakeSignals } from "./recorders.js";
export { Died, type Call, type Fault, type Ledger } from "./ledger.js";
export type { Dispatched, DispatchScript } from "./fake-runs.js";
export type { FakeState, RunRecord } from "./state.js";

import type { FakeGitHub } from "./github.js";

/** The version that is live in an environment, null before the first. */
export function liveVersion(github: FakeGitHub, environment = "production"): string | null {
  return (
    github.state.deployments.findLast((record) => record.environment === environment && record.state === "live")?.ref ?? null
  );
}
