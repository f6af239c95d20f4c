import { z } from "zod";
import type { OpenEvent } from "../intake/open.js";
import { ConfigurationError, type App } from "./app.js";

const IssueEvent = z.object({
  issue: z.object({
    number: z.int(),
    title: z.string(),
    body: z.string().nullable(),
    user: z.object({ login: z.string(), type: z.string() }),
  }),
});

/** What woke `open`: an alert by repository_dispatch, or a person's issue. */
export function readOpenEvent({ environment, event }: Pick<App, "environment" | "event">): OpenEvent {
  if (environment.eventName === "repository_dispatch") return { kind: "dispatch", clientPayload: event["client_payload"] ?? {} };
  const parsed = IssueEvent.safeParse(event);
  if (environment.eventName === "issues" && parsed.success) {
    const { number, title, body, user } = parsed.data.issue;
    return {
      kind: "issue",
      issue: { number, title, body: body ?? "", author: { login: user.login, isBot: user.type === "Bot" } },
    };
  }
  throw new ConfigurationError(`The command open answers repository_dispatch and issues events, not ${environment.eventName}.`);
}
