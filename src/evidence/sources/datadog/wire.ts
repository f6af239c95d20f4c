/** What Datadog's API answers. Lenient about extra fields. */
import { z } from "zod";

/**
 * `GET /api/v1/query`. Points are [ms, value]; a point is dated at the begin of its interval, and null is a gap.
 * @see https://docs.datadoghq.com/api/latest/metrics/#query-timeseries-points
 */
export const QueryAnswer = z.object({
  status: z.string().default("ok"),
  error: z.string().nullish(), // of a query that failed with status 200
  series: z
    .array(
      z.object({
        metric: z.string().nullish(),
        expression: z.string().nullish(),
        scope: z.string().nullish(),
        interval: z.number().nonnegative().nullish(), // s
        pointlist: z.array(z.tuple([z.number(), z.number().nullable()])),
      }),
    )
    .default([]),
});

/**
 * `POST /api/v2/logs/events/search`: one page, and the cursor of the next one while there is one.
 * @see https://docs.datadoghq.com/api/latest/logs/#search-logs-post
 */
export const LogsAnswer = z.object({
  data: z
    .array(
      z.object({
        attributes: z.object({
          timestamp: z.iso.datetime({ offset: true }).optional(),
          message: z.string().optional(),
        }),
      }),
    )
    .nullish(),
  meta: z
    .object({
      page: z.object({ after: z.string().min(1).nullish() }).nullish(),
      status: z.string().nullish(), // "done" or "timeout"
      warnings: z.array(z.object({ code: z.string().nullish(), title: z.string().nullish() })).nullish(),
    })
    .nullish(),
});
