import { generateKeyPairSync } from "node:crypto";

/** An Ed25519 pair in the forms Gatehouse takes: one line of base64 each. */
export interface SigningKeys {
  readonly publicKey: string; // SPKI, DER
  readonly privateKey: string; // PKCS#8, DER
}

export function createSigningKeys(): SigningKeys {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    publicKey: publicKey.export({ type: "spki", format: "der" }).toString("base64"),
    privateKey: privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"),
  };
}
