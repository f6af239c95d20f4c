import { Hono } from "hono";
import type { LabClock } from "../../model.js";
import { holdsToken } from "../bearer.js";
import type { ShopQueries } from "../queries.js";
import { listen } from "../servers.js";
import { parseExposition } from "./exposition.js";
import { LogStore } from "./log-store.js";
import { createLoki } from "./loki.js";
import { createPrometheus } from "./prometheus.js";
import { type ActiveAlert, type AlertRule, evaluateRule } from "./rule.js";
import { SeriesStore } from "./series.js";

export interface Monitor {
  readonly prometheusUrl: string;
  readonly lokiUrl: string;
  addLogLine(line: string): void;
  /** Begins to scrape `<url>/metrics`. */
  watch(url: string): void;
  /** The rule `CheckoutErrorRateHigh` at its last evaluation; null while the error ratio is low or unknown. */
  alert(): ActiveAlert | null;
  /** How many scrapes have succeeded. */
  scrapes(): number;
  stop(): Promise<void>;
}

interface MonitorOptions {
  readonly clock: LabClock;
  readonly queries: ShopQueries;
  readonly scrapeMs: number;
  readonly rule: AlertRule;
  readonly token: string | null; // asked of every reader when set
}

interface State {
  alert: ActiveAlert | null;
  scrapes: number;
  isScraping: boolean;
  timer: NodeJS.Timeout | null;
}

const alertLabels = { alertname: "CheckoutErrorRateHigh", service: "checkout", severity: "critical", team: "payments" };
const target = { instance: "checkout:80", job: "shop" };

/** Prometheus and Loki in small: scrapes the shop, keeps its log, evaluates one rule, answers queries. */
export async function startMonitor({ clock, queries, scrapeMs, rule, token }: MonitorOptions): Promise<Monitor> {
  const store = new SeriesStore();
  const logs = new LogStore();
  const state: State = { alert: null, scrapes: 0, isScraping: false, timer: null };

  const scrape = async (url: string): Promise<void> => {
    if (state.isScraping) return; // the answer before is still under way
    state.isScraping = true;
    const at = clock.now();
    try {
      const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(1_000) });
      if (!response.ok) throw new Error(`GET /metrics answered ${response.status}`);
      const samples = parseExposition(await response.text());
      store.addScrape(
        at.getTime(),
        samples.map(({ metric, value }) => ({ metric: { ...metric, ...target }, value })),
      );
      state.scrapes += 1;
    } catch {
      store.addFailedScrape(at.getTime()); // a service that does not answer is a gap in its series
    }
    state.isScraping = false;
    const [ratio] = queries.errorRatio.evaluate(store, at.getTime());
    state.alert = evaluateRule(rule, state.alert, ratio?.value ?? null, at);
  };

  const { errorRatio, poolWaiting, latencyP95, errors } = queries;
  const prometheus = createPrometheus({
    store,
    clock,
    queries: [errorRatio, poolWaiting, latencyP95],
    alertLabels,
    alert: () => state.alert,
  });
  const loki = createLoki({ store: logs, clock, ...errors, stream: { service: "checkout", job: target.job } });
  const servers = await Promise.all([prometheus, loki].map((app) => listen(guard(app, token))));
  const [prometheusUrl = "", lokiUrl = ""] = servers.map(({ url }) => url);
  return {
    prometheusUrl,
    lokiUrl,
    addLogLine: (line) => logs.add(clock.now(), line),
    watch: (url) => {
      state.timer ??= setInterval(() => void scrape(url), scrapeMs);
    },
    alert: () => state.alert,
    scrapes: () => state.scrapes,
    stop: async () => {
      if (state.timer) clearInterval(state.timer);
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

/** Puts the reader's token before an API. */
function guard(app: Hono, token: string | null): Hono {
  if (token === null) return app;
  const guarded = new Hono();
  guarded.use("*", (context, next) =>
    holdsToken(context.req.header("authorization"), token) ? next() : Promise.resolve(context.text("Unauthorized\n", 401)),
  );
  return guarded.route("/", app);
}
