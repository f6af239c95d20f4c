import { z } from "zod";
import type { Author } from "../ports.js";

/** The account of deleted users, as GitHub shows it. */
const GHOST: Author = { login: "ghost", isBot: false };

export const AUTHOR = "author { kind: __typename login }";

/** GraphQL names bots without the "[bot]" that REST gives them. */
export const GraphQlAuthor = z
  .object({ kind: z.string(), login: z.string() })
  .nullable()
  .transform((actor): Author => {
    if (actor === null) return GHOST;
    const isBot = actor.kind === "Bot";
    return { login: isBot && !actor.login.endsWith("[bot]") ? `${actor.login}[bot]` : actor.login, isBot };
  });

export const RestAuthor = z
  .object({ login: z.string(), type: z.string() })
  .nullable()
  .transform((user): Author => (user === null ? GHOST : { login: user.login, isBot: user.type === "Bot" }));
