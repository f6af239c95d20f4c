import { describe, expect, it } from "vitest";
import { createStage } from "./driver.js";

describe("a bad release, approved and fixed", () => {
  it("ends closed", async () => {
    const stage = createStage();
    await stage.alert();
    await stage.say("alice", "/approve");
    console.log(stage.transcript());
    console.log(stage.github.calls.length);
    console.log(stage.end());
    const t = performance.now();
    for (let i = 0; i < 10; i++) { const s = createStage(); await s.alert(); await s.say("alice", "/approve"); }
    console.log("ms per play", (performance.now() - t) / 10);
  });
});
