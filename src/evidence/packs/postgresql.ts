import { LABELS, RATE, sumOrZero, type Pack } from "./pack.js";

const TRANSACTIONS = `(sum(rate(pg_stat_database_xact_commit{${LABELS}}${RATE})) + sum(rate(pg_stat_database_xact_rollback{${LABELS}}${RATE})))`;

export const postgresql: Pack = {
  name: "postgresql",
  title: "A PostgreSQL server, from postgres_exporter",
  docs: "https://github.com/prometheus-community/postgres_exporter#readme",
  example: { job: "postgres", instance: "payments-db:9187" },
  notes: [
    "Take labels of the scrape (`job`, `instance`), not `datname`: settings and replication have none.",
    "`query-time` needs PostgreSQL 14 and a postgres_exporter that knows `active_time`; `lock-waits` one that tells wait events apart. Older ones give no data.",
  ],
  signals: [
    { name: "database-up", unit: null, says: "1 while the exporter reaches the server", query: `min(pg_up{${LABELS}})` },
    {
      name: "connections-used",
      unit: "ratio",
      says: "Connections as a share of max_connections",
      query: `max(sum by (instance) (pg_stat_database_numbackends{${LABELS}}) / max by (instance) (pg_settings_max_connections{${LABELS}}))`,
    },
    {
      name: "database-load",
      unit: null,
      says: "Transactions per second, undone ones too",
      query: TRANSACTIONS,
    },
    {
      name: "query-time",
      unit: "seconds",
      says: "Time that statements run, for each transaction",
      query: `sum(rate(pg_stat_database_active_time_seconds_total{${LABELS}}${RATE})) / ${TRANSACTIONS}`,
    },
    {
      name: "longest-transaction",
      unit: "seconds",
      says: "Age of the oldest open transaction",
      query: `max(pg_stat_activity_max_tx_duration{${LABELS}})`,
    },
    {
      name: "lock-waits",
      unit: null,
      says: "Connections that wait for a lock",
      query: sumOrZero(`pg_stat_activity_count{${LABELS},wait_event_type="Lock"}`, `pg_stat_activity_count{${LABELS}}`),
    },
    {
      name: "deadlocks",
      unit: null,
      says: "Deadlocks per second",
      query: `sum(rate(pg_stat_database_deadlocks{${LABELS}}${RATE}))`,
    },
    {
      name: "replication-lag",
      unit: "seconds",
      says: "How far the replica lags behind that is furthest back",
      query: `max(pg_replication_lag_seconds{${LABELS}})`,
    },
  ],
};
