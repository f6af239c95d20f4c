import { expect, it } from "vitest";
import { ALARM_LABEL } from "../../src/jobs/alarm.js";
import { createStage } from "./driver.js";

it("issues of the same bot that were never incidents are left alone, whatever is done to them", async () => {
  const stage = createStage();
  await stage.alert();
  await stage.say("alice", "/approve");
  const { issues } = stage.github.ports;
  const report = await issues.create({ title: "Broken links found", body: "Three pages lead nowhere.", labels: ["report"] });
  const alarm = await issues.create({ title: "Gatehouse broke", body: "The job open broke.", labels: [ALARM_LABEL] });
  const before = [report, alarm].map(({ number }) => stage.github.issue(number));
  const pages = stage.pages.length;
  stage.told();
  stage.pass(60);
  await stage.sweep();
  await stage.wake(report.number);
  await stage.say("alice", "/approve", alarm.number);
  expect([report, alarm].map(({ number }) => stage.github.issue(number))).toEqual(before);
  await stage.change("alice", { labels: ["report", "wontfix"] }, report.number);
  await stage.change("alice", { state: "closed" }, alarm.number);
  await stage.sweep();
  expect(stage.told()).toMatchInlineSnapshot(`
    "… 60 min …
    sweep: Nothing is due.
      + issue #2
      + issue #3
    respond #2: Issue #2 is no incident.
    alice: /approve
    respond #3: Issue #3 is no incident.
    alice changes labels
    respond #2: Issue #2 is no incident.
    alice changes state
    respond #3: Issue #3 is no incident.
    sweep: Nothing is due."
  `);
  expect([report, alarm].flatMap(({ number }) => stage.github.comments(number)).filter(({ author }) => author.isBot)).toEqual([]);
  expect(stage.pages).toHaveLength(pages);
});
