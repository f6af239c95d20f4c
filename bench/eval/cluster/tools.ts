/** The other recorded tools of a case, as ways to look beside `kubectl`. */
import { z } from "zod";
import type { Beside, Call, Connection, NodeService } from "../../../src/evidence/sources/kubernetes/beside.js";
import { measure } from "./measure.js";
import type { Recording } from "./recording.js";

export function replayTools(recording: Recording): Beside {
  const probes = readProbes(recording.probes);
  return {
    manifests: (app) => {
      const found = probes.find(({ tool, args }) => tool === "GetAppYAML" && args["app_name"] === app);
      return Promise.resolve(found?.output ?? null);
    },
    nodeServices: () => Promise.resolve(probes.flatMap(readNodeService)),
    connections: () => Promise.resolve(probes.flatMap(readConnections)),
    metrics: () => Promise.resolve({ measurements: measure(recording), calls: probes.flatMap(readCalls), unanswered: [] }),
  };
}

interface Probe {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly output: string;
}

const Args = z.record(z.string(), z.unknown()).catch({});

function readProbes(probes: Recording["probes"]): readonly Probe[] {
  return Object.entries(probes).map(([key, output]) => {
    const at = key.indexOf(":");
    const tool = at === -1 ? key : key.slice(0, at);
    return {
      tool,
      args: Args.parse(parseJson(key.slice(at + 1))),
      output: typeof output === "string" ? output : JSON.stringify(output),
    };
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** `systemctl status`: "Active: active (running)" */
function readNodeService({ tool, args, output }: Probe): readonly NodeService[] {
  const active = tool === "CheckNodeServiceStatus" ? /Active: (\w+)/.exec(output)?.[1] : undefined;
  if (active === undefined) return [];
  return [{ node: String(args["node_name"]), service: String(args["service_name"]), active: active === "active" }];
}

/** One result, or one for each node that a test pod ran on. */
function readConnections({ tool, args, output }: Probe): readonly Connection[] {
  if (tool !== "CheckServiceConnectivity") return [];
  const service = String(args["service_name"]);
  const port = Number(args["port"]);
  const parts = output.split(/deployed on (\S+):/);
  if (parts.length < 3) return judge(output).map((open) => ({ service, port, from: null, open }));
  return parts.flatMap((from, index) =>
    index % 2 === 1 ? judge(parts[index + 1] ?? "").map((open) => ({ service, port, from, open })) : [],
  );
}

/** Nothing said is not an answer. */
function judge(text: string): readonly boolean[] {
  if (/Succeeded/.test(text)) return [true];
  return /Failed/.test(text) ? [false] : [];
}

/** The first level of the tree under "Downstream": deeper ones are calls of others, told under their own names. */
function readCalls({ tool, args, output }: Probe): readonly Call[] {
  if (tool !== "GetServiceDependencies") return [];
  const from = String(args["service_name"]);
  const tree = output.split(/\[Downstream[^\]]*\]:?/)[1] ?? "";
  return [...tree.matchAll(/^[├└]──\s+([\w-]+)/gm)].map(([, to]) => ({ from, to: to ?? "" }));
}
