import { randomBytes } from "node:crypto";
import type { LabJob, TokenPermissions } from "../model.js";
import { type Caller, HttpError } from "./site.js";
import { actionsBot, type UserRecord } from "./state.js";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

function randomToken(prefix: "ghp" | "ghs"): string {
  const letters = Array.from(randomBytes(36), (byte) => alphabet[byte % alphabet.length]);
  return `${prefix}_${letters.join("")}`;
}

/** All live tokens and whom they stand for. */
export interface Tokens {
  issueUser(user: UserRecord): string;
  issueJob(job: LabJob, permissions: TokenPermissions): string;
  revoke(token: string): void;
  /** @throws {HttpError} 401 when a token was given and is not live */
  authenticate(authorization: string | undefined): Caller;
}

export function createTokens(): Tokens {
  const callers = new Map<string, Caller>();
  const issue = (prefix: "ghp" | "ghs", caller: Caller): string => {
    const token = randomToken(prefix);
    callers.set(token, caller);
    return token;
  };
  return {
    issueUser: (user) => issue("ghp", { actor: user, role: user.role, job: null }),
    issueJob: (job, permissions) =>
      issue("ghs", { actor: actionsBot, role: null, job: { job, permissions: { ...permissions } } }),
    revoke: (token) => callers.delete(token),
    authenticate(authorization) {
      const token = readToken(authorization);
      if (token === null) return { actor: null, role: null, job: null };
      const caller = callers.get(token);
      if (!caller) throw new HttpError(401, "Bad credentials");
      return caller;
    },
  };
}

/** `token X`, `Bearer X`, or basic auth with the token as password, which is what git sends. */
function readToken(authorization: string | undefined): string | null {
  const [, scheme = "", value = ""] = /^(\S+)\s+(\S+)$/.exec(authorization ?? "") ?? [];
  if (scheme === "") return null;
  if (scheme.toLowerCase() !== "basic") return value;
  const decoded = Buffer.from(value, "base64").toString("utf8");
  return decoded.slice(decoded.indexOf(":") + 1);
}
