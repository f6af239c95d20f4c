import { expect, it } from "vitest";
import { LabSession } from "./lab-session.js";
import { setTimeout as sleep } from "node:timers/promises";
it.each([0, 500, 1000, 2000, 3000, 5000, 8000])(
  "x %i",
  async (ms) => {
    const session = await LabSession.start();
    await session.breakShop();
    await sleep(ms);
    await session.notify(session.firing());
    await session.eventually("x", async () =>
      (await session.issues()).some((i) => i.labels.includes("severity:P1") || i.labels.includes("severity:P0")),
    );
    await session.rest();
    const { body, labels } = await session.issue();
    console.log(
      ms,
      labels,
      body
        .split("\n")
        .filter((l) => /cause,|Cause,|requests failed|E\d+\*\* /.test(l))
        .map((l) => l.slice(0, 220))
        .join("\n"),
    );
    await session.close();
    expect(1).toBe(1);
  },
  200_000,
);
