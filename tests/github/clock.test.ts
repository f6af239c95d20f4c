import { expect, it } from "vitest";
import { createGitHubClock } from "../../src/github/clock.js";

function start(): { clock: ReturnType<typeof createGitHubClock>; pass: (ms: number) => void } {
  let ms = 5_000;
  return { clock: createGitHubClock(() => ms), pass: (by) => (ms += by) };
}

it("tells GitHub's time and what has passed since", () => {
  const { clock, pass } = start();
  clock.observe("Mon, 02 Mar 2026 03:00:00 GMT");
  pass(1_250);
  expect(clock.now().toISOString()).toBe("2026-03-02T03:00:01.250Z");
});

it("never runs backwards when an answer was slow", () => {
  const { clock, pass } = start();
  clock.observe("Mon, 02 Mar 2026 03:00:05 GMT");
  pass(2_900);
  clock.observe("Mon, 02 Mar 2026 03:00:06 GMT");
  expect(clock.now().toISOString()).toBe("2026-03-02T03:00:07.900Z");
});

it("jumps forward when GitHub's time has", () => {
  const { clock, pass } = start();
  clock.observe("Mon, 02 Mar 2026 03:00:00 GMT");
  pass(10);
  clock.observe("Mon, 02 Mar 2026 03:15:00 GMT");
  expect(clock.now().toISOString()).toBe("2026-03-02T03:15:00.000Z");
});

it.each([null, "", "yesterday"])("ignores a header that is no date: %j", (header) => {
  const { clock } = start();
  clock.observe("Mon, 02 Mar 2026 03:00:00 GMT");
  clock.observe(header);
  expect(clock.now().toISOString()).toBe("2026-03-02T03:00:00.000Z");
});
