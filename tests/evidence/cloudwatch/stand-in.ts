/** A stand-in for CloudWatch and its logs: the wire format of the official clients (AWS JSON 1.0 and 1.1), and what they refuse. */
import type { ServerResponse } from "node:http";
import { bodyOf, serve, type LocalServer } from "../support/server.js";

export interface MetricQuery {
  readonly expression: string;
  readonly period: number; // s
  readonly from: number; // s
  readonly to: number; // s
  readonly token: string | null;
}
export interface LogsQuery {
  readonly groups: readonly string[];
  readonly query: string;
  readonly limit: number;
  readonly from: number; // s, inclusive
  readonly to: number;
}
export interface Behaviour {
  readonly metricData?: (query: MetricQuery) => object | AwsError;
  readonly startQuery?: (query: LogsQuery) => AwsError | undefined;
  /** @param asked - how often these results have been asked for, from 1 */
  readonly queryResults?: (query: LogsQuery, asked: number, token: string | null) => object | AwsError;
}
export interface StandIn extends LocalServer {
  readonly metricQueries: readonly MetricQuery[];
  readonly logsQueries: readonly LogsQuery[];
  readonly stopped: readonly string[];
}

export class AwsError {
  constructor(
    readonly type: string,
    readonly message: string,
    readonly status = 400,
  ) {}
}

const METRICS = { target: "GraniteServiceVersion20100801", type: "application/x-amz-json-1.0", service: "monitoring" };
const LOGS = { target: "Logs_20140328", type: "application/x-amz-json-1.1", service: "logs" };
/** What each operation takes; anything else is refused, as a defect of ours would be. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  GetMetricData: ["MetricDataQueries", "StartTime", "EndTime", "ScanBy", "NextToken"],
  StartQuery: ["logGroupNames", "queryString", "startTime", "endTime", "limit"],
  GetQueryResults: ["queryId", "nextToken"],
  StopQuery: ["queryId"],
};

export async function serveCloudwatch(behaviour: Behaviour): Promise<StandIn> {
  const metricQueries: MetricQuery[] = [];
  const logsQueries: LogsQuery[] = [];
  const asked: number[] = [];
  const stopped: string[] = [];

  const answer = (operation: string, body: Readonly<Record<string, unknown>>): object | AwsError => {
    if (operation === "GetMetricData") {
      const query = readMetricQuery(body);
      if (query instanceof AwsError) return query;
      metricQueries.push(query);
      return behaviour.metricData?.(query) ?? { MetricDataResults: [], Messages: [] };
    }
    if (operation === "StartQuery") {
      const query = readLogsQuery(body);
      const refused = query instanceof AwsError ? query : behaviour.startQuery?.(query);
      if (refused !== undefined || query instanceof AwsError) return refused ?? {};
      asked.push(0);
      return { queryId: `query-${logsQueries.push(query) - 1}` };
    }
    const index = Number(/^query-(\d+)$/.exec(String(body["queryId"]))?.[1] ?? Number.NaN);
    const query = logsQueries[index];
    if (query === undefined) return new AwsError("ResourceNotFoundException", "no such query");
    if (operation === "StopQuery") {
      stopped.push(`query-${index}`);
      return { success: true };
    }
    const times = (asked[index] = (asked[index] ?? 0) + 1);
    return behaviour.queryResults?.(query, times, textOrNull(body["nextToken"])) ?? { results: [], status: "Complete" };
  };

  const server = await serve(async ({ authorization }, response, raw) => {
    const [service, operation = ""] = String(raw.headers["x-amz-target"]).split(".");
    const api = service === METRICS.target ? METRICS : LOGS;
    const text = await bodyOf(raw);
    const body = JSON.parse(text) as Record<string, unknown>;
    const unknown = Object.keys(body).filter((key) => !(KEYS[operation] ?? []).includes(key));
    if (service !== api.target || raw.method !== "POST" || raw.headers["content-type"] !== api.type || unknown.length > 0)
      return send(response, new AwsError("SerializationException", `${operation} with ${unknown.join(", ")}`), api.type);
    const signed = new RegExp(
      `^AWS4-HMAC-SHA256 Credential=AKIA\\w+/\\d{8}/eu-central-1/${api.service}/aws4_request, .*Signature=`,
    );
    if (!signed.test(authorization ?? ""))
      return send(response, new AwsError("MissingAuthenticationTokenException", "not signed"), api.type);
    send(response, answer(operation, body), api.type);
  });
  return Object.assign(server, { metricQueries, logsQueries, stopped });
}

function send(response: ServerResponse, answer: object | AwsError, type: string): void {
  const isError = answer instanceof AwsError;
  const body = isError ? { __type: answer.type, message: answer.message } : answer;
  response
    .writeHead(isError ? answer.status : 200, { "content-type": type, "x-amzn-requestid": "6f0c1d5e" })
    .end(JSON.stringify(body));
}

function readMetricQuery(body: Readonly<Record<string, unknown>>): MetricQuery | AwsError {
  const [query, ...others] = (body["MetricDataQueries"] ?? []) as readonly Readonly<Record<string, unknown>>[];
  const [period, from, to] = [Number(query?.["Period"]), Number(body["StartTime"]), Number(body["EndTime"])];
  if (query === undefined || others.length > 0 || !/^[a-z]\w*$/.test(String(query["Id"])))
    return new AwsError("ValidationError", "MetricDataQueries is not valid.");
  if (period % 60 !== 0 || !(from < to))
    return new AwsError("ValidationError", "The parameter Period or StartTime is not valid.");
  return { expression: String(query["Expression"]), period, from, to, token: textOrNull(body["NextToken"]) };
}

function readLogsQuery(body: Readonly<Record<string, unknown>>): LogsQuery | AwsError {
  const [from, to] = [Number(body["startTime"]), Number(body["endTime"])];
  const groups = (body["logGroupNames"] ?? []) as readonly string[];
  if (!Number.isInteger(from) || !Number.isInteger(to) || from > to || groups.length === 0)
    return new AwsError("InvalidParameterException", "startTime, endTime or logGroupNames is not valid");
  return { groups, query: String(body["queryString"]), limit: Number(body["limit"]), from, to };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
