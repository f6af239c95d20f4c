import { LABELS, RATE, type Pack } from "./pack.js";

/** File systems that hold nothing of their own. */
const DISKS = `${LABELS},fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660"`;

export const nodeExporter: Pack = {
  name: "node-exporter",
  title: "The machine a service runs on, from node_exporter",
  docs: "https://github.com/prometheus/node_exporter#collectors",
  example: { instance: "web-1:9100" },
  notes: ["Linux. Of several machines the worst one counts."],
  signals: [
    {
      name: "node-cpu",
      unit: "ratio",
      says: "Share of CPU time in use, of the busiest machine",
      query: `max(1 - avg by (instance) (rate(node_cpu_seconds_total{${LABELS},mode="idle"}${RATE})))`,
    },
    {
      name: "node-load",
      unit: null,
      says: "Processes that run or want to, for each core",
      query: `max(sum by (instance) (node_load1{${LABELS}}) / count by (instance) (node_cpu_seconds_total{${LABELS},mode="idle"}))`,
    },
    {
      name: "node-memory",
      unit: "ratio",
      says: "Share of memory in use, of the fullest machine",
      query: `max(1 - node_memory_MemAvailable_bytes{${LABELS}} / node_memory_MemTotal_bytes{${LABELS}})`,
    },
    {
      name: "disk-free",
      unit: "ratio",
      says: "Free share of the fullest file system",
      query: `min(node_filesystem_avail_bytes{${DISKS}} / node_filesystem_size_bytes{${DISKS}})`,
    },
    {
      name: "disk-busy",
      unit: "ratio",
      says: "Share of time in which the busiest disk works",
      query: `max(rate(node_disk_io_time_seconds_total{${LABELS}}${RATE}))`,
    },
    {
      name: "retransmissions",
      unit: "ratio",
      says: "Share of TCP segments that were sent again",
      query: `max(rate(node_netstat_Tcp_RetransSegs{${LABELS}}${RATE}) / rate(node_netstat_Tcp_OutSegs{${LABELS}}${RATE}))`,
    },
    {
      name: "clock-offset",
      unit: "seconds",
      says: "How far the clock is off, either way",
      query: `max(abs(node_timex_offset_seconds{${LABELS}}))`,
    },
  ],
};
