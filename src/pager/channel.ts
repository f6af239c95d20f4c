import type { PageMessage } from "../ports.js";

/** One way to reach people. */
export interface PagerChannel {
  readonly name: string; // as reports name it: "github", "webhook:PAGER_URL"
  /** @throws when it could not be delivered; the message may name a variable, never its value. */
  deliver(message: PageMessage): Promise<void>;
}
