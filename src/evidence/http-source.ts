import type { Finding, SourceRequest } from "../ports.js";
import { who, type Endpoint, type HttpOptions } from "./ask.js";
import { describeSkew } from "./clock-skew.js";
import { DEFAULT_TIMEOUT_MS, type TimedSource } from "./timed-source.js";
import { PartialAnswerError } from "./unavailable.js";

/** A source behind one endpoint: what it observes, and what is to be said about the endpoint itself. */
export function httpSource(
  endpoint: Endpoint,
  { timeoutMs = DEFAULT_TIMEOUT_MS }: Pick<HttpOptions, "timeoutMs">,
  observe: (request: SourceRequest) => Promise<readonly Finding[]>,
): TimedSource {
  const { source } = endpoint;
  const skew = (request: SourceRequest): readonly Finding[] =>
    describeSkew(endpoint.clock.skewMs(), who(endpoint), source, request);
  return {
    name: source,
    timeoutMs,
    observe: async (request) => {
      try {
        return [...(await observe(request)), ...skew(request)];
      } catch (error) {
        if (!(error instanceof PartialAnswerError)) throw error;
        throw new PartialAnswerError(error.message, [...error.findings, ...skew(request)], error.mayHeal);
      }
    },
  };
}
