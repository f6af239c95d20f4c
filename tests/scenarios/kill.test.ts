import { describe, expect, it } from "vitest";
import { createStage } from "./driver.js";
import { playToRest, withoutAlarms } from "./rest.js";

describe("killed anywhere", () => {
  it("ends the same", { timeout: 300_000 }, async () => {
    const reference = createStage();
    const end = withoutAlarms(await playToRest(reference));
    const calls = reference.github.calls.length;
    const t = performance.now();
    const c = process.cpuUsage();
    const odd: string[] = [];
    for (let n = 1; n <= calls; n += 1)
      for (const when of ["before", "after"] as const) {
        const stage = createStage();
        stage.github.dieAt(n, when);
        let got: unknown;
        try {
          got = withoutAlarms(await playToRest(stage));
        } catch (e) {
          got = String(e);
        }
        const call = reference.github.calls[n - 1];
        const issues = [...stage.github.state.issues.values()].filter((i) => i.labels.includes("incident")).length;
        if (JSON.stringify(got) !== JSON.stringify(end) || issues !== 1)
          odd.push(`${n} ${when} ${call?.port}.${call?.method} ${issues} ${JSON.stringify(got)}\n`);
      }
    const u = process.cpuUsage(c);
    console.log(JSON.stringify(end), calls, "wall", performance.now() - t, "cpu", (u.user + u.system) / 1000);
    console.log(odd.join("\n"));
    expect(odd).toEqual([]);
  });
});
