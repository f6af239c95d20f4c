import { notSet } from "../../credentials.js";
import { endpointOf, type Endpoint, type HttpOptions } from "../../ask.js";

/**
 * Plain HTTP as for the other sources: two questions do not need the official client, which would add megabytes to the bundle.
 * @see https://docs.datadoghq.com/api/latest/authentication/
 */
export interface DatadogOptions extends Pick<HttpOptions, "url" | "timeoutMs" | "fetch"> {
  readonly apiKey: string | null;
  readonly applicationKey: string | null;
  /** The variables' names, for messages. */
  readonly apiKeyEnv: string;
  readonly applicationKeyEnv: string;
}

export function datadogEndpoint(options: DatadogOptions): Endpoint {
  const { apiKey, applicationKey, apiKeyEnv, applicationKeyEnv, ...reached } = options;
  const headers = {
    ...(apiKey === null ? {} : { "dd-api-key": apiKey }),
    ...(applicationKey === null ? {} : { "dd-application-key": applicationKey }),
  };
  const unset = [apiKey === null ? [apiKeyEnv] : [], applicationKey === null ? [applicationKeyEnv] : []].flat();
  const keys = `the keys in ${apiKeyEnv} and ${applicationKeyEnv}, and the application key's scopes timeseries_query and logs_read_data`;
  const named = unset.length === 0 ? keys : unset.map(notSet).join(", and ");
  const endpoint = endpointOf("datadog", { ...reached, credentials: { headers: () => Promise.resolve(headers), named } });
  return { ...endpoint, advice: { ...endpoint.advice, url: "sources.datadog.site (or url)" } };
}
