import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSignalReader } from "../../../src/evidence/signal-reader.js";
import { periodFor } from "../../../src/evidence/sources/cloudwatch/metrics.js";
import { cloudwatchReadings, createCloudwatchSource } from "../../../src/evidence/sources/cloudwatch/source.js";
import { PartialAnswerError } from "../../../src/evidence/unavailable.js";
import { readForMatching } from "../../../src/outside/match.js";
import type { Finding } from "../../../src/ports.js";
import { aRequest, aService, fromOnset, NOW, ONSET, repeat } from "../support/world.js";
import { AwsError, serveCloudwatch, type Behaviour, type MetricQuery, type StandIn } from "./stand-in.js";

const QUERY = `SELECT SUM(HTTPCode_Target_5XX_Count) FROM SCHEMA("AWS/ApplicationELB", LoadBalancer) WHERE LoadBalancer = 'app/shop/1'`;
const DAY_S = 86_400;
const onset = ONSET.getTime() / 1_000;
let server: StandIn | null = null;

beforeEach(() => {
  // The SDK's default chain finds these first, as after a step that logged in.
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "not-a-real-secret");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
  server = null;
});

const service = aService({
  signals: new Map([["errors-5xx", { name: "errors-5xx", source: "cloudwatch", query: QUERY, unit: null }]]),
});
const optionsFor = (url: string) => ({ region: "eu-central-1", endpoint: url, logsEndpoint: url, timeoutMs: 5_000 });

async function observe(metricData: Behaviour["metricData"], from = -1_800): Promise<readonly Finding[]> {
  server = await serveCloudwatch(metricData === undefined ? {} : { metricData });
  const logs = { from: fromOnset(from), to: NOW };
  return createCloudwatchSource(optionsFor(server.url)).observe(aRequest({ service, logs }));
}
async function failure(metricData: Behaviour["metricData"]): Promise<unknown> {
  return observe(metricData).catch((thrown: unknown) => thrown);
}
const textOf = (finding: Finding | undefined): string => (finding === undefined ? "" : readForMatching(finding.summary));

function result({ from, to, period }: MetricQuery, valueAt: (seconds: number) => number, more: object = {}): object {
  const times = repeat(Math.ceil((to - from) / period), (index) => from + index * period);
  return { Id: "q", Label: "5xx", Timestamps: times, Values: times.map(valueAt), StatusCode: "Complete", ...more };
}
const always =
  (valueAt: (seconds: number) => number, more: object = {}, top: object = {}) =>
  (query: MetricQuery): object => ({ MetricDataResults: [result(query, valueAt, more)], Messages: [], ...top });
const rising =
  (earlier: (day: number) => number) =>
  (at: number): number => {
    const day = Math.round((onset - at) / DAY_S);
    return day > 0 ? earlier(day) : at < onset - 60 ? 3 : 90;
  };

