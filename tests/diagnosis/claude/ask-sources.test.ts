import { describe, expect, it } from "vitest";
import { createAskMore } from "../../../src/diagnosis/claude/ask-sources.js";
import { PartialAnswerError, SourceUnavailableError } from "../../../src/evidence/unavailable.js";
import type { Source, SourceRequest } from "../../../src/ports.js";
import { aService, NOW, ONSET } from "../../evidence/support/world.js";
import { aLog } from "../support/observed.js";

const clock = { now: () => NOW, sleep: () => Promise.resolve() };

function listening(name: string): Source & { readonly asked: readonly SourceRequest[] } {
  const asked: SourceRequest[] = [];
  return {
    name,
    asked,
    observe: (request) => {
      asked.push(request);
      return Promise.resolve([]);
    },
  };
}

describe("a further look", () => {
  it("asks one reviewed query of the source that answers it, in the window", async () => {
    const [prometheus, loki] = [listening("prometheus"), listening("loki")];
    const more = createAskMore([prometheus, loki], clock, () => undefined);
    await more.look({ service: aService(), signal: "pool-waiting", windowMs: 3_600_000 }, ONSET);
    expect(loki.asked).toHaveLength(0);
    expect(prometheus.asked.map(({ service }) => [...service.signals.keys()])).toEqual([["pool-waiting"]]);
    expect(prometheus.asked[0]?.logs).toEqual({ from: new Date(ONSET.getTime() - 3_600_000), to: NOW });
  });

  it.each(["github", "jaeger", "tempo", "alertmanager", "kubernetes", "loki"])(
    "asks %s about the whole service, in a window of its own",
    async (name) => {
      const source = listening(name);
      const more = createAskMore([listening("other"), source], clock, () => undefined);
      expect(more.sources).toEqual(["other", name]);
      await more.look({ service: aService(), signal: name, windowMs: 7_200_000 }, ONSET);
      const window = { from: new Date(ONSET.getTime() - 7_200_000), to: NOW };
      expect(source.asked).toMatchObject([{ service: aService(), onset: ONSET, logs: window, changes: window }]);
    },
  );

  it("finds nothing where no source can answer", async () => {
    const more = createAskMore([], clock, () => undefined);
    expect(await more.look({ service: aService(), signal: "errors", windowMs: 1 }, ONSET)).toEqual({ kind: "silent" });
  });

  it("does not ask a source that could know nothing of the service", async () => {
    const elsewhere = { ...listening("kubernetes"), concerns: () => false };
    const more = createAskMore([elsewhere], clock, () => undefined);
    expect(await more.look({ service: aService(), signal: "kubernetes", windowMs: 1 }, ONSET)).toEqual({ kind: "silent" });
    expect(elsewhere.asked).toEqual([]);
  });

  it("takes silence for no evidence, and says who was silent", async () => {
    const silent: string[] = [];
    const broken: Source = { name: "loki", observe: () => Promise.reject(new Error("down")) };
    const more = createAskMore([broken], clock, (name) => silent.push(name));
    expect(await more.look({ service: aService(), signal: "errors", windowMs: 1 }, ONSET)).toEqual({ kind: "silent" });
    expect(silent).toEqual(["loki"]);
  });

  it("keeps what a source found before it failed, and still says so", async () => {
    const silent: string[] = [];
    const { id: _id, ...finding } = aLog("E1", "x");
    const partial = new PartialAnswerError("the rest is missing", [finding], false);
    const broken: Source = { name: "loki", observe: () => Promise.reject(partial) };
    const more = createAskMore([broken], clock, (name) => silent.push(name));
    expect(await more.look({ service: aService(), signal: "errors", windowMs: 1 }, ONSET)).toEqual({
      kind: "found",
      findings: [finding],
    });
    expect(silent).toEqual(["loki"]);
  });

  it.each(["cloudwatch", "cloudwatch-logs", "datadog", "datadog-logs"])("asks the one source that answers %s", async (source) => {
    const sources = [listening("cloudwatch"), listening("datadog")];
    const signals = new Map([["a", { name: "a", source, query: "x", unit: null }]]);
    const more = createAskMore(sources, clock, () => undefined);
    await more.look({ service: aService({ signals }), signal: "a", windowMs: 1 }, ONSET);
    expect(sources.flatMap(({ name, asked }) => asked.map(() => name))).toEqual([source.replace("-logs", "")]);
  });

  it("is taken once more where the failure may heal, as when evidence is gathered", async () => {
    let asked = 0;
    const flaky: Source = {
      name: "loki",
      observe: () => ((asked += 1) === 1 ? Promise.reject(new SourceUnavailableError("busy", true)) : Promise.resolve([])),
    };
    const silent: string[] = [];
    const more = createAskMore([flaky], clock, (name) => silent.push(name));
    expect(await more.look({ service: aService(), signal: "loki", windowMs: 60_000 }, ONSET)).toEqual({
      kind: "found",
      findings: [],
    });
    expect([asked, silent]).toEqual([2, []]);
  });
});
