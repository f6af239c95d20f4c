import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { withDeadline } from "../../../src/evidence/deadline.js";
import { createCloudwatchSource } from "../../../src/evidence/sources/cloudwatch/source.js";
import { PartialAnswerError } from "../../../src/evidence/unavailable.js";
import { readForMatching } from "../../../src/outside/match.js";
import type { Finding } from "../../../src/ports.js";
import { aRequest, aService, fromOnset, NOW, repeat } from "../support/world.js";
import { AwsError, serveCloudwatch, type Behaviour, type LogsQuery, type StandIn } from "./stand-in.js";

let server: StandIn | null = null;
beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "not-a-real-secret");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
  server = null;
});

const signal = {
  name: "lines",
  source: "cloudwatch-logs",
  query: "@message like /ERROR|FATAL/",
  unit: null,
  logGroups: ["/ecs/checkout", "/ecs/checkout-worker"],
};
const service = aService({ signals: new Map([["lines", signal]]) });

async function observe(behaviour: Behaviour, limit = 1_000, timeoutMs = 5_000): Promise<readonly Finding[]> {
  server = await serveCloudwatch(behaviour);
  const { url } = server;
  const source = createCloudwatchSource({
    region: "eu-central-1",
    endpoint: null,
    logsEndpoint: url,
    timeoutMs,
    pollMs: 5,
    limit,
  });
  return withDeadline(timeoutMs, "cloudwatch", (abort) => source.observe(aRequest({ service, signal: abort })));
}
const textOf = (finding: Finding | undefined): string => (finding === undefined ? "" : readForMatching(finding.summary));

type Line = readonly [Date, string];
/** Rows as Logs Insights writes them, newest first, those of the asked seconds alone. */
function rows(lines: readonly Line[], { from, to, limit }: LogsQuery): object[] {
  return lines
    .filter(([at]) => Math.floor(at.getTime() / 1_000) >= from && Math.floor(at.getTime() / 1_000) <= to)
    .toSorted(([a], [b]) => b.getTime() - a.getTime())
    .slice(0, limit)
    .map(([at, message], index) => [
      { field: "@timestamp", value: at.toISOString().replace("T", " ").replace("Z", "") },
      { field: "@message", value: message },
      { field: "@ptr", value: `CmAKJgoiMTIz${index}` },
    ]);
}
const complete =
  (lines: readonly Line[]) =>
  (query: LogsQuery): object => ({ queryLanguage: "CWLI", results: rows(lines, query), status: "Complete", statistics: {} });
const boom = (count: number): Line[] =>
  repeat(count, (index) => [fromOnset(2 + index / 50), `ERROR no free connection (waiting=${index})`]);

describe("logs in CloudWatch", () => {
  it("are asked by the reviewed filter in its log groups, before and since the onset", async () => {
    const [finding, ...others] = await observe({ queryResults: complete(boom(30)) });
    expect(others).toEqual([]);
    const same = {
      groups: ["/ecs/checkout", "/ecs/checkout-worker"],
      query: "fields @timestamp, @message | filter @message like /ERROR|FATAL/ | sort @timestamp desc | limit 1000",
      limit: 1_000,
    };
    const s = (at: Date): number => at.getTime() / 1_000;
    expect(server?.logsQueries).toEqual(
      expect.arrayContaining([
        { ...same, from: s(fromOnset(-1_800)), to: s(fromOnset(-300)) - 1 },
        { ...same, from: s(fromOnset(-300)), to: s(NOW) - 1 },
      ]),
    );
    expect(finding).toMatchObject({
      source: "cloudwatch",
      query: "lines",
      detail: { kind: "log", count: 30, newSinceOnset: true, firstAt: fromOnset(2) },
    });
    expect(textOf(finding)).toBe("new since the onset, 30× from 04:40:02 UTC: ERROR no free connection (waiting=0)");
    expect(server?.stopped).toEqual([]);
  });

  it("are asked for until the query has ended", async () => {
    const done = complete(boom(30));
    const states = ["Scheduled", "Running", "Running"];
    const findings = await observe({
      queryResults: (query, asked) => {
        const status = states[asked - 1];
        return status === undefined ? done(query) : { results: rows(boom(30), query).slice(0, asked), status };
      },
    });
    expect(findings).toMatchObject([{ detail: { count: 30 } }]);
  });

  it("are read page after page, and say when there were more", async () => {
    const [finding] = await observe(
      {
        queryResults: (query, _asked, token) => {
          const all = rows(boom(100), query);
          const start = Number(token ?? 0);
          const more = start + 25 < all.length ? { nextToken: `${start + 25}` } : {};
          return { results: all.slice(start, start + 25), status: "Complete", ...more };
        },
      },
      60,
    );
    expect(textOf(finding)).toMatch(/at least 60×, seen back to/);
  });

  it("that were found when time is up are kept, the rest is said, and the queries are stopped", async () => {
    const observing = observe({ queryResults: (query) => ({ results: rows(boom(7), query), status: "Running" }) }, 1_000, 300);
    const error: unknown = await observing.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PartialAnswerError);
    expect(error).toMatchObject({ findings: [{ detail: { count: 7 } }] });
    expect(server?.stopped.toSorted()).toEqual(["query-0", "query-1"]);
  });

  it("that are not found in time are said to be missing, and the queries are stopped", async () => {
    await expect(observe({ queryResults: () => ({ results: [], status: "Running" }) }, 1_000, 200)).rejects.toThrow(
      /^CloudWatch in eu-central-1 did not end its query of logs in time\.$/,
    );
    expect(server?.stopped.toSorted()).toEqual(["query-0", "query-1"]);
  });

  it("stop their queries when the results cannot be read", async () => {
    const denied = new AwsError("AccessDeniedException", "no");
    await expect(observe({ queryResults: () => denied })).rejects.toThrow(/needs the permission logs:GetQueryResults\.$/);
    expect(server?.stopped).toHaveLength(2);
  });

  it("are told as partial when the query failed", async () => {
    const error: unknown = await observe({
      queryResults: (query) => ({ results: rows(boom(3), query), status: "Timeout" }),
    }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PartialAnswerError);
    expect(error).toMatchObject({
      message: "CloudWatch in eu-central-1 answered in part: its query ended as Timeout.",
      findings: [{ detail: { count: 3 } }],
    });
  });

  it.each([
    { type: "AccessDeniedException", says: /the role needs the permission logs:StartQuery\.$/, heals: false },
    { type: "LimitExceededException", says: /asks for fewer requests/, heals: true },
    { type: "ResourceNotFoundException", says: /does not know what was asked for \(why\): check log-groups/, heals: false },
    { type: "MalformedQueryException", says: /cannot run the query \(why\): check the query/, heals: false },
  ])("cannot be asked for after $type", async ({ type, says, heals }) => {
    const error: unknown = await observe({ startQuery: () => new AwsError(type, "why") }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: expect.stringMatching(says), mayHeal: heals });
  });

  it("carry no secrets on", async () => {
    const line: Line = [fromOnset(1), "ERROR login: Authorization: Bearer abcdefghijklmnop1234567890"];
    expect(JSON.stringify(await observe({ queryResults: complete([line]) }))).not.toContain("abcdefghijklmnop1234567890");
  });
});