describe("metrics in CloudWatch", () => {
  it("are asked by the reviewed query in whole minutes, and say what rose", async () => {
    const [finding, ...others] = await observe(always(rising(() => 3)));
    expect(others).toEqual([]);
    expect(server?.metricQueries[0]).toEqual({
      expression: QUERY,
      period: 60,
      from: fromOnset(-1_800).getTime() / 1_000,
      to: NOW.getTime() / 1_000,
      token: null,
    });
    expect(finding).toMatchObject({
      source: "cloudwatch",
      subject: "checkout",
      query: "errors-5xx",
      detail: { kind: "metric", before: 3, now: 90, direction: "rose", onsetAt: fromOnset(-60) },
      link: null,
    });
    expect(textOf(finding)).toBe("errors-5xx rose from 3 to 90, first at 04:39:00 UTC");
  });

  it("are compared with the last minutes of this hour on the seven days before, with the same period", async () => {
    await observe(always(rising(() => 3)));
    const [, ...days] = server?.metricQueries ?? [];
    expect(days.map(({ from, to, period }) => ({ from, to, period }))).toEqual(
      repeat(7, (day) => {
        const to = NOW.getTime() / 1_000 - (day + 1) * DAY_S;
        return { from: to - 300, to, period: 60 };
      }),
    );
  });

  it.each([
    { name: "every day", earlier: (day: number) => 85 + day, direction: "steady" },
    { name: "on one day only", earlier: (day: number) => (day === 2 ? 95 : 3), direction: "rose" },
  ])("that look the same at this hour $name are $direction", async ({ earlier, direction }) => {
    expect(await observe(always(rising(earlier)))).toMatchObject([{ detail: { direction } }]);
  });

  it("are asked once where nothing changed, and are nothing where there is no series", async () => {
    expect(await observe(always(() => 3))).toMatchObject([{ detail: { direction: "steady" } }]);
    expect(server?.metricQueries).toHaveLength(1);
    await server?.close();
    expect(await observe(() => ({ MetricDataResults: [], Messages: [] }))).toEqual([]);
  });

  it("of several series show the one that changed most, also where their labels are the same", async () => {
    const [finding] = await observe((query) => ({
      MetricDataResults: [
        result(query, () => 3),
        result(
          query,
          rising(() => 3),
        ),
        result(query, () => 7),
      ],
    }));
    expect(textOf(finding)).toMatch(/rose from 3 to 90.*\(most changed of 3 series\)/);
  });

  it("are read page after page, a series going on under its label", async () => {
    const [finding] = await observe((query) => {
      const half = Math.floor((query.from + query.to) / 2 / 60) * 60;
      const page = query.token === null ? { ...query, to: half } : { ...query, from: half };
      const StatusCode = query.token === null ? "PartialData" : "Complete";
      return {
        MetricDataResults: [
          result(
            page,
            rising(() => 3),
            { StatusCode },
          ),
        ],
        ...(query.token === null ? { NextToken: "page-2" } : {}),
      };
    });
    expect(finding).toMatchObject({ detail: { before: 3, now: 90, direction: "rose" } });
    expect(server?.metricQueries.slice(0, 2).map(({ token }) => token)).toEqual([null, "page-2"]);
  });

  it.each([
    {
      name: "not all points came",
      data: always(() => 3, { StatusCode: "PartialData" }),
      says: /^CloudWatch in eu-central-1 answered in part: not all points came\.$/,
    },
    {
      name: "there were too many metrics",
      data: always(
        () => 3,
        {},
        { Messages: [{ Code: "MaxMetricsExceeded", Value: "The maximum number of allowed metrics is exceeded" }] },
      ),
      says: /answered in part: The maximum number of allowed metrics is exceeded\.$/,
    },
    {
      name: "the pages do not end",
      data: always(() => 3, {}, { NextToken: "more" }),
      says: /only the first 10 pages were read/,
    },
  ])("are told as partial when $name", async ({ data, says }) => {
    const error = await failure(data);
    expect(error).toBeInstanceOf(PartialAnswerError);
    expect(error).toMatchObject({ message: expect.stringMatching(says), findings: [{ query: "errors-5xx" }] });
  });

  it.each<{ name: string; data: Behaviour["metricData"]; says: RegExp; heals: boolean }>([
    {
      name: "an error inside",
      data: () => ({ MetricDataResults: [{ Id: "q", Label: "5xx", Timestamps: [], Values: [], StatusCode: "InternalError" }] }),
      says: /answered with nothing: an error inside CloudWatch\.$/,
      heals: true,
    },
    {
      name: "a missing permission",
      data: () => new AwsError("AccessDeniedException", "User: arn:aws:sts::123456789012:assumed-role/x is not authorized"),
      says: /^CloudWatch in eu-central-1 refused access: the role needs the permission cloudwatch:GetMetricData\.$/,
      heals: false,
    },
    {
      name: "credentials that ended",
      data: () => new AwsError("ExpiredTokenException", "The security token included in the request is expired"),
      says: /does not accept the credentials \(The security token .* is expired\): look at the step of this job that logs in/,
      heals: false,
    },
    {
      name: "too many requests",
      data: () => new AwsError("ThrottlingException", "Rate exceeded"),
      says: /asks for fewer requests \(Rate exceeded\)\.$/,
      heals: true,
    },
    {
      name: "a query that it refuses",
      data: () => new AwsError("ValidationError", "Error in expression 'q'"),
      says: /cannot run the query \(Error in expression 'q'\): check the query in the service catalogue\.$/,
      heals: false,
    },
    {
      name: "its own failure",
      data: () => new AwsError("InternalServiceFault", "oh no", 500),
      says: /answered 500 InternalServiceFault \(oh no\): look at its own health\.$/,
      heals: true,
    },
  ])("cannot be read after $name", async ({ data, says, heals }) => {
    expect(await failure(data)).toMatchObject({ message: expect.stringMatching(says), mayHeal: heals });
  });

  it("are not asked without credentials, and the next step is told", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "");
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere");
    vi.stubEnv("AWS_CONFIG_FILE", "/nowhere");
    expect(await failure(always(() => 3))).toMatchObject({
      message:
        "CloudWatch in eu-central-1 was not asked, there are no AWS credentials: log in to AWS in an earlier step of this job.",
      mayHeal: false,
    });
    expect(server?.seen).toEqual([]);
  });

  it("cannot be read where nobody listens", async () => {
    const source = createCloudwatchSource(optionsFor("http://127.0.0.1:9"));
    await expect(source.observe(aRequest({ service }))).rejects.toThrow(
      /^CloudWatch in eu-central-1 cannot be reached \(ECONNREFUSED\): check sources\.cloudwatch\.region and endpoint/,
    );
  });
});

