/** How a source is reached, from what the config says and what the runner gives: tokens, certificates, deadlines. */
import { resolve } from "node:path";
import type { HttpSource, TlsSettings } from "../config/config.js";
import { readIdTokenRequest, readSecret } from "../config/environment.js";
import type { HttpOptions } from "../evidence/ask.js";
import { oidcCredentials } from "../evidence/oidc.js";
import { createTlsFetch } from "../evidence/sources/tls-fetch.js";
import type { Clock } from "../ports.js";
import type { App } from "./app.js";

export interface Runner extends Pick<App, "variables"> {
  readonly environment: Pick<App["environment"], "workspace">;
  readonly github: { readonly clock: Pick<Clock, "now"> };
  readonly log: Pick<App["log"], "mask">;
}

/** @param source - its key under `sources` */
export function reach(source: string, settings: HttpSource, runner: Runner): HttpOptions {
  const { url, auth, tokenEnv, tls, timeoutMs } = settings;
  const { variables, github, log } = runner;
  const common = { url, timeoutMs, ...reachSafely(source, tls, runner) };
  if (auth.kind !== "oidc") return { ...common, token: readSecret(variables, tokenEnv), tokenEnv, auth };
  const credentials = oidcCredentials({
    source,
    auth,
    idToken: readIdTokenRequest(variables),
    now: () => github.clock.now().getTime(),
    mask: (secret) => log.mask(secret),
  });
  return { ...common, credentials };
}

/** Nothing where the runner's own roots do. */
export function reachSafely(
  source: string,
  tls: TlsSettings | null,
  { variables, environment }: Pick<Runner, "variables" | "environment">,
): Pick<HttpOptions, "fetch"> {
  if (tls === null) return {};
  const { caFile, serverName, client } = tls;
  const fetch = createTlsFetch({
    place: `sources.${source}.tls`,
    caFile: caFile === null ? null : resolve(environment.workspace, caFile),
    serverName,
    client: client && { cert: readSecret(variables, client.certEnv), key: readSecret(variables, client.keyEnv) },
  });
  return { fetch };
}
