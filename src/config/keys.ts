import { createPrivateKey, createPublicKey } from "node:crypto";

/** Base64 SPKI DER of an Ed25519 public key: a fixed prefix, then 32 bytes. */
export const ED25519_PUBLIC = /^MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=$/;

/** True for the one-line form that `keys.*.public` holds, and nothing else. */
export function isEd25519Public(text: string): boolean {
  if (!ED25519_PUBLIC.test(text)) return false;
  const der = Buffer.from(text, "base64");
  return (
    der.toString("base64") === text && keyTypeOf(() => createPublicKey({ key: der, format: "der", type: "spki" })) === "ed25519"
  );
}

/** True for the one-line form of a private key: base64 PKCS#8 DER of an Ed25519 key. */
export function isEd25519Private(text: string): boolean {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return false;
  const der = Buffer.from(text, "base64");
  return keyTypeOf(() => createPrivateKey({ key: der, format: "der", type: "pkcs8" })) === "ed25519";
}

function keyTypeOf(read: () => { readonly asymmetricKeyType?: string | undefined }): string | null {
  try {
    return read().asymmetricKeyType ?? null;
  } catch {
    return null; // not a key at all: the caller says so
  }
}
