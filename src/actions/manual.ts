import { z } from "zod";
import type { Action } from "./action.js";

const Task = z.strictObject({ task: z.string().min(3).max(300) });

/** `manual`: a task for people. It moves nothing by itself; the plan says what to do and how we will know. */
export const manual: Action = {
  name: "manual",
  version: 1,
  effect: "absolute",
  limitMs: 60_000,
  onUnchanged: "keep",
  byPeople: true,
  parseTarget(raw) {
    const parsed = z.strictObject({}).safeParse(raw);
    return parsed.success ? { ok: true, address: {} } : { ok: false, problems: ["a manual target has no settings of its own"] };
  },
  observe() {
    return Promise.resolve(null);
  },
  aim(params) {
    const parsed = Task.safeParse(params);
    if (!parsed.success) return { refused: "it needs task=<3 to 300 characters>" };
    return {
      before: null,
      after: parsed.data.task,
      resolved: {},
      risk: "low",
      undo: "none",
      says: parsed.data.task,
      undoSays: null,
    };
  },
  apply() {
    return Promise.resolve({
      outcome: "failed",
      detail: "A manual step is carried out by people, never by the hands.",
      url: null,
    });
  },
  holds() {
    return true;
  },
};
