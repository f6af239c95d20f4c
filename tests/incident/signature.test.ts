import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { generateKeys, isSignedBy, openSigningKey, signBytes, SigningKeyError } from "../../src/incident/signature.js";

const pair = generateKeys();
const other = generateKeys();
const known = { id: "m1", public: pair.public };

function rsaKey(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  return privateKey.export({ format: "der", type: "pkcs8" }).toString("base64");
}

describe("openSigningKey", () => {
  it("finds the public half among the configured ones", () => {
    const decoy = { id: "m0", public: other.public };
    expect(openSigningKey(pair.private, [decoy, known], "mind").id).toBe("m1");
    expect(openSigningKey(` ${pair.private}\n`, [known], "mind").id).toBe("m1");
  });

  it.each([
    { name: "text that is no key", key: "not a key", says: "signing-key of the hands cannot be read" },
    { name: "nothing", key: "", says: "cannot be read" },
    { name: "a public key", key: pair.public, says: "cannot be read" },
    { name: "a key of another kind", key: rsaKey(), says: "is a rsa key; Ed25519 is needed" },
    { name: "a key the config does not know", key: other.private, says: `Add {id: …, public: "${other.public}"}` },
  ])("refuses $name and says what would be right", ({ key, says }) => {
    expect(() => openSigningKey(key, [known], "hands")).toThrow(SigningKeyError);
    expect(() => openSigningKey(key, [known], "hands")).toThrow(says);
  });

  it("never puts the private key into an error", () => {
    expect(() => openSigningKey(other.private, [known], "mind")).not.toThrow(other.private);
  });
});

describe("a signature", () => {
  const bytes = Buffer.from("what was decided");
  const signature = signBytes(bytes, openSigningKey(pair.private, [known], "mind"));

  it("fits its bytes and its key", () => {
    expect(isSignedBy(bytes, signature, known)).toBe(true);
  });

  it.each([
    { name: "other bytes", bytes: Buffer.from("what was decided!"), signature, key: known },
    { name: "another key", bytes, signature, key: { id: "m1", public: other.public } },
    { name: "no signature at all", bytes, signature: "", key: known },
    { name: "a signature cut short", bytes, signature: signature.slice(0, 40), key: known },
  ])("does not fit $name", (claim) => {
    expect(isSignedBy(claim.bytes, claim.signature, claim.key)).toBe(false);
  });
});
