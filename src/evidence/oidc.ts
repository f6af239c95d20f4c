/**
 * The job's own GitHub token as the credentials of a source: nothing is kept as a secret anywhere. Where the source wants a token
 * of its own, GitHub's is exchanged for one: client credentials (RFC 6749 §4.4) with a JWT as the client's proof (RFC 7523 §2.2).
 * @see https://docs.github.com/en/actions/reference/security/oidc
 */
import { z } from "zod";
import type { OidcAuth } from "../config/config.js";
import { askJson, endpointOf, who, type Endpoint } from "./ask.js";
import type { Credentials } from "./credentials.js";
import { parseAnswer } from "./parse-answer.js";
import { SourceUnavailableError } from "./unavailable.js";

export interface OidcOptions {
  readonly source: string; // its key under `sources`
  readonly auth: OidcAuth;
  /** Where the runner hands out the job's token; null: the job may not have one. */
  readonly idToken: { readonly url: string; readonly token: string } | null;
  readonly now: () => number; // ms
  /** Told every token before it is used, so that no log shows it. */
  readonly mask: (secret: string) => void;
}

/** What a header can hold. @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
const BearerToken = z.string().regex(/^[\x21-\x7e]{1,16000}$/);
const IdToken = z.object({ value: BearerToken });
/** @see https://www.rfc-editor.org/rfc/rfc6749#section-5.1 */
const TokenAnswer = z.object({
  access_token: BearerToken,
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.coerce.number().positive().optional(), // s
});
const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/** A token is renewed this long before it ends: it must outlive the request it is sent with. */
const MARGIN_MS = 30_000;
const TIMEOUT_MS = 10_000;

interface Token {
  readonly value: string;
  readonly endsAt: number; // ms
}

/** One token at a time, asked for when the first request needs it and kept until shortly before it ends. */
export function oidcCredentials(options: OidcOptions): Credentials {
  let kept: Promise<Token> | null = null;
  const renew = async (): Promise<Token> => {
    const token = await askToken(options);
    if (options.auth.exchange !== null) options.mask(token.value);
    return token;
  };
  const current = async (): Promise<string> => {
    const held = kept;
    const token = held === null ? null : await held.catch(() => null); // whoever asked then was told; this one asks anew
    if (token !== null && token.endsAt - MARGIN_MS > options.now()) return token.value;
    if (kept === held) kept = renew(); // questions of the same moment share one
    return (await (kept ?? renew())).value;
  };
  return {
    headers: async () => ({ authorization: `Bearer ${await current()}` }),
    named: `that it accepts this workflow's GitHub token for the audience ${options.auth.audience}`,
  };
}

async function askToken(options: OidcOptions): Promise<Token> {
  const idToken = await askIdToken(options);
  options.mask(idToken); // it is the client's proof in an exchange, which may repeat it
  const { exchange } = options.auth;
  return exchange === null ? { value: idToken, endsAt: endOf(idToken) } : exchangeToken(idToken, exchange, options);
}

async function askIdToken({ source, auth, idToken }: OidcOptions): Promise<string> {
  if (idToken === null)
    throw new SourceUnavailableError(
      `sources.${source} says auth: oidc, but this job may not have a GitHub token: add id-token: write to its permissions.`,
      false,
    );
  const endpoint: Endpoint = {
    ...endpointOf(source, { url: idToken.url, token: idToken.token }),
    source: "GitHub's token service",
    advice: { url: "ACTIONS_ID_TOKEN_REQUEST_URL", tls: null, refused: `check sources.${source}.audience` },
  };
  const question = { path: "", params: { audience: auth.audience }, signal: AbortSignal.timeout(TIMEOUT_MS) };
  return parseAnswer(IdToken, await askJson(endpoint, question), who(endpoint)).value;
}

async function exchangeToken(
  idToken: string,
  { url, clientId, scope }: NonNullable<OidcAuth["exchange"]>,
  { source, now }: OidcOptions,
): Promise<Token> {
  const place = `sources.${source}`;
  const endpoint: Endpoint = {
    ...endpointOf(source, { url }),
    source: `token endpoint of ${source}`,
    advice: { url: `${place}.token-url`, tls: null, refused: `check audience, client-id and scope of ${place}` },
  };
  const form = {
    grant_type: "client_credentials",
    client_assertion_type: JWT_BEARER,
    client_assertion: idToken,
    ...(clientId === null ? {} : { client_id: clientId }),
    ...(scope === null ? {} : { scope }),
  };
  const asked = now();
  const answer = await askJson(endpoint, { path: "", form, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const { access_token: value, expires_in: seconds = 0 } = parseAnswer(TokenAnswer, answer, who(endpoint));
  return { value, endsAt: asked + seconds * 1_000 };
}

/** When a JWT says that it ends, ms; 0 where it does not: then it is used once. */
function endOf(jwt: string): number {
  try {
    const payload: unknown = JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString("utf8"));
    return (z.object({ exp: z.number() }).safeParse(payload).data?.exp ?? 0) * 1_000;
  } catch {
    return 0;
  }
}
