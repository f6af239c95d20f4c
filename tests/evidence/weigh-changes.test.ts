import { describe, expect, it } from "vitest";
import type { Material } from "../../src/evidence/material.js";
import { reviewOf, weighChanges, type Weighing } from "../../src/evidence/weigh-changes.js";
import { MAX_SUMMARY } from "../../src/incident/facts.js";
import { readForMatching } from "../../src/outside/match.js";
import { redact } from "../../src/outside/redact.js";
import type { Finding } from "../../src/ports.js";
import { aChange, aLog, aMetric } from "../diagnosis/support/observed.js";
import { anAlert, aService, fromOnset, ONSET, repeat } from "./support/world.js";

const service = aService({ name: "cart" });
const pool = aLog("E9", "ERROR pool exhausted: waited for a connection to cart_orders");
const alerts = [anAlert({ name: redact("CartErrors"), summary: redact("cart answers 500"), service: "cart" })];

function deployed(before: number, says: string, files: readonly string[] = []): Finding {
  const change = aChange("E1", "deployment", { seconds: -60 * before, files });
  return { ...change, subject: "cart", summary: redact(says) };
}
/** As the GitHub source would tell it. */
function brought(says: string, path: string, patch: string, rollout = "deployment/1"): Finding {
  const at = fromOnset(-1_200).getTime();
  const rollouts = [{ service: "cart", at }];
  const weighedAs = { of: "commit" as const, at, message: says, files: [path], diff: `+++ b/${path}\n${patch}`, rollouts };
  return { ...aChange("E1", "commit"), subject: "cart", summary: redact(says), material: { change: { weighedAs, rollout } } };
}
function weigh(findings: readonly Finding[], more: Partial<Weighing> = {}): ReturnType<typeof weighChanges> {
  return weighChanges({ service, alerts, onset: ONSET, findings, ...more });
}
const summaries = (findings: readonly Finding[]): string[] => findings.map(({ summary }) => readForMatching(summary));
const ranked = (findings: readonly Finding[]): string[] => summaries(weigh(findings).ranked.map(({ finding }) => finding));

describe("weighing changes of which only words are known", () => {
  it("ranks them by what they speak of and touch", () => {
    const documents = deployed(5, "v3 deployed: documents", ["docs/cart.md"]);
    const fitting = deployed(20, "v2 deployed: cart_orders connection pool", ["cart/pool.yaml"]);
    expect(ranked([documents, fitting, pool])).toEqual(["v2 deployed: cart_orders connection pool", "v3 deployed: documents"]);
  });

  it("says so when a certificate ran out, whatever was deployed", () => {
    const expired = [anAlert({ summary: redact("x509: certificate has expired") })];
    expect(weigh([deployed(5, "v3 deployed", ["cart/handler.go"])], { alerts: expired })).toMatchObject({
      verdict: { kind: "outside" },
      named: [],
    });
  });

  it("names none without changes", () => {
    expect(weigh([pool]).verdict.kind).toBe("none");
  });
});

describe("weighing changes by their lines", () => {
  const smaller = brought("Housekeeping", "cart/settings.py", "-POOL_SIZE = 50\n+POOL_SIZE = 4");
  const talk = brought("Connection pool of cart_orders: say more", "cart/pool.py", '+log.info("pool exhausted")', "deployment/2");

  it("finds the one that does it, not the one that speaks of it", () => {
    expect(ranked([talk, smaller, pool])).toEqual(["Housekeeping", "Connection pool of cart_orders: say more"]);
    expect(weigh([talk, smaller, pool]).ranked[0]?.for.map(({ what }) => what)).toContainEqual(
      expect.stringMatching(/POOL_SIZE.*50.*4/),
    );
  });

  it("names what carried it beside it: the deployment, and settings that are among its files", () => {
    const carrier = (finding: Finding): Finding => ({
      ...finding,
      material: { change: { weighedAs: null, rollout: "deployment/1" } },
    });
    const deployment = carrier(deployed(20, "v2 deployed"));
    const settings = carrier({
      ...aChange("E1", "config", { files: ["cart/settings.py"] }),
      summary: redact("v2 changed settings"),
    });
    const others = carrier({ ...aChange("E1", "config", { files: ["web/theme.yaml"] }), summary: redact("v2 changed a theme") });
    expect(summaries(weigh([deployment, settings, others, smaller, pool]).named)).toEqual([
      "Housekeeping",
      "v2 deployed",
      "v2 changed settings",
    ]);
  });

  it("keeps words of ours about it, short and without the secrets of its lines", () => {
    const secret = brought(
      "Keys",
      "cart/settings.py",
      `-POOL_TOKEN = "old"\n+POOL_TOKEN = "ghp_${"a1B2".repeat(9)}"\n-POOL_SIZE = 50\n+POOL_SIZE = 4`,
    );
    const findings = [secret, pool];
    const review = reviewOf(weigh(findings), new Map([[secret, "E1"]]));
    expect(review).toMatchObject({ verdict: "change", ids: ["E1"], weighed: [{ id: "E1" }] });
    expect(JSON.stringify(review)).not.toContain("a1B2a1B2");
    for (const text of [review.why, ...review.weighed.map(({ says }) => says)])
      expect(readForMatching(text).length).toBeLessThanOrEqual(MAX_SUMMARY);
  });
});

describe("what sources read for it", () => {
  const smaller = brought("Housekeeping", "cart/settings.py", "-POOL_SIZE = 50\n+POOL_SIZE = 4");
  const rising = {
    service: "cart",
    name: "pool_waiting",
    points: repeat(200, (n) => ({ at: fromOnset(-1_800 + n * 10).getTime(), value: n < 60 ? 0 : 40 })),
  };

  it("tells a first sign that the source's own comparison has not seen: what came after it is no cause", () => {
    const steady = aMetric("E2", "pool_waiting", "steady");
    const late = (material?: Material): readonly Finding[] => [
      {
        ...smaller,
        material: {
          change: {
            weighedAs: {
              ...(smaller.material?.change?.weighedAs ?? never()),
              rollouts: [{ service: "cart", at: fromOnset(-120).getTime() }],
            },
            rollout: "x",
          },
        },
      },
      { ...steady, subject: "cart", ...(material && { material }) },
      pool,
    ];
    const against = (findings: readonly Finding[]): string[] =>
      weigh(findings).ranked.flatMap((each) => each.against.map(({ what }) => what));
    expect(against(late())).not.toContain("reached production after the first sign");
    expect(against(late({ series: [rising] }))).toContain("reached production after the first sign");
  });

  it("counts lines once: as lines, or where they name no level by the source's word", () => {
    const lines = repeat(50, (n) => ({
      service: "cart",
      at: fromOnset(n / 10).getTime(),
      text: "ERROR pool exhausted: waited for a connection to cart_orders",
    }));
    const read: Finding = { ...pool, material: { lines } };
    expect(weigh([smaller, read]).verdict).toMatchObject({ kind: "change" });
    const quiet: Finding = { ...aLog("E3", "pool exhausted, waiting for cart_orders"), material: { lines: [] } };
    expect(weigh([smaller, quiet]).verdict).toMatchObject({ kind: "change" });
  });
});

function never(): never {
  throw new Error("The change has its lines.");
}
