import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LogTally, ServiceEvidence } from "../../../src/signals/cause-rank/model.js";
import { rankServices } from "../../../src/signals/cause-rank/rank-services.js";
import { calls, evidence, series } from "./support.js";

function first(overrides: Partial<ServiceEvidence>): string {
  return rankServices(evidence(overrides))[0]?.service ?? "";
}
function errors(service: string, since: number, names: readonly string[] = []): LogTally {
  return { service, template: "it failed", example: "ERROR it failed", level: "error", before: 0, since, names };
}
const slowDown = (store: number) => [
  series("shop", "latency", 0.3, 0.3 + store),
  series("cart", "latency", 0.2, 0.2 + store),
  series("store", "latency", 0.1, 0.1 + store),
];

describe("which service is the cause", () => {
  it.each<{ name: string; overrides: Partial<ServiceEvidence>; expected: string }>([
    {
      name: "the last of those that became slower, as it explains its callers",
      overrides: { series: slowDown(1) },
      expected: "store",
    },
    {
      name: "the one whose callees do not account for its additional time",
      overrides: {
        series: [series("shop", "latency", 0.3, 2.3), series("cart", "latency", 0.2, 2.2), series("store", "latency", 0.1, 0.13)],
      },
      expected: "cart",
    },
    {
      name: "the one whose requests fail without failures below it",
      overrides: {
        series: [
          series("shop", "availability", 1, 0.9),
          series("cart", "availability", 1, 0.9),
          series("store", "availability", 1, 1),
        ],
      },
      expected: "cart",
    },
    {
      name: "the one that callers see slow and that sees nothing itself",
      overrides: {
        callSeries: [
          calls("cart", "store", "caller", 0.01, 0.5),
          calls("cart", "store", "callee", 0.01, 0.01),
          calls("shop", "cart", "caller", 0.2, 0.7),
        ],
      },
      expected: "store",
    },
    {
      name: "the one that fills its machine, where nothing else is known",
      overrides: { series: [series("cart", "cpu", 5, 95), series("shop", "cpu", 5, 9)] },
      expected: "cart",
    },
    {
      name: "the one with new errors whose callees have none",
      overrides: { logs: [errors("shop", 20), errors("cart", 12)] },
      expected: "cart",
    },
    {
      name: "the one that the errors of others name",
      overrides: { logs: [errors("shop", 9, ["store"]), errors("cart", 9, ["store"])] },
      expected: "store",
    },
    {
      name: "the one whose own time grew in the traces",
      overrides: {
        visits: [
          {
            service: "cart",
            operation: "GET /cart",
            before: { count: 40, ownMs: 10, failed: 0 },
            since: { count: 40, ownMs: 12, failed: 0 },
          },
          {
            service: "store",
            operation: "read",
            before: { count: 40, ownMs: 5, failed: 0 },
            since: { count: 40, ownMs: 300, failed: 0 },
          },
        ],
      },
      expected: "store",
    },
    {
      name: "the end that all slow ways share",
      overrides: {
        ways: [
          { caller: "shop", callee: "cart", before: { count: 20, ms: 2 }, since: { count: 20, ms: 400 } },
          { caller: "admin", callee: "cart", before: { count: 20, ms: 2 }, since: { count: 20, ms: 400 } },
          { caller: "shop", callee: "store", before: { count: 60, ms: 2 }, since: { count: 60, ms: 2 } },
        ],
      },
      expected: "cart",
    },
  ])("is $name", ({ overrides, expected }) => {
    expect(first(overrides)).toBe(expected);
  });

  it("is not one that the noticed service does not depend on", () => {
    const ranking = rankServices(
      evidence({
        services: ["shop", "cart", "store", "mailer"],
        series: [...slowDown(0.2), series("mailer", "latency", 0.1, 9)],
      }),
    );
    expect(ranking.map(({ service }) => service).indexOf("mailer")).toBeGreaterThan(0);
    expect(ranking.find(({ service }) => service === "mailer")?.score).toBe(0);
  });

  it("doubts a place seen only from outside when services seen inside move too", () => {
    const shared = {
      services: ["shop", "cart", "lb"],
      calls: [
        { caller: "shop", callee: "cart" },
        { caller: "shop", callee: "lb" },
      ],
    };
    const moved = [series("shop", "latency", 0.3, 1.3), series("cart", "latency", 0.2, 1.2), series("lb", "latency", 0.2, 1.4)];
    expect(first({ ...shared, series: moved })).toBe("lb");
    expect(first({ ...shared, series: moved, outsiders: new Set(["lb"]) })).toBe("cart");
  });

  it("says why, strongest first, and what speaks against the others", () => {
    const ranking = rankServices(evidence({ series: [...slowDown(1), series("store", "cpu", 5, 95)] }));
    const [store] = ranking;
    expect(store?.for.map(({ what }) => what).join("; ")).toMatch(
      /additional time of its own \(from 0\.\d+ to 1\.\d+\).*CPU|cpu rose from 5/i,
    );
    expect(store?.for.map(({ strength }) => strength)).toEqual(
      store?.for.map(({ strength }) => strength).toSorted((a, b) => b - a),
    );
    expect(ranking.find(({ service }) => service === "cart")?.against[0]?.what).toMatch(/comes from store/);
  });

  it("claims nothing when nothing moved or nothing is known", () => {
    expect(rankServices(evidence({})).every(({ score }) => score === 0)).toBe(true);
    expect(rankServices(evidence({ series: slowDown(0) })).every(({ score }) => score < 0.05)).toBe(true);
  });

  it("survives calls in a circle", () => {
    expect(
      first({
        calls: [
          { caller: "shop", callee: "cart" },
          { caller: "cart", callee: "shop" },
        ],
        series: slowDown(1),
      }),
    ).not.toBe("");
  });

  it("does not depend on what services are called, nor on the order they are given in", () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(names, fc.boolean(), ([shop = "", cart = "", store = ""], reversed) => {
        const moved = [series(shop, "latency", 0.3, 1.3), series(cart, "latency", 0.2, 1.2), series(store, "latency", 0.1, 1.1)];
        const services = reversed ? [store, cart, shop] : [shop, cart, store];
        const ranking = rankServices(
          evidence({
            services,
            noticedAt: shop,
            calls: [
              { caller: shop, callee: cart },
              { caller: cart, callee: store },
            ],
            series: reversed ? moved.toReversed() : moved,
          }),
        );
        expect(ranking[0]?.service).toBe(store);
      }),
    );
  });
});
