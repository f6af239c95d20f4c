/**
 * The official clients of CloudWatch and its logs, loaded with the first question. Credentials come from the SDK's default chain:
 * what an earlier step of the job left in the environment, or the role of a self-hosted runner.
 */
import type { GetMetricDataCommandInput, GetMetricDataCommandOutput } from "@aws-sdk/client-cloudwatch";
import type {
  GetQueryResultsCommandInput,
  GetQueryResultsCommandOutput,
  StartQueryCommandInput,
} from "@aws-sdk/client-cloudwatch-logs";
import { describeFailure } from "./failure.js";

export interface ClientOptions {
  readonly region: string;
  readonly endpoint: string | null; // null: the region's own
  readonly logsEndpoint: string | null;
}
/** The questions that are asked. All reject with a `SourceUnavailableError`. */
export interface Clients {
  readonly who: string; // "CloudWatch in eu-central-1"
  metricData(input: GetMetricDataCommandInput, abort: AbortSignal): Promise<GetMetricDataCommandOutput>;
  /** @returns the id of the query, which runs on until it ends or is stopped */
  startQuery(input: StartQueryCommandInput, abort: AbortSignal): Promise<string | undefined>;
  queryResults(input: GetQueryResultsCommandInput, abort: AbortSignal): Promise<GetQueryResultsCommandOutput>;
  stopQuery(queryId: string, abort: AbortSignal): Promise<void>;
}

/** The client's own second attempt waits as long as a throttled service wants. */
const MAX_ATTEMPTS = 2;

export function createClients({ region, endpoint, logsEndpoint }: ClientOptions): Clients {
  const who = `CloudWatch in ${region}`;
  const common = { region, maxAttempts: MAX_ATTEMPTS };
  const openMetrics = once(async () => {
    const sdk = await import("@aws-sdk/client-cloudwatch");
    return { sdk, client: new sdk.CloudWatchClient({ ...common, ...(endpoint === null ? {} : { endpoint }) }) };
  });
  const openLogs = once(async () => {
    const sdk = await import("@aws-sdk/client-cloudwatch-logs");
    const own = logsEndpoint === null ? {} : { endpoint: logsEndpoint };
    return { sdk, client: new sdk.CloudWatchLogsClient({ ...common, ...own }) };
  });
  const ask = async <T>(permission: string, abort: AbortSignal, question: () => Promise<T>): Promise<T> => {
    try {
      return await question();
    } catch (error) {
      throw describeFailure(error, { who, permission, isLate: abort.aborted });
    }
  };
  return {
    who,
    metricData: (input, abort) =>
      ask("cloudwatch:GetMetricData", abort, async () => {
        const { sdk, client } = await openMetrics();
        return client.send(new sdk.GetMetricDataCommand(input), { abortSignal: abort });
      }),
    startQuery: (input, abort) =>
      ask("logs:StartQuery", abort, async () => {
        const { sdk, client } = await openLogs();
        return (await client.send(new sdk.StartQueryCommand(input), { abortSignal: abort })).queryId;
      }),
    queryResults: (input, abort) =>
      ask("logs:GetQueryResults", abort, async () => {
        const { sdk, client } = await openLogs();
        return client.send(new sdk.GetQueryResultsCommand(input), { abortSignal: abort });
      }),
    stopQuery: (queryId, abort) =>
      ask("logs:StopQuery", abort, async () => {
        const { sdk, client } = await openLogs();
        await client.send(new sdk.StopQueryCommand({ queryId }), { abortSignal: abort });
      }),
  };
}

function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | null = null;
  return () => (opened ??= open());
}
