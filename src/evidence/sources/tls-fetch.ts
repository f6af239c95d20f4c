/**
 * `fetch` with certificates of its own: a private root, a name that the address does not have, a client certificate.
 *
 * Node's own `fetch` takes no certificates, and an Agent of another undici than the one inside Node does not fit it: so both come
 * from the package, which is loaded with the first request.
 */
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { SourceUnavailableError } from "../unavailable.js";

export interface TlsOptions {
  readonly place: string; // where it stands in the config, for messages: "sources.loki.tls"
  readonly caFile: string | null; // absolute
  readonly serverName: string | null;
  readonly client: { readonly cert: string | null; readonly key: string | null } | null; // PEM; null: its variable is empty
}

/** Files are read with the first request. What is wrong with them is a `SourceUnavailableError` of that request. */
export function createTlsFetch(options: TlsOptions): typeof fetch {
  let opened: Promise<typeof fetch> | null = null;
  return async (input, init) => {
    opened ??= openFetch(options);
    return (await opened)(input, init);
  };
}

async function openFetch(options: TlsOptions): Promise<typeof fetch> {
  const certificates = await readCertificates(options);
  const undici = await import("undici");
  const { serverName: servername } = options;
  const named = servername === null ? {} : { servername };
  // Said, because a variable of the runner (NODE_TLS_REJECT_UNAUTHORIZED) would turn it off.
  const dispatcher = new undici.Agent({ connect: { ...certificates, ...named, rejectUnauthorized: true } });
  return (input, init) => undici.fetch(input, { ...init, dispatcher });
}

interface Certificates {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

async function readCertificates({ place, caFile, client }: TlsOptions): Promise<Certificates> {
  const ca = caFile === null ? {} : { ca: await readRoots(caFile, place) };
  if (client === null) return ca;
  const { cert, key } = client;
  if (cert === null || key === null)
    throw new SourceUnavailableError(
      `The variables of ${place}.cert-env and key-env are not both set: map them from secrets.`,
      false,
    );
  try {
    createSecureContext({ cert, key });
  } catch {
    throw new SourceUnavailableError(
      `The client certificate of ${place} cannot be used: check that both are PEM and belong together.`,
      false,
    );
  }
  return { ...ca, cert, key };
}

async function readRoots(path: string, place: string): Promise<string> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new SourceUnavailableError(
      `The file of ${place}.ca-file cannot be read: ${path}. Check the path; the workspace is empty until a step checks the repository out.`,
      false,
    );
  });
  if (!text.includes("-----BEGIN CERTIFICATE-----"))
    throw new SourceUnavailableError(`The file of ${place}.ca-file holds no certificate as PEM: ${path}.`, false);
  return text;
}
