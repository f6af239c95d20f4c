import { LABELS, RATE, type Pack } from "./pack.js";
import { PROCESS_SIGNALS } from "./process.js";

export const nodejs: Pack = {
  name: "nodejs",
  title: "A Node.js process, with the default metrics of prom-client",
  docs: "https://github.com/siimon/prom-client#default-metrics",
  example: { job: "checkout" },
  notes: ["With `collectDefaultMetrics()` and no prefix. They say nothing about requests."],
  signals: [
    {
      name: "event-loop-lag",
      unit: "seconds",
      says: "Delay of the event loop that 99 of 100 turns stay below, of the worst instance",
      query: `max(nodejs_eventloop_lag_p99_seconds{${LABELS}})`,
    },
    {
      name: "heap",
      unit: "bytes",
      says: "Heap in use, of the largest instance",
      query: `max(nodejs_heap_size_used_bytes{${LABELS}})`,
    },
    {
      name: "gc-time",
      unit: "ratio",
      says: "Share of time in garbage collection, of the worst instance",
      query: `max(sum by (instance) (rate(nodejs_gc_duration_seconds_sum{${LABELS}}${RATE})))`,
    },
    ...PROCESS_SIGNALS,
    {
      name: "handles",
      unit: null,
      says: "Active handles (sockets, timers, files), of the instance with most: they leak before memory does",
      query: `max(nodejs_active_handles_total{${LABELS}})`,
    },
  ],
};
