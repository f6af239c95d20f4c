import { LABELS, RATE, type Pack } from "./pack.js";

export const redis: Pack = {
  name: "redis",
  title: "A Redis server, from redis_exporter",
  docs: "https://github.com/oliver006/redis_exporter#whats-exported",
  example: { job: "redis", instance: "cache:9121" },
  notes: ["`cache-memory` has no data without `maxmemory`."],
  signals: [
    { name: "cache-up", unit: null, says: "1 while the exporter reaches the server", query: `min(redis_up{${LABELS}})` },
    {
      name: "cache-hit-ratio",
      unit: "ratio",
      says: "Share of look-ups that find their key",
      query: `sum(rate(redis_keyspace_hits_total{${LABELS}}${RATE})) / (sum(rate(redis_keyspace_hits_total{${LABELS}}${RATE})) + sum(rate(redis_keyspace_misses_total{${LABELS}}${RATE})))`,
    },
    {
      name: "evictions",
      unit: null,
      says: "Keys per second thrown out for want of memory",
      query: `sum(rate(redis_evicted_keys_total{${LABELS}}${RATE}))`,
    },
    {
      name: "cache-memory",
      unit: "ratio",
      says: "Memory in use as a share of maxmemory, of the fullest instance",
      query: `max(redis_memory_used_bytes{${LABELS}} / (redis_memory_max_bytes{${LABELS}} > 0))`,
    },
    {
      name: "cache-connections-used",
      unit: "ratio",
      says: "Clients as a share of maxclients, of the instance nearest to it",
      query: `max(redis_connected_clients{${LABELS}} / redis_config_maxclients{${LABELS}})`,
    },
    {
      name: "cache-load",
      unit: null,
      says: "Commands per second",
      query: `sum(rate(redis_commands_processed_total{${LABELS}}${RATE}))`,
    },
    {
      name: "cache-latency",
      unit: "seconds",
      says: "Mean time of a command, in the server",
      query: `sum(rate(redis_commands_duration_seconds_total{${LABELS}}${RATE})) / sum(rate(redis_commands_total{${LABELS}}${RATE}))`,
    },
    {
      name: "replication-lag",
      unit: "seconds",
      says: "How far the replica lags behind that is furthest back, as the primary sees it",
      query: `max(redis_connected_slave_lag_seconds{${LABELS}})`,
    },
  ],
};
