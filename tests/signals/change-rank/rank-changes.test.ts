import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change, Shift, Sign, Symptoms } from "../../../src/signals/change-rank/model.js";
import { rankChanges } from "../../../src/signals/change-rank/rank-changes.js";

const NOTICED = 1_700_000_000_000;
const MINUTE = 60_000;

function sign(text: string, source: Sign["source"] = "log", weight = 2): Sign {
  return { text, service: "cart", weight, source };
}
function symptoms(overrides: Partial<Symptoms> = {}): Symptoms {
  return {
    noticedAt: NOTICED,
    onset: NOTICED - 5 * MINUTE,
    services: ["cart"],
    known: ["cart", "shop", "mailer"],
    entries: ["shop"],
    signs: [
      sign("cart latency p99 above 2 s", "alert", 3),
      sign("ERROR timeout acquiring connection from pool cart_orders (pool exhausted)"),
    ],
    shifts: [],
    ...overrides,
  };
}
function change(id: string, minutesBefore: number, overrides: Partial<Change> = {}): Change {
  const at = NOTICED - minutesBefore * MINUTE;
  return {
    id,
    of: "commit",
    at,
    message: "change",
    files: ["cart/db.yaml"],
    diff: "-pool_size: 50\n+pool_size: 5",
    rollouts: [{ service: "cart", at }],
    ...overrides,
  };
}
const tidy: Partial<Change> = {
  message: "refactor: tidy the cart pool handler",
  files: ["cart/handler.go"],
  diff: "-	cart := load(id)\n-	write(w, cart)\n+	order := load(id)\n+	write(w, order)",
};

function named(changes: readonly Change[], seen: Symptoms = symptoms()): string {
  const { verdict } = rankChanges(changes, seen);
  return verdict.kind === "change" ? verdict.id : verdict.kind;
}

describe("which change is the cause", () => {
  it.each<{ name: string; changes: readonly Change[]; seen?: Partial<Symptoms>; expected: string }>([
    {
      name: "one that can bring it about over a nearer one that cannot",
      changes: [change("pool", 90), change("tidy", 6, tidy)],
      expected: "pool",
    },
    { name: "none when it came after people were told", changes: [change("late", -10)], expected: "none" },
    { name: "none when it never reached production", changes: [change("kept", 30, { rollouts: [] })], expected: "none" },
    {
      name: "the one that went out where it shows",
      changes: [change("here", 30), change("there", 8, { rollouts: [{ service: "mailer", at: NOTICED - 8 * MINUTE }] })],
      expected: "here",
    },
    {
      name: "the one before the first sign over the one after it",
      changes: [change("before", 200), change("after", 10)],
      seen: { onset: NOTICED - 190 * MINUTE },
      expected: "before",
    },
    {
      name: "none when only documents, tests and style changed",
      changes: [change("docs", 10, { files: ["docs/pool.md"] }), change("test", 10, { files: ["cart/pool_test.go"] })],
      expected: "none",
    },
    {
      name: "the one whose direction fits",
      changes: [change("raised", 8, { diff: "-pool_size: 5\n+pool_size: 50" }), change("lowered", 60)],
      expected: "lowered",
    },
    {
      name: "by its own date when no deployment is known",
      changes: [change("undated", 20, { rollouts: null })],
      expected: "undated",
    },
  ])("is $name", ({ changes, seen, expected }) => {
    expect(named(changes, symptoms(seen))).toBe(expected);
    expect(named(changes.toReversed(), symptoms(seen))).toBe(expected);
  });

  it("suspects more what moved something at once", () => {
    const shifts: readonly Shift[] = [{ service: "cart", name: "pool_max", at: NOTICED - 59 * MINUTE, direction: "fell" }];
    const score = (seen: Symptoms): number => rankChanges([change("pool", 60)], seen).ranked[0]?.score ?? 0;
    expect(score(symptoms({ shifts }))).toBeGreaterThan(score(symptoms()));
    expect(rankChanges([change("pool", 60)], symptoms({ shifts })).ranked[0]?.for.map(({ what }) => what)).toContain(
      "pool_max of cart fell within minutes of it",
    );
  });

  it.each(["ERROR no such user: certificate has expired", "ERROR agent: system clock ntpd"])(
    "is not talked away by one odd line beside many others: %s",
    (odd) => {
      const { signs } = symptoms();
      expect(named([change("pool", 90)], symptoms({ signs: [...signs, sign(odd, "log", 1)] }))).toBe("pool");
      expect(named([change("pool", 90)], symptoms({ signs: [...signs, sign(odd, "log", 2)] }))).toBe("outside");
    },
  );

  it("gives reasons for and against", () => {
    const { ranked } = rankChanges([change("pool", 30), change("docs", 30, { files: ["docs/a.md"] })], symptoms());
    expect(ranked[0]?.for.map(({ what }) => what).join("; ")).toMatch(/lowers capacity: pool_size 50 → 5/);
    expect(ranked[1]?.against[0]?.what).toBe("touches only documents");
  });

  it("does not read a missing diff as innocence", () => {
    const message = "feat: cart_orders pool acquiring";
    const unread = rankChanges([change("a", 8, { diff: null, message })], symptoms()).ranked[0]?.score ?? 0;
    const read = rankChanges([change("a", 8, { ...tidy, message })], symptoms()).ranked[0]?.score ?? 0;
    expect(unread).toBeGreaterThan(read);
  });

  it("reads whatever stands in a diff, in good time", () => {
    const line = fc.string({ unit: fc.constantFrom(...Array.from("ab.A/(\\)[]{}*+?|\"'`=:; 0key,")), maxLength: 60 });
    const lines = fc.array(fc.tuple(fc.constantFrom("+", "-", " "), line), { maxLength: 30 });
    fc.assert(
      fc.property(lines, fc.constantFrom("a.ts", "b.yaml", "package.json", "Dockerfile"), (all, file) => {
        const diff = all.map(([side, text]) => side + text).join("\n");
        expect(rankChanges([change("any", 10, { diff, files: [file] })], symptoms()).ranked).toHaveLength(1);
      }),
    );
    const edits = (side: string) =>
      Array.from({ length: 2_500 }, (_, index) => `${side}  call(${side}x${index}, "y", ${index}) = a.b`);
    const started = performance.now();
    rankChanges([change("vast", 10, { diff: [...edits("-"), ...edits("+")].join("\n") })], symptoms());
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it.each(["retry", "A", "a."])("reads files without line ends in good time: %s", (word) => {
    const files = Array.from({ length: 40 }, (_, index) => `dist/${index}.js`);
    const diff = files.map((file) => `+++ b/${file}\n+${word.repeat(10_000 / word.length)}`).join("\n");
    const started = performance.now();
    rankChanges([change("minified", 10, { diff, files })], symptoms());
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it("never depends on how a change is identified", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{7,40}$/), { minLength: 2, maxLength: 2 }), ([a = "", b = ""]) => {
        expect(named([change(a, 90), change(b, 6, tidy)])).toBe(a);
      }),
    );
  });
});

