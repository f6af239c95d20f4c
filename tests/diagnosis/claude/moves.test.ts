import { describe, expect, it } from "vitest";
import { listMoves, type ActionInfo } from "../../../src/diagnosis/claude/moves.js";
import { aService } from "../../evidence/support/world.js";
import { aChange, aRunbook } from "../support/observed.js";
import { poolProposal } from "./support/incident.js";

const DEPLOY: ActionInfo = { name: "github.workflow", does: "deploy a version", parameters: [{ name: "to", versions: true }] };
const SCALE: ActionInfo = {
  name: "kubernetes.scale",
  does: "change the number of copies",
  parameters: [
    { name: "replicas", oneOf: [2, 4] },
    { name: "wait", oneOf: [true, false] },
  ],
};
const target = (name: string, action: string) =>
  [name, { name, action, production: true, stateful: false, address: {} }] as const;

describe("the moves to choose from", () => {
  it("are every combination of what the parameters may be, and no more", () => {
    const service = aService({ targets: new Map([target("web", "kubernetes.scale")]) });
    const moves = listMoves(poolProposal({ service }), [DEPLOY, SCALE], []);
    expect(moves.map(({ id, params }) => [id, params])).toEqual([
      ["M1", { replicas: 2, wait: true }],
      ["M2", { replicas: 2, wait: false }],
      ["M3", { replicas: 4, wait: true }],
      ["M4", { replicas: 4, wait: false }],
    ]);
  });

  it("leave out targets whose action nobody described", () => {
    const service = aService({ targets: new Map([target("db", "postgres.drop-everything")]) });
    expect(listMoves(poolProposal({ service }), [DEPLOY], [])).toEqual([]);
  });

  it("offer at most three versions that were live, newest first, each once", () => {
    const observations = [
      aChange("E1", "deployment", { previousRef: "v1", seconds: -400 }),
      aChange("E2", "deployment", { previousRef: "v2", seconds: -300 }),
      aChange("E3", "deployment", { previousRef: "v2", seconds: -200 }),
      aChange("E4", "deployment", { previousRef: "v3", seconds: -100 }),
      aChange("E5", "deployment", { previousRef: "v0", seconds: -500 }),
      aChange("E6", "deployment", { previousRef: "no version; rm -rf /", seconds: -50 }),
      aChange("E7", "commit", { previousRef: "v8", seconds: -10 }),
    ];
    const moves = listMoves(poolProposal({ observations }), [DEPLOY], []);
    expect(moves.map(({ params }) => params["to"])).toEqual(["previous", "v3", "v2", "v1"]);
    expect(moves.map(({ says }) => says).join()).not.toMatch(/v1|v2|v3/);
  });

  it("hold tasks for people of the hypotheses' runbooks alone, in the runbook's words", () => {
    const runbook = (id: string) =>
      aRunbook(id, `signals: [{kind: metric, signal: s, rose: true}]\nactions: [{action: manual, task: "Task of ${id}."}]`);
    const moves = listMoves(poolProposal(), [], [runbook("connection-pool-exhausted"), runbook("dns")]);
    expect(moves).toEqual([
      {
        id: "M1",
        action: "manual",
        target: "people",
        params: { task: "Task of connection-pool-exhausted." },
        says: "a task for people: Task of connection-pool-exhausted.",
      },
    ]);
  });
});
