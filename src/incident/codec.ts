/**
 * Facts as a hidden, signed block in a document. The block is one HTML comment:
 * `<!-- gatehouse:<document> v1 <header as base64 JSON> <signature> <facts as base64 of brotli of JSON> -->`
 * The signature covers header and payload bytes; the header binds them to repository, issue, revision and predecessor.
 */
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { z } from "zod";
import type { PublicKey } from "../config/config.js";
import { canonicalJson, sha256 } from "../plan/canonical.js";
import { isSignedBy, signBytes, type SigningKey } from "./signature.js";

/** A decompressed journal beyond this is refused: a small block must not become a large one. */
export const MAX_JOURNAL_BYTES = 2 * 1024 * 1024;

export const BlockHeader = z.strictObject({
  schema: z.literal(1),
  document: z.enum(["journal", "execution"]),
  key: z.string(),
  repository: z.int().positive(),
  issue: z.int().positive(),
  plan: z.string().nullable(), // digest, of an execution
  revision: z.int().positive(),
  previous: z.string(), // head of the revision before, "" for the first
});
export type BlockHeader = z.infer<typeof BlockHeader>;
export interface Block {
  readonly header: BlockHeader;
  readonly facts: unknown;
  /** SHA-256 over what was signed: the next revision's `previous`. */
  readonly head: string;
}
export type BlockReading =
  | { readonly kind: "none" }
  | { readonly kind: "broken"; readonly why: string }
  | { readonly kind: "ok"; readonly block: Block };

const BLOCK = /<!-- gatehouse:(journal|execution) v1 ([A-Za-z0-9+/=]+) ([A-Za-z0-9+/=]+) ([A-Za-z0-9+/=]+) -->/g;

export function writeBlock(
  header: Omit<BlockHeader, "key" | "schema">,
  facts: unknown,
  by: SigningKey,
): { readonly text: string; readonly head: string } {
  const full: BlockHeader = { schema: 1, key: by.id, ...header };
  const payload = brotliCompressSync(JSON.stringify(facts), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  const signed = signedBytes(full, payload);
  const parts = [Buffer.from(canonicalJson(full)).toString("base64"), signBytes(signed, by), payload.toString("base64")];
  return { text: `<!-- gatehouse:${header.document} v1 ${parts.join(" ")} -->`, head: sha256(signed) };
}

/** Reads the one block of a document; two blocks, or one that is not ours, are broken. Never throws on bad input. */
export function readBlock(body: string, document: BlockHeader["document"], keys: readonly PublicKey[]): BlockReading {
  const found = [...body.matchAll(BLOCK)].filter((match) => match[1] === document);
  const [first, ...others] = found;
  if (!first) return { kind: "none" };
  if (others.length > 0) return { kind: "broken", why: `there are ${found.length} ${document} blocks in one document` };
  return decodeBlock(first[2] ?? "", first[3] ?? "", first[4] ?? "", document, keys);
}

function decodeBlock(
  head64: string,
  signature: string,
  payload64: string,
  document: string,
  keys: readonly PublicKey[],
): BlockReading {
  const header = parseHeader(head64);
  if (!header || header.document !== document) return { kind: "broken", why: "the block's header cannot be read" };
  const key = keys.find((candidate) => candidate.id === header.key);
  if (!key) return { kind: "broken", why: `the key "${header.key}" that signed it is not in the config` };
  const payload = Buffer.from(payload64, "base64");
  const signed = signedBytes(header, payload);
  if (!isSignedBy(signed, signature, key))
    return { kind: "broken", why: "its signature does not fit: it was changed by someone else" };
  const facts = unpack(payload);
  if (facts === undefined) return { kind: "broken", why: "its content cannot be unpacked" };
  return { kind: "ok", block: { header, facts, head: sha256(signed) } };
}

function parseHeader(base64: string): BlockHeader | null {
  return BlockHeader.safeParse(parseJson(Buffer.from(base64, "base64").toString("utf8"))).data ?? null;
}

function unpack(payload: Buffer): unknown {
  try {
    return parseJson(brotliDecompressSync(payload, { maxOutputLength: MAX_JOURNAL_BYTES }).toString("utf8"));
  } catch {
    return undefined; // corrupt, or larger than allowed: the caller says so
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // not JSON: the caller says so
  }
}

function signedBytes(header: BlockHeader, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`gatehouse\0${canonicalJson(header)}\0`), payload]);
}
