/** Why no answer came at all, in words that say what to look at. Pure. */

/** Of Node's TLS, by code. @see https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE_PROBLEMS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "it is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "its chain ends in a root that is not trusted here",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "who signed it is not trusted here",
  UNABLE_TO_GET_ISSUER_CERT: "who signed it is not trusted here",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "who signed it is not trusted here",
  CERT_SIGNATURE_FAILURE: "its signature is not that of the trusted root",
  CERT_UNTRUSTED: "it is not trusted here",
  CERT_HAS_EXPIRED: "it has expired",
  CERT_NOT_YET_VALID: "it is not valid yet",
  ERR_TLS_CERT_ALTNAME_INVALID: "it is for another name",
};
const CLIENT_CERTIFICATE = /CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE/;
const NO_TLS = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/;

export interface ConnectionFailure {
  readonly says: string; // "cannot be reached (ECONNREFUSED): check …"; the subject comes before it
  readonly mayHeal: boolean;
}

export interface Place {
  readonly url: string; // where its address is written: "sources.loki.url"
  readonly tls: string | null; // where its certificates are: "sources.loki.tls"; null: it has none of its own
}

export function describeConnectionFailure(error: unknown, place: Place): ConnectionFailure {
  const code = codeOf(error);
  const certificate = describeCertificate(code, place);
  if (certificate !== null) return { says: certificate, mayHeal: false };
  if (CLIENT_CERTIFICATE.test(code)) {
    const next = place.tls === null ? "it may want a client certificate" : `check ${place.tls}.cert-env and key-env`;
    return { says: `refused the connection for its certificate (${code}): ${next}`, mayHeal: false };
  }
  if (NO_TLS.test(code))
    return { says: `does not speak TLS (${code}): check whether ${place.url} begins with http or https`, mayHeal: false };
  return { says: `cannot be reached (${code}): check ${place.url} and the runner's network`, mayHeal: true };
}

function describeCertificate(code: string, { url, tls }: Place): string | null {
  const problem = CERTIFICATE_PROBLEMS[code];
  if (problem === undefined) return null;
  const next: Readonly<Record<string, string>> = {
    ERR_TLS_CERT_ALTNAME_INVALID: `check ${url}${tls === null ? "" : `, or set ${tls}.server-name`}`,
    CERT_HAS_EXPIRED: "renew it",
    CERT_NOT_YET_VALID: "look at the runner's clock and at its own",
  };
  const root = tls === null ? "let the runner trust its root, by NODE_EXTRA_CA_CERTS" : `put its root into ${tls}.ca-file`;
  return `shows a certificate that cannot be trusted, ${problem}: ${next[code] ?? root}`;
}

/** `fetch failed` says nothing itself: what happened is its cause. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") return cause.code;
  return cause instanceof Error ? cause.name : "unknown failure";
}