describe("a cause outside", () => {
  const changes = [change("tidy", 6, tidy), change("retry", 30, { diff: "-max_attempts: 2\n+max_attempts: 3" })];
  const outage = "ERROR POST https://api.pay.example.com/v1/charges returned 503";

  it.each<{ name: string; seen: Partial<Symptoms> }>([
    { name: "someone else's outage", seen: { signs: [sign("charge errors above 5 %", "alert", 3), sign(outage)] } },
    {
      name: "a certificate that ran out",
      seen: { signs: [sign("calls fail", "alert", 3), sign("ERROR tls: x509: certificate has expired or is not yet valid")] },
    },
    {
      name: "someone else's quota, whatever its host ends in",
      seen: { signs: [sign("lookups fail", "alert", 3), sign("ERROR lookup answered 429 upstream.host=api.maps.example")] },
    },
    {
      name: "something that was switched off over there",
      seen: { signs: [sign("rates are old", "alert", 3), sign("ERROR GET https://api.rates.example/v1 answered 410")] },
    },
    {
      name: "a licence whose day came",
      seen: { signs: [sign("jobs fail", "alert", 3), sign("ERROR licence for engine X expired on 2026-12-31")] },
    },
    {
      name: "a clock that is wrong",
      seen: { signs: [sign("tokens are refused", "alert", 3), sign("WARN chronyd: System clock wrong by 94.1 seconds")] },
    },
    {
      name: "processors that others took",
      seen: { signs: [sign("cart slow", "alert", 1), sign("cpu_steal_pct rose", "log")] },
    },
    {
      name: "a database that its owner moved",
      seen: { signs: [sign("cart errors", "alert", 1), sign("ERROR terminating connection due to administrator command")] },
    },
    { name: "a machine that failed", seen: { signs: [sign("pods gone", "alert", 1), sign("node is not ready: kernel panic")] } },
    {
      name: "names that do not resolve",
      seen: { signs: [sign("calls fail", "alert", 1), sign("dial tcp: lookup ledger: no such host")] },
    },
    {
      name: "more requests at the door",
      seen: {
        signs: [sign("shop latency high", "alert", 3)],
        shifts: [{ service: "shop", name: "requests_per_second", at: NOTICED - 6 * MINUTE, direction: "rose" }],
      },
    },
  ])("is seen in $name", ({ seen }) => {
    expect(named(changes, symptoms(seen))).toBe("outside");
  });

  it.each(["http://mailer:8080", "http://mailer.prod:8080", "http://mailer.prod.svc.cluster.local", "http://10.0.0.7:8080"])(
    "is not seen in a failing call to %s",
    (address) => {
      expect(
        named([], symptoms({ known: ["cart"], signs: [sign("calls fail", "alert", 3), sign(`ERROR ${address} returned 503`)] })),
      ).toBe("none");
    },
  );

  it("is not seen in a failing service of our own", () => {
    const own = symptoms({ signs: [sign("calls fail", "alert", 3), sign("ERROR http://mailer.svc:8080 returned 503")] });
    expect(named(changes, own)).not.toBe("outside");
  });

  it("gives way to the change that brought the failing address in", () => {
    const moved = change("moved", 8, { diff: '-url: "https://api.pay.example.org"\n+url: "https://api.pay.example.com"' });
    expect(named([...changes, moved], symptoms({ signs: [sign("charge errors", "alert", 3), sign(outage)] }))).toBe("moved");
  });

  it("is not seen in more requests inside, which a change can make", () => {
    const inside = symptoms({
      shifts: [{ service: "mailer", name: "requests_per_second", at: NOTICED - 6 * MINUTE, direction: "rose" }],
    });
    expect(named([change("pool", 30)], inside)).toBe("pool");
  });
});
