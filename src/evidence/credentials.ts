/** Who asks: the headers that a source wants to see before it answers. */
import type { HttpAuth } from "../config/config.js";

export interface Credentials {
  /** Asked for before each request, so that a token that ends can be renewed. @throws {SourceUnavailableError} */
  headers(): Promise<Readonly<Record<string, string>>>;
  /** What to check when they are refused: "the token in PROMETHEUS_TOKEN". Never the token. */
  readonly named: string;
}

export interface TokenOptions {
  readonly source: string;
  readonly token: string | null; // `user:password` for basic
  readonly tokenEnv: string | null;
  readonly auth: HttpAuth;
}

/** One token that stays as it is; without one no header is sent. */
export function tokenCredentials({ source, token, tokenEnv, auth }: TokenOptions): Credentials {
  const headers = token === null ? {} : headerOf(token, auth);
  return { headers: () => Promise.resolve(headers), named: whatToCheck({ source, token, tokenEnv }) };
}

function whatToCheck({ source, token, tokenEnv }: Omit<TokenOptions, "auth">): string {
  if (tokenEnv === null) return `sources.${source}.token-env, which names no variable yet`;
  return token === null ? notSet(tokenEnv) : `the token in ${tokenEnv}`;
}

/** Of a variable that the job does not have. */
export function notSet(variable: string): string {
  return `${variable}, which is not set in this job: map it from a secret in the workflow`;
}

function headerOf(token: string, auth: HttpAuth): Readonly<Record<string, string>> {
  switch (auth.kind) {
    case "bearer":
      return { authorization: `Bearer ${token}` };
    case "basic":
      return { authorization: `Basic ${Buffer.from(token, "utf8").toString("base64")}` };
    case "api-key":
      return { authorization: `ApiKey ${token}` };
    case "header":
      return { [auth.name.toLowerCase()]: token };
  }
}