describe("the period of points", () => {
  it.each([
    { hours: 0.5, seconds: 60 },
    { hours: 24, seconds: 60 },
    { hours: 24.1, seconds: 120 },
    { hours: 96, seconds: 240 },
  ])("for $hours hours is $seconds seconds", ({ hours, seconds }) => {
    expect(periodFor({ from: fromOnset(-hours * 3_600), to: ONSET })).toBe(seconds * 1_000);
  });
});

describe("the latest value of a signal in CloudWatch", () => {
  async function read(metricData: Behaviour["metricData"]): Promise<number | null> {
    server = await serveCloudwatch(metricData === undefined ? {} : { metricData });
    const readings = [cloudwatchReadings(optionsFor(server.url), () => new Date(NOW.getTime() + 25_000))];
    return createSignalReader({ readings, clock: { sleep: () => Promise.resolve() } }).read(service, "errors-5xx");
  }

  it("is that of the last whole minute of the last five", async () => {
    expect(await read(always((at) => at - NOW.getTime() / 1_000))).toBe(-60);
    expect(server?.metricQueries).toMatchObject([{ from: NOW.getTime() / 1_000 - 300, to: NOW.getTime() / 1_000, period: 60 }]);
  });

  it.each<{ name: string; data: Behaviour["metricData"]; value: number | null }>([
    { name: "zero", data: always(() => 0), value: 0 },
    { name: "no series", data: () => ({ MetricDataResults: [] }), value: null },
    { name: "no points: a gap, not zero", data: always(() => 0, { Timestamps: [], Values: [] }), value: null },
    { name: "several series", data: (q) => ({ MetricDataResults: [result(q, () => 1), result(q, () => 2)] }), value: null },
    { name: "an answer in part", data: always(() => 5, { StatusCode: "PartialData" }), value: null },
    { name: "a refusal", data: () => new AwsError("AccessDenied", "no"), value: null },
  ])("of $name is $value", async ({ data, value }) => {
    expect(await read(data)).toBe(value);
  });
});
