import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from "node:crypto";
import type { PublicKey } from "../config/config.js";

/** An Ed25519 private key together with the id that its public half has in the config. */
export interface SigningKey {
  readonly id: string;
  readonly key: KeyObject;
}

export class SigningKeyError extends Error {
  override readonly name = "SigningKeyError";
}

/**
 * Finds which configured public key belongs to a private one.
 * @param privateKey - base64 PKCS#8 DER, one line
 * @throws {SigningKeyError} when it is no Ed25519 key, or its public half is not in the config
 */
export function openSigningKey(privateKey: string, configured: readonly PublicKey[], owner: "mind" | "hands"): SigningKey {
  const key = parsePrivateKey(privateKey, owner);
  const half = createPublicKey(key).export({ format: "der", type: "spki" }).toString("base64");
  const known = configured.find((candidate) => candidate.public === half);
  if (!known) {
    throw new SigningKeyError(
      `The input signing-key is a valid Ed25519 key, but its public half is not under keys.${owner} of the config. Add {id: …, public: "${half}"} there, or store the matching private key in the environment.`,
    );
  }
  return { id: known.id, key };
}

function parsePrivateKey(text: string, owner: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: Buffer.from(text.trim(), "base64"), format: "der", type: "pkcs8" });
  } catch (cause) {
    throw new SigningKeyError(
      `The input signing-key of the ${owner} cannot be read. It must be an Ed25519 private key as base64 PKCS#8 DER on one line (openssl genpkey -algorithm ed25519 -outform DER | base64 -w0).`,
      { cause },
    );
  }
  if (key.asymmetricKeyType !== "ed25519") {
    throw new SigningKeyError(
      `The input signing-key of the ${owner} is a ${key.asymmetricKeyType ?? "secret"} key; Ed25519 is needed.`,
    );
  }
  return key;
}

export function signBytes(bytes: Uint8Array, by: SigningKey): string {
  return sign(null, bytes, by.key).toString("base64");
}

export function isSignedBy(bytes: Uint8Array, signature: string, key: PublicKey): boolean {
  const publicKey = createPublicKey({ key: Buffer.from(key.public, "base64"), format: "der", type: "spki" });
  return verify(null, bytes, publicKey, Buffer.from(signature, "base64"));
}

/** A fresh pair in the forms that config and secrets use. */
export function generateKeys(): { readonly public: string; readonly private: string } {
  const pair = generateKeyPairSync("ed25519");
  return {
    public: pair.publicKey.export({ format: "der", type: "spki" }).toString("base64"),
    private: pair.privateKey.export({ format: "der", type: "pkcs8" }).toString("base64"),
  };
}
